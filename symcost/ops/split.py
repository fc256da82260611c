"""Cutting a tensor into parts along an axis."""

from typing import Literal

from symcost.algebra.division import div
from symcost.algebra.needs import Divides, Equal, Need
from symcost.algebra.poly import Num, constant
from symcost.ops.case import Case
from symcost.ops.dims import axis, resized
from symcost.ops.facts import Facts
from symcost.ops.fields import Size, Whole
from symcost.ops.op import Axes, Op, Refused
from symcost.ops.shard import Cuts, Shard
from symcost.ops.window import fixed

MOST_PARTS = 10_000
"""Outputs of one op, each of which is a tensor of its own."""


class Split(Op):
    """Cut an axis into parts of given sizes, as torch.split.

    Shapes:      (..., C, ...) -> (..., C1, ...), (..., C2, ...), ..., views of the input; the axis is ``dim``, by
                 default 1, and the sizes add up to C
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none, the gradients are put beside each other; keeps nothing
    Source:      torch.split
    """

    op: Literal["split"] = "split"
    takes = ("...",)

    sizes: tuple[Size, ...]
    dim: Whole = 1

    def emit(self, a: Axes) -> Facts:
        shape = a.ins[0]
        place = axis(self.dim, shape)
        whole, total = shape[place], sum(self.sizes)
        if total != whole and constant(total - whole) is not None:
            raise Refused(f"sizes add up to {total}, axis {place} has {whole}; the parts must fill it")
        needs = () if total == whole else (Equal(total, whole),)
        return Facts(outs=tuple(resized(shape, place, size) for size in self.sizes), view=True, needs=needs)

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: its part of each part, where these are cut too."""
        if cuts.at != axis(self.dim, cuts.ins[0]):
            return Shard((cuts.at,) * len(cuts.outs)) if cuts.at is not None else None
        return Shard((cuts.at,) * len(cuts.outs), {"sizes": tuple(map(cuts.part, self.sizes))}, evenly=self.sizes)


class Chunk(Op):
    """Cut an axis into a number of parts, as torch.chunk.

    Shapes:      (..., C, ...) -> n parts (..., C/n, ...), views of the input; the axis is ``dim``, by default 1. A
                 number C that n does not divide gives parts of ceil(C/n), the last of what is left, and perhaps fewer;
                 a C with symbols must be a multiple of n
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none, the gradients are put beside each other; keeps nothing
    Source:      torch.chunk
    """

    op: Literal["chunk"] = "chunk"
    takes = ("...",)

    chunks: Size
    dim: Whole = 1

    def emit(self, a: Axes) -> Facts:
        shape = a.ins[0]
        place = axis(self.dim, shape)
        parts, needs = _parts(shape[place], fixed(self.chunks, "chunks"))
        return Facts(outs=tuple(resized(shape, place, part) for part in parts), view=True, needs=needs)

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: its part of each part."""
        return Shard((cuts.at,) * len(cuts.outs)) if cuts.at is not None else None


def _parts(size: Num, n: int) -> tuple[tuple[Num, ...], tuple[Need, ...]]:
    number = constant(size)
    if n > MOST_PARTS:
        raise Refused(f"chunks is {n:,}, the most are {MOST_PARTS:,}")
    if not isinstance(number, int):
        return (div(size, n),) * n, (Divides(n, size),)
    part = -(-number // n)
    return tuple(min(part, number - start) for start in range(0, number, part)), ()


CASES = (
    Case({"sizes": [16, 32, 16]}, ("B 64 H W",), "B 16 H W, B 32 H W, B 16 H W", op="split"),
    Case({"sizes": ["E", "2*E"], "dim": -1}, ("B T 3*E",), "B T E, B T 2*E", op="split", source="a query and the rest"),
    Case({"chunks": 2}, ("B 2*C H W",), "B C H W, B C H W", op="chunk",
         source="ShuffleNet V2: Ma et al. 2018, Figure 3"),
    Case({"chunks": 4, "dim": 0}, ("10 3",), "3 3, 3 3, 3 3, 1 3", op="chunk", source="the last part is smaller"),
    Case({"chunks": 4}, ("2 6",), "2 2, 2 2, 2 2", op="chunk", source="three parts of ceil(6/4) are enough"),
)  # fmt: skip
