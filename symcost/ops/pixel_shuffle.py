"""Channels to places and back."""

from typing import Literal

from symcost.algebra.division import div
from symcost.algebra.needs import Divides
from symcost.ops.case import Case
from symcost.ops.facts import Facts
from symcost.ops.fields import Size
from symcost.ops.op import Axes, Op


class PixelShuffle(Op):
    """Lay r x r channels out as an r x r square, as torch.nn.PixelShuffle.

    Shapes:      (..., C, H, W) -> (..., C/r**2, H r, W r), a copy; r**2 divides C
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none, the gradient is moved back; keeps nothing
    Source:      Shi et al. 2016, equation 4
    """

    op: Literal["pixel_shuffle"] = "pixel_shuffle"
    takes = ("... C H W",)

    upscale_factor: Size

    def emit(self, a: Axes) -> Facts:
        r = self.upscale_factor
        out = (*a.rest, div(a.C, r * r), a.H * r, a.W * r)
        return Facts(outs=(out,), needs=(Divides(r * r, a.C),))


class PixelUnshuffle(Op):
    """Stack each r x r square into channels, as torch.nn.PixelUnshuffle.

    Shapes:      (..., C, H, W) -> (..., C r**2, H/r, W/r), a copy; r divides H and W
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    none, the gradient is moved back; keeps nothing
    Source:      Shi et al. 2016, equation 4, the other way
    """

    op: Literal["pixel_unshuffle"] = "pixel_unshuffle"
    takes = ("... C H W",)

    downscale_factor: Size

    def emit(self, a: Axes) -> Facts:
        r = self.downscale_factor
        out = (*a.rest, a.C * r * r, div(a.H, r), div(a.W, r))
        return Facts(outs=(out,), needs=(Divides(r, a.H), Divides(r, a.W)))


CASES = (
    Case({"upscale_factor": 3}, ("B 27 H W",), "B 3 3*H 3*W", op="pixel_shuffle", source="ESPCN: Shi et al. 2016"),
    Case({"upscale_factor": "r"}, ("B C*r**2 H W",), "B C H*r W*r", op="pixel_shuffle"),
    Case({"downscale_factor": 2}, ("B C 2*H 2*W",), "B 4*C H W", op="pixel_unshuffle"),
    Case({"downscale_factor": 3}, ("2 3 12 15",), "2 27 4 5", op="pixel_unshuffle"),
)
