"""Axes of size 1 that come and go."""

from typing import Literal

from symcost.algebra.needs import Equal
from symcost.algebra.poly import constant
from symcost.ops.case import Case
from symcost.ops.dims import axes, axis
from symcost.ops.facts import Facts
from symcost.ops.fields import Whole
from symcost.ops.op import Axes, Op, Refused, shown
from symcost.ops.shard import Cuts, Shard


class Squeeze(Op):
    """Drop axes of size 1, as torch.squeeze.

    Shapes:      (..., 1, ...) -> (..., ...), a view; the axis, or the axes, are ``dim``. A size that is not 1 is
                 refused, where torch would keep the axis
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none; keeps nothing
    Source:      torch.squeeze
    """

    op: Literal["squeeze"] = "squeeze"
    takes = ("...",)

    dim: Whole | tuple[Whole, ...]

    def emit(self, a: Axes) -> Facts:
        shape = a.ins[0]
        places = axes(self.dim if isinstance(self.dim, tuple) else (self.dim,), shape, "dim")
        for place in places:
            if constant(shape[place]) not in (None, 1):
                raise Refused(f"axis {place} of {shown(shape)} is {shape[place]}; only a size of 1 can be dropped")
        needs = tuple(Equal(shape[place], 1) for place in places if shape[place] != 1)
        out = tuple(size for place, size in enumerate(shape) if place not in places)
        return Facts(outs=(out,), view=True, needs=needs)

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: its parts."""
        places = axes(self.dim if isinstance(self.dim, tuple) else (self.dim,), cuts.ins[0], "dim")
        return Shard((cuts.at - sum(place < cuts.at for place in places),)) if cuts.at is not None else None


class Unsqueeze(Op):
    """Insert an axis of size 1, as torch.unsqueeze.

    Shapes:      (..., ...) -> (..., 1, ...), a view; ``dim`` is the place of the new axis
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none; keeps nothing
    Source:      torch.unsqueeze
    """

    op: Literal["unsqueeze"] = "unsqueeze"
    takes = ("...",)

    dim: Whole

    def emit(self, a: Axes) -> Facts:
        shape = a.ins[0]
        place = axis(self.dim, shape, extra=1)
        return Facts(outs=((*shape[:place], 1, *shape[place:]),), view=True)

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: its parts."""
        place = axis(self.dim, cuts.ins[0], extra=1)
        return Shard((cuts.at + (place <= cuts.at),)) if cuts.at is not None else None


CASES = (
    Case({"dim": [2, 3]}, ("B C 1 1",), "B C", op="squeeze", source="after pooling to 1 x 1"),
    Case({"dim": -2}, ("2 3 1 5",), "2 3 5", op="squeeze"),
    Case({"dim": -1}, ("B T",), "B T 1", op="unsqueeze"),
    Case({"dim": 0}, ("H W",), "1 H W", op="unsqueeze", source="a batch of one"),
)  # fmt: skip
