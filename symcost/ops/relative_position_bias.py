"""Scores of attention that depend on how far apart two places are."""

from typing import Literal

from symcost.algebra.needs import AtLeast, Need
from symcost.algebra.poly import Num
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Shape, numel
from symcost.ops.fields import Flag, Size
from symcost.ops.op import Axes, Op, Refused


class RelativePositionBias(Op):
    """Add to every score a learned number for head and offset, as Swin's tables do; not a layer of torch.

    Shapes:      (..., h, T, S) -> the same: scores of T queries and S keys, the places of a ``window`` of any number of
                 axes; a window that was clipped has fewer
    Weights:     table ((2 w_1 - 1) (2 w_2 - 1) ..., h), a row for each offset, or with ``symmetric`` (w_1 w_2 ..., h),
                 a row for each offset without sign, as LeViT has; a buffer (w_1 w_2 ..., w_1 w_2 ...) says which row
                 each pair of places has
    MACs:        none
    Elementwise: add 1 for each score. The mask that keeps places apart which a cyclic shift has brought together is a
                 choice between a score and -inf, and free
    Backward:    none for the scores, whose gradient is the output's; for the table add 1 for each score. Keeps nothing
    Source:      Liu et al. 2021 (arXiv:2103.14030), equation 4, and its efficient batch computation for shifted
                 windows; without sign Graham et al. 2021 (arXiv:2104.01136), section 4.2
    """

    op: Literal["relative_position_bias"] = "relative_position_bias"
    takes = ("... h T S",)
    apart = "h"

    window: tuple[Size, ...]
    symmetric: Flag = False

    def emit(self, a: Axes) -> Facts:
        window: Shape = self.window
        places, scores = numel(window), numel(a.ins[0])
        return Facts(
            outs=a.ins,
            work={"add": scores},
            weights={"table": (places if self.symmetric else offsets(window), a.h)},
            buffers={"index": (places, places)},
            grad_weight={"add": scores},
            needs=room(window, a.T, a.S),
        )


def offsets(window: Shape) -> Num:
    """Return how many offsets there are between two places of a window."""
    return numel(tuple(2 * w - 1 for w in window))


def room(window: Shape, *sizes: Num) -> tuple[Need, ...]:
    """Return the conditions that queries and keys are places of a window.

    Raises:
        Refused: there are more of them, whatever the symbols.
    """
    needs = tuple(AtLeast(numel(window) - size, 0) for size in sizes)
    if any(need.decide({}) is False for need in needs):
        raise Refused(f"the window has {numel(window)} places, got {' queries and '.join(map(str, sizes))} keys")
    return needs


CASES = (
    Case({"window": [7, 7]}, ("64*B 3 49 49",), "64*B 3 49 49", params=507, buffers=2401, work={"add": "460992*B"},
         source="Swin-T's first stage: 169 offsets, 3 heads"),
    Case({"window": ["w", "w"]}, ("B h w**2 w**2",), "B h w**2 w**2", params="h*(2*w - 1)**2", buffers="w**4",
         work={"add": "B*h*w**4"}),
    Case({"window": [14, 14], "symmetric": True}, ("B 4 196 196",), "B 4 196 196", params=784, buffers=38_416,
         work={"add": "153664*B"}, source="LeViT-128's first stage"),
    Case({"window": [8, 7, 7]}, ("2 4 196 196",), "2 4 196 196", params=10140, buffers=153664, work={"add": 307328},
         source="a clip of 4 frames"),
)  # fmt: skip
