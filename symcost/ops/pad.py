"""Padding at the ends of axes."""

from typing import Literal

from symcost.algebra.needs import AtLeast, Need
from symcost.algebra.poly import Num
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, NO_WORK, Facts, numel
from symcost.ops.fields import Amount
from symcost.ops.op import Axes, Op, Refused, shown

SPARE = {"reflect": 1, "circular": 0}
"""How many cells of an axis a mode leaves out of its padding."""


class Pad(Op):
    """Add cells before and after, as torch.nn.functional.pad.

    Shapes:      (..., H, W) -> (..., H + top + bottom, W + left + right): ``padding`` is [left, right, top, bottom],
                 or longer or shorter: before and after, for each axis from the last on
    Weights:     none
    MACs:        none
    Elementwise: none; zeros are written, and other modes copy
    Backward:    zeros: none, the gradient is cut. Other modes: add 1 for each cell added, into the cell it was copied
                 from. reflect and replicate keep the input, as torch does; the others nothing
    Source:      torch.nn.functional.pad; ``zeros`` is its ``constant``
    """

    op: Literal["pad"] = "pad"
    takes = ("...",)

    padding: tuple[Amount, ...]
    mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros"

    def emit(self, a: Axes) -> Facts:
        shape = a.ins[0]
        pairs = self._pairs(len(shape))
        if pairs is None:
            raise Refused(f"padding has {len(self.padding)} values, got {shown(shape)}; give two for each axis to pad")
        out = tuple(size + before + after for size, (before, after) in zip(shape, pairs, strict=True))
        return Facts(
            outs=(out,),
            grad_input=NO_WORK if self.mode == "zeros" else {"add": numel(out) - numel(shape)},
            keeps=(INPUT,) if self.mode in ("reflect", "replicate") else (),
            needs=tuple(need for size, pair in zip(shape, pairs, strict=True) for need in self._room(size, pair)),
        )

    def _pairs(self, rank: int) -> list[tuple[Num, Num]] | None:
        """Return padding before and after for each axis, or None where the list does not fit."""
        if len(self.padding) % 2 or len(self.padding) > 2 * rank:
            return None
        given = list(zip(self.padding[::2], self.padding[1::2], strict=True))
        return [(0, 0)] * (rank - len(given)) + given[::-1]

    def _room(self, size: Num, pair: tuple[Num, Num]) -> list[Need]:
        """Return the conditions that an axis has cells enough to copy from."""
        if self.mode not in SPARE:
            return []
        needs: list[Need] = [AtLeast(size - pad, SPARE[self.mode]) for pad in pair if pad != 0]
        if any(need.decide({}) is False for need in needs):
            raise Refused(f"padding [{pair[0]}, {pair[1]}] is too wide for {self.mode} on an axis of {size}")
        return needs


CASES = (
    Case({"padding": [3, 3, 3, 3]}, ("B C H W",), "B C H+6 W+6", source="around an image"),
    Case({"padding": [0, 1]}, ("2 3 9 11",), "2 3 9 12", source="the last axis only"),
    Case({"padding": [1, 0, 2, 2], "mode": "reflect"}, ("2 3 9 11",), "2 3 13 12"),
    Case({"padding": [2, 1], "mode": "replicate"}, ("B C W",), "B C W+3"),
    Case({"padding": ["p", "p"], "mode": "circular"}, ("B C W",), "B C W+2*p", source="a ring"),
)
