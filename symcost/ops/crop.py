"""Cutting out the centre."""

from typing import Literal

from symcost.algebra.needs import AtLeast, Need
from symcost.algebra.poly import Num
from symcost.ops.case import Case
from symcost.ops.facts import Facts
from symcost.ops.fields import Sizes
from symcost.ops.op import Axes, Op, Refused
from symcost.ops.window import spread


class Crop(Op):
    """Cut out the centre, as torchvision.transforms.CenterCrop.

    Shapes:      (B, C, H, W) -> (B, C, h, w), a view; ``size`` is one size for all axes after the channels, or one
                 for each, none larger than the input's
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none, the gradient is padded with zeros; keeps nothing
    Source:      Ronneberger et al. 2015, Figure 1: the copies that a U-Net crops
    """

    op: Literal["crop"] = "crop"
    takes = ("B C ...",)
    apart = "C"

    size: Sizes

    def emit(self, a: Axes) -> Facts:
        wanted = spread(self.size, len(a.rest), "size")
        needs = tuple(map(_fits, a.rest, wanted))
        return Facts(outs=((a.B, a.C, *wanted),), view=True, needs=needs)


def _fits(size: Num, wanted: Num) -> Need:
    need = AtLeast(size - wanted, 0)
    if need.decide({}) is False:
        raise Refused(f"size {wanted} is larger than the input's {size}")
    return need


CASES = (
    Case({"size": 56}, ("B 512 64 64",), "B 512 56 56", source="U-Net's first copy: Ronneberger et al. 2015, Figure 1"),
    Case({"size": ["H", "W-4"]}, ("B C H+8 W",), "B C H W-4"),
    Case({"size": 3}, ("2 4 7",), "2 4 3"),
)
