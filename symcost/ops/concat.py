"""Joining tensors along an axis."""

from typing import Literal

from symcost.algebra.needs import Equal, Need
from symcost.algebra.poly import constant
from symcost.ops.case import Case
from symcost.ops.dims import axis, resized
from symcost.ops.facts import Facts, Shape
from symcost.ops.fields import Whole
from symcost.ops.op import Axes, Op, Refused, shown
from symcost.ops.shard import Cuts, Shard


class Concat(Op):
    """Put tensors one after the other along an axis, as torch.cat.

    Shapes:      (..., C1, ...), (..., C2, ...), ... -> (..., C1 + C2 + ..., ...), the axis is ``dim``, by default 1;
                 all other sizes are equal
    Weights:     none
    MACs:        none
    Elementwise: none; everything is copied
    Backward:    none, each input's gradient is a part of the output's; keeps nothing
    Source:      torch.cat
    """

    op: Literal["concat"] = "concat"
    takes = ("...",)
    many = True

    dim: Whole = 1

    def emit(self, a: Axes) -> Facts:
        if not a.ins:
            raise Refused("takes 1 or more inputs, got 0")
        first = a.ins[0]
        place = axis(self.dim, first)
        needs = [need for shape in a.ins[1:] for need in _alike(first, shape, place)]
        total = sum((shape[place] for shape in a.ins[1:]), first[place])
        return Facts(outs=(resized(first, place, total),), needs=tuple(needs))

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: its parts of all inputs, each of which is cut."""
        return Shard((cuts.at,)) if len(set(cuts.axes)) == 1 and cuts.at is not None else None


def _alike(first: Shape, shape: Shape, place: int) -> list[Need]:
    """Return the conditions that all axes but one have the same sizes."""
    if len(first) != len(shape):
        raise Refused(f"takes inputs with as many axes, got {shown(first)} and {shown(shape)}")
    pairs = [(x, y) for i, (x, y) in enumerate(zip(first, shape, strict=True)) if i != place and x != y]
    if any(constant(x - y) is not None for x, y in pairs):
        raise Refused(f"{shown(first)} and {shown(shape)} differ in other axes than dim, which is {place}")
    return [Equal(x, y) for x, y in pairs]


CASES = (
    Case({}, ("B 64 H W", "B 128 H W", "B 32 H W", "B 32 H W"), "B 256 H W",
         source="GoogLeNet's first inception module, Szegedy et al. 2014, Table 1"),
    Case({}, ("B C H W", "B k H W"), "B C+k H W", source="a layer of DenseNet: k channels more"),
    Case({"dim": -1}, ("2 3 5", "2 3 7"), "2 3 12"),
    Case({"dim": 0}, ("2 3",), "2 3", source="one input"),
)  # fmt: skip
