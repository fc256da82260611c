"""Contrast between the channels of an image."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import WEIGHTS, Facts, Kept, numel
from symcost.ops.op import Axes, Op


class GlobalResponseNorm(Op):
    """Scale each channel by its norm over an image, as a share of the mean norm; channels come last.

    Shapes:      (B, ..., C) -> the same
    Weights:     weight (C) and bias (C)
    MACs:        none
    Elementwise: y = x + (w x r + b), with s = sqrt(sum of x x over the places), d = (mean of s) + eps over the channels
                 and r = s/d: for each of B images of n elements mul 3 n, add 3 n, sqrt C and div C + 1
    Backward:    for the input h = g w, u = sum of h x over the places, v = (u - mean of u r over the channels)/d and
                 g + h r + x (v/s): for each image mul 4 n + C, add 3 n + C - 1 and div 2 C + 1. For the weights the
                 sums of g (x r) and of g: for all B n elements mul 2 B n and add 2 (B n - C). Keeps the input, x r, s,
                 d and r
    Source:      Woo et al. 2023 (arXiv:2301.00808), section 3.2 and algorithm 1
    """

    op: Literal["global_response_norm"] = "global_response_norm"
    takes = ("B ... C",)

    def emit(self, a: Axes) -> Facts:
        elements, norms, images = numel(a.ins[0]), a.B * a.C, a.B
        return Facts(
            outs=a.ins,
            work={"mul": 3 * elements, "add": 3 * elements, "sqrt": norms, "div": norms + images},
            weights={"weight": (a.C,), "bias": (a.C,)},
            grad_input={
                "mul": 4 * elements + norms,
                "add": 3 * elements + norms - images,
                "div": 2 * norms + images,
            },
            grad_weight={"mul": 2 * elements, "add": 2 * (elements - a.C)},
            keeps=(
                Kept("input", to=(0,)),
                Kept("scaled", shape=a.ins[0], to=(WEIGHTS,)),
                Kept("norms", shape=(a.B, a.C), to=(0,)),
                Kept("mean", shape=(a.B,), to=(0,)),
                Kept("shares", shape=(a.B, a.C), to=(0,)),
            ),
        )


CASES = (
    Case({}, ("B H W C",), "B H W C", params="2*C",
         work={"mul": "3*B*H*W*C", "add": "3*B*H*W*C", "sqrt": "B*C", "div": "B*C + B"},
         source="ConvNeXt V2, Woo et al. 2023"),
    Case({}, ("2 5 6",), "2 5 6", params=12, work={"mul": 180, "add": 180, "sqrt": 12, "div": 14}),
)  # fmt: skip
