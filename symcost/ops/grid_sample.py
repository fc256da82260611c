"""Values of an image at given points."""

from typing import Literal

from symcost.algebra.needs import Equal
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, Kept, Work, numel
from symcost.ops.fields import Flag
from symcost.ops.op import Axes, Op
from symcost.ops.work import plus, times

BILINEAR = {"mul": 4, "add": 3}
"""One value between four pixels, by weights that are known."""
CORNERS = {"mul": 4, "add": 4}
"""The weights of the four pixels around a point: what it lies beyond two of them, and products of both axes."""


class GridSample(Op):
    """Read an image at points between its pixels, as torch.nn.functional.grid_sample.

    Shapes:      image (B, C, H, W) and points (B, h, w, 2), from -1 to 1 on each axis -> (B, C, h, w)
    Weights:     none
    MACs:        none
    Elementwise: for each point ((x + 1) W - 1)/2 on both axes, mul 4 and add 4, or with ``align_corners``
                 (x + 1) (W - 1)/2, mul 2 and add 2; bilinear the weights of four pixels, mul 4 and add 4, and for each
                 value mul 4 and add 3; nearest copies. Which pixel a point is in, and whether in the image, are choices
    Backward:    for the image the transpose, mul 4 and add 4 for each value, nearest add 1. For the points, whose
                 gradient is 0 for nearest, mul 16 and add 8 for each value, two products for each pixel and axis,
                 weights made again, mul 4 and add 4 for each point, and mul 2 to scale it. Keeps both inputs
    Source:      Jaderberg et al. 2015 (arXiv:1506.02025), equations 3 to 7; ATen/native/GridSampler.cpp
    """

    op: Literal["grid_sample"] = "grid_sample"
    takes = ("B C H W", "B h w I")

    mode: Literal["bilinear", "nearest"] = "bilinear"
    padding_mode: Literal["zeros", "border"] = "zeros"
    align_corners: Flag = False

    def emit(self, a: Axes) -> Facts:
        points = a.B * a.h * a.w
        out = (a.B, a.C, a.h, a.w)
        placed = {"mul": 2, "add": 2} if self.align_corners else {"mul": 4, "add": 4}
        near = self.mode == "nearest"
        found: Work = plus(placed, {} if near else CORNERS)
        back = {"add": 1} if near else {"mul": 20, "add": 12}
        again: Work = {} if near else plus(CORNERS, {"mul": 2})
        return Facts(
            outs=(out,),
            work=plus(times(points, found), {} if near else times(numel(out), BILINEAR)),
            grad_input=plus(times(numel(out), back), times(points, again)),
            keeps=(INPUT, Kept("input", 1)),
            needs=(Equal(a.I, 2),),
        )


CASES = (
    Case({}, ("B C H W", "B h w 2"), "B C h w",
         work={"mul": "8*B*h*w + 4*B*C*h*w", "add": "8*B*h*w + 3*B*C*h*w"}, source="spatial transformers"),
    Case({"mode": "nearest", "align_corners": True}, ("2 3 9 11", "2 5 7 2"), "2 3 5 7", work={"mul": 140, "add": 140}),
    Case({"padding_mode": "border"}, ("2 3 9 11", "2 5 7 2"), "2 3 5 7", work={"mul": 1400, "add": 1190}),
)  # fmt: skip
