"""Taking one place of an axis."""

from typing import Literal

from symcost.algebra.needs import AtLeast
from symcost.ops.case import Case
from symcost.ops.dims import axis, resized
from symcost.ops.facts import Facts
from symcost.ops.fields import Amount, Whole
from symcost.ops.op import Axes, Op, Refused
from symcost.ops.shard import Cuts, Shard


class Select(Op):
    """Take one place of an axis, as torch.select.

    Shapes:      (..., C, ...) -> (..., ...), a view without the axis; the axis is ``dim``, and ``index`` is below C.
                 In a repetition the index may be that of the round: the word of a step
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none, the gradient is put at its place among zeros; keeps nothing
    Source:      torch.select
    """

    op: Literal["select"] = "select"
    takes = ("...",)

    index: Amount
    dim: Whole = 1

    def emit(self, a: Axes) -> Facts:
        shape = a.ins[0]
        place = axis(self.dim, shape)
        need = AtLeast(shape[place] - self.index, 1)
        if need.decide({}) is False:
            raise Refused(f"index is {self.index}, axis {place} has {shape[place]}; give 0 to {shape[place] - 1}")
        return Facts(outs=(resized(shape, place),), view=True, needs=(need,))

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: the place of its parts, along other axes than that of the place."""
        place = axis(self.dim, cuts.ins[0])
        return Shard((cuts.at - (cuts.at > place),)) if cuts.at not in (None, place) else None


CASES = (
    Case({"index": 2}, ("B 5 E",), "B E", source="the third word of five"),
    Case({"index": "T-1", "dim": -2}, ("B T E",), "B E", source="the last word"),
    Case({"index": 0, "dim": 0}, ("2 3",), "3"),
)
