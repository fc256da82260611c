"""Taking a stretch of an axis."""

from typing import Literal

from symcost.algebra.needs import AtLeast, Need
from symcost.algebra.poly import Num
from symcost.ops.case import Case
from symcost.ops.dims import axis, resized
from symcost.ops.facts import Facts
from symcost.ops.fields import Amount, Size, Whole
from symcost.ops.op import Axes, Op, Refused


class Narrow(Op):
    """Take ``length`` neighbouring places of an axis, from ``start`` on, as torch.narrow.

    Shapes:      (..., C, ...) -> (..., length, ...), a view; the axis is ``dim``, by default 1, and start + length is
                 at most C
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none, the gradient is put at its place among zeros; keeps nothing
    Source:      torch.narrow
    """

    op: Literal["narrow"] = "narrow"
    takes = ("...",)

    length: Size
    start: Amount = 0
    dim: Whole = 1

    def emit(self, a: Axes) -> Facts:
        shape = a.ins[0]
        place = axis(self.dim, shape)
        needs = _within(self.start, self.length, shape[place], place)
        return Facts(outs=(resized(shape, place, self.length),), view=True, needs=needs)


def _within(start: Num, length: Num, size: Num, place: int) -> tuple[Need, ...]:
    needs = (AtLeast(start, 0), AtLeast(size - length - start, 0))
    if any(need.decide({}) is False for need in needs):
        raise Refused(f"takes places {start} to {start + length - 1}, axis {place} has {size}")
    return needs


CASES = (
    Case({"length": "m", "start": "C-m"}, ("B C H W",), "B m H W", source="the last m channels: YOLOv8's rounds"),
    Case({"length": 7, "dim": -1}, ("B T 9",), "B T 7"),
    Case({"length": 2, "start": 3}, ("4 5",), "4 2"),
)
