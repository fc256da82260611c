"""Learned positions of a map, brought to the size of the image at hand."""

from typing import Literal

from symcost.algebra.needs import Equal, Need
from symcost.algebra.poly import Num, constant
from symcost.ops.case import Case
from symcost.ops.facts import Facts, numel
from symcost.ops.fields import Amount, Sizes
from symcost.ops.op import Axes, Op, Refused
from symcost.ops.upsample import interpolation
from symcost.ops.window import spread
from symcost.ops.work import plus, times


class PositionEmbedding2d(Op):
    """Add to every place a learned row for its place in a map, resampled from a map of another size, as DINOv2 does.

    Shapes:      (..., n + h w, E) -> the same; ``size`` is h and w, the map at hand, row by row, and ``grid`` M and N,
                 the map that is learned; one number for both axes or one for each. n = ``num_tokens`` places before the
                 map, such as a class token's, have rows of their own
    Weights:     weight (n + M N, E)
    MACs:        none
    Elementwise: add (...) (n + h w) E; and bicubic interpolation, which for each of h w E numbers takes mul 20 and
                 add 15. It does not depend on the examples, so it is done once for all of them
    Backward:    none for the input, whose gradient is the output's; for the weight add (...) (n + h w) E -
                 (n + h w) E, the sum over the leading axes, and mul 20 and add 16 for each of h w E numbers, the
                 transpose of the interpolation. Keeps nothing
    Source:      Dosovitskiy et al. 2021 (arXiv:2010.11929), section 3.2; interpolation as in symcost.ops.upsample. Code
                 may skip it where both maps happen to be of one size; a formula for all sizes has it
    """

    op: Literal["position_embedding2d"] = "position_embedding2d"
    takes = ("... T E",)

    grid: Sizes
    size: Sizes
    num_tokens: Amount = 0

    def emit(self, a: Axes) -> Facts:
        grid, size = spread(self.grid, 2, "grid"), spread(self.size, 2, "size")
        rows, added = self.num_tokens + numel(grid), numel(a.ins[0])
        forward, back = interpolation("bicubic", 2)
        resampled = numel(size) * a.E
        return Facts(
            outs=a.ins,
            work=plus({"add": added}, times(resampled, forward)),
            weights={"weight": (rows, a.E)},
            grad_weight=plus({"add": added - a.T * a.E}, times(resampled, back)),
            needs=_fills(a, self.num_tokens + numel(size)),
        )


def _fills(a: Axes, places: Num) -> tuple[Need, ...]:
    if constant(a.T - places) not in (None, 0):
        raise Refused(f"takes {places} places, a map and those before it, got {a.T}")
    return () if places == a.T else (Equal(a.T, places),)


CASES = (
    Case({"grid": 37, "size": [16, 16], "num_tokens": 1}, ("B 257 768",), "B 257 768", params=1_052_160,
         work={"add": "197376*B + 2949120", "mul": 3_932_160}, source="DINOv2-B/14, learned at 518 pixels, at 224"),
    Case({"grid": "M", "size": ["h", "w"]}, ("B h*w E",), "B h*w E", params="M**2*E",
         work={"add": "B*h*w*E + 15*h*w*E", "mul": "20*h*w*E"}),
    Case({"grid": [3, 4], "size": [3, 4]}, ("2 12 5",), "2 12 5", params=60, work={"add": 1020, "mul": 1200},
         source="its own size"),
)  # fmt: skip
