"""Reading the axes in another order."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.dims import axes, axis
from symcost.ops.facts import Facts
from symcost.ops.fields import Whole
from symcost.ops.op import Axes, Op, Refused, shown
from symcost.ops.shard import Cuts, Shard


class Transpose(Op):
    """Exchange two axes, as torch.transpose.

    Shapes:      (..., H, ..., W, ...) -> (..., W, ..., H, ...), a view; the axes are ``dim0`` and ``dim1``
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none; keeps nothing
    Source:      torch.transpose
    """

    op: Literal["transpose"] = "transpose"
    takes = ("...",)

    dim0: Whole
    dim1: Whole

    def emit(self, a: Axes) -> Facts:
        out = list(a.ins[0])
        i, j = axis(self.dim0, a.ins[0], "dim0"), axis(self.dim1, a.ins[0], "dim1")
        out[i], out[j] = out[j], out[i]
        return Facts(outs=(tuple(out),), view=True)

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: its parts, along the axis where they come to be."""
        if cuts.at is None:
            return None
        i, j = axis(self.dim0, cuts.ins[0]), axis(self.dim1, cuts.ins[0])
        return Shard(({i: j, j: i}.get(cuts.at, cuts.at),))


class Permute(Op):
    """Put the axes into another order, as torch.permute.

    Shapes:      (...) -> the sizes in the order ``dims``, a view
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none; keeps nothing
    Source:      torch.permute
    """

    op: Literal["permute"] = "permute"
    takes = ("...",)

    dims: tuple[Whole, ...]

    def emit(self, a: Axes) -> Facts:
        shape = a.ins[0]
        if len(self.dims) != len(shape):
            raise Refused(f"dims has {len(self.dims)} axes, got {shown(shape)}; name all {len(shape)} axes")
        return Facts(outs=(tuple(shape[i] for i in axes(self.dims, shape)),), view=True)

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: its parts, along the axis where they come to be."""
        return Shard((axes(self.dims, cuts.ins[0]).index(cuts.at),)) if cuts.at is not None else None


CASES = (
    Case({"dim0": 1, "dim1": 2}, ("B 2 C H W",), "B C 2 H W", op="transpose", source="the middle of a channel shuffle"),
    Case({"dim0": -1, "dim1": -2}, ("2 3 5",), "2 5 3", op="transpose"),
    Case({"dims": [0, 2, 3, 1]}, ("B C H W",), "B H W C", op="permute",
         source="channels last: ConvNeXt, Liu et al. 2022"),
    Case({"dims": [-1, 0, 1]}, ("2 3 5",), "5 2 3", op="permute"),
)  # fmt: skip
