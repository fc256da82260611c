"""Reading what is in boxes off an image."""

from typing import Literal

from symcost.algebra.needs import Equal
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Kept, numel
from symcost.ops.fields import Size, Sizes
from symcost.ops.op import Axes, Op, Refused, shown
from symcost.ops.window import spread


class RoiAlign(Op):
    """Cut boxes of an image into bins and take the mean of each, as torchvision.ops.roi_align.

    Shapes:      maps (B, C, H, W), one or several scales, and boxes (n, 5), which say of what image they are and where
                 two corners lie -> (n, C, o_h, o_w). Each box is read off one of the maps, as
                 torchvision.ops.MultiScaleRoIAlign chooses by its size
    Weights:     none
    MACs:        none
    Elementwise: a bin is the mean of s**2 samples, s = ``sampling_ratio``, each of 4 cells with weights: for each
                 output mul 4 s**2, add 4 s**2 - 1 and div 1. Places and weights depend on the boxes alone
    Backward:    the transpose: for each output div 1, mul 4 s**2 and add 4 s**2, into the cells that were read; none
                 for the boxes. Keeps the boxes
    Source:      He et al. 2017 (arXiv:1703.06870), section 3; torchvision's csrc/ops/cpu/roi_align_kernel.cpp
    """

    op: Literal["roi_align"] = "roi_align"

    output_size: Sizes
    sampling_ratio: Size

    def patterns(self, given: int) -> tuple[str, ...]:
        """Return the signature: maps, each of its own size, and boxes."""
        return (*(f"B C H{i} W{i}" for i in range(max(1, given - 1))), "n q")

    def emit(self, a: Axes) -> Facts:
        boxes = a.ins[-1]
        need = Equal(a.q, 5)
        if need.decide({}) is False:
            raise Refused(f"takes boxes (n, 5) of an image's number and two corners, got {shown(boxes)}")
        out = (a.n, a.C, *spread(self.output_size, 2, "output_size"))
        cells, outputs = 4 * self.sampling_ratio**2, numel(out)
        return Facts(
            outs=(out,),
            work={"mul": outputs * cells, "add": outputs * (cells - 1), "div": outputs},
            grad_input={"mul": outputs * cells, "add": outputs * cells, "div": outputs},
            keeps=(Kept("input", len(a.ins) - 1),),
            needs=(need,),
        )


CASES = (
    Case({"output_size": 7, "sampling_ratio": 2}, ("B 256 H W", "n 5"), "n 256 7 7",
         work={"mul": "200704*n", "add": "188160*n", "div": "12544*n"}, source="Faster R-CNN: 49 bins of four samples"),
    Case({"output_size": [2, 3], "sampling_ratio": "s"}, ("2 4 9 8", "2 4 5 4", "6 5"), "6 4 2 3",
         work={"mul": "576*s**2", "add": "576*s**2 - 144", "div": 144}, source="two scales"),
)  # fmt: skip
