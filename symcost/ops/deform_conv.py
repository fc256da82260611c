"""Convolutions whose taps read at learned places."""

from typing import Literal

from symcost.algebra.division import div
from symcost.algebra.needs import Divides, Equal, Need
from symcost.algebra.poly import Num, constant
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, Kept, Shape, Work, numel
from symcost.ops.fields import Amounts, Flag, Size, Sizes, also
from symcost.ops.grid_sample import BILINEAR, CORNERS
from symcost.ops.groups import divided
from symcost.ops.op import Axes, Op, Refused, shown
from symcost.ops.window import fits, sides, slide, spread
from symcost.ops.work import plus, times


class DeformConv2d(Op):
    """Slide a window over an image whose K_h x K_w taps read beside their places, as torchvision.ops.deform_conv2d.

    Shapes:      image (B, C, H, W), offsets (B, 2 o K_h K_w, H', W') for each of o = ``offset_groups`` groups of
                 channels, with ``mask`` factors (B, o K_h K_w, H', W') -> (B, D, H', W'), as a convolution's
    Weights:     weight (D, C/g, K_h, K_w), bias (D)
    MACs:        B D H' W' (C/g) K_h K_w
    Elementwise: for each point, one for each tap, group and place, add 2 for its position, and mul 4 and add 4 for the
                 weights of four pixels; for each of the C K_h K_w values of a place mul 4 and add 3, with mask mul 1;
                 add 1 for each output for the bias
    Backward:    MACs again for the values and again for the weight, for which values are made once more; for the bias
                 add B D H' W' - D. From the values' gradient, for each: to the image mul 4 and add 4; to the offsets,
                 on both axes, mul 5 and add 4; with mask mul 1 more for each of these three, and to the mask the value
                 itself, mul 5 and add 4. Keeps all inputs
    Source:      Dai et al. 2017 (arXiv:1703.06211), equations 2 to 4; the mask is Zhu et al. 2019 (arXiv:1811.11168),
                 equation 1; torchvision's kernels
    """

    op: Literal["deform_conv2d"] = "deform_conv2d"
    takes = ("...",)
    many = True

    out_channels: Size = also("out_channels", "out")
    kernel_size: Sizes = also("kernel_size", "kernel")
    stride: Sizes = 1
    padding: Amounts = 0
    dilation: Sizes = 1
    groups: Size = 1
    offset_groups: Size = 1
    mask: Flag = False
    bias: Flag = True

    def emit(self, a: Axes) -> Facts:
        (B, C, *sizes), wanted = self._image(a.ins), self.out_channels
        grid, fit = self._grid(tuple(sizes))
        kernel: Shape = spread(self.kernel_size, 2, "kernel_size")
        weight = (wanted, div(C, self.groups), *kernel)
        out, macs = (B, wanted, *grid), numel((B, *grid)) * numel(weight)
        values = B * C * numel(kernel) * numel(grid)
        points = B * self.offset_groups * numel(kernel) * numel(grid)
        made = plus(times(points, plus({"add": 2}, CORNERS)), times(values, self._value()))
        return Facts(
            outs=(out,),
            work=plus({"mac": macs}, made, {"add": self.bias * numel(out)}),
            weights={"weight": weight, **({"bias": (wanted,)} if self.bias else {})},
            grad_input=plus({"mac": macs}, times(values, self._back())),
            grad_weight=plus({"mac": macs}, {"add": self.bias * (numel(out) - wanted)}),
            again=made,
            keeps=(INPUT, *(Kept("input", i) for i in range(1, len(a.ins)))),
            needs=(*fit, *divided(self.groups, C, wanted), *self._fitting(a.ins, points, grid)),
        )

    def _image(self, ins: tuple[Shape, ...]) -> Shape:
        wanted = 3 if self.mask else 2
        if len(ins) != wanted or any(len(shape) != 4 for shape in ins):
            names = "(B, C, H, W), offsets (B, O, H', W')" + (" and a mask (B, M, H', W')" if self.mask else "")
            raise Refused(f"takes {names}, got {', '.join(map(shown, ins))}")
        return ins[0]

    def _grid(self, sizes: Shape) -> tuple[Shape, tuple[Need, ...]]:
        kernel, stride = spread(self.kernel_size, 2, "kernel_size"), spread(self.stride, 2, "stride")
        dilation, pads = spread(self.dilation, 2, "dilation"), sides(self.padding, 2)
        needs = tuple(map(fits, sizes, kernel, pads, dilation))
        return tuple(map(slide, sizes, kernel, stride, pads, dilation)), needs

    def _value(self) -> Work:
        return plus(BILINEAR, {"mul": int(self.mask)})

    def _back(self) -> Work:
        """Return the work that hands the gradient of one value on to image, offsets and mask."""
        masked = {"mul": 8, "add": 4} if self.mask else {}
        return plus({"mul": 14, "add": 12}, masked)

    def _fitting(self, ins: tuple[Shape, ...], points: Num, grid: Shape) -> list[Need]:
        """Return the conditions that there is an offset on both axes, and a factor, for every point."""
        needs: list[Need] = [Divides(self.offset_groups, ins[0][1])]
        for shape, each in zip(ins[1:], (2, 1), strict=False):
            gap = numel(shape) - each * points
            if constant(gap) not in (None, 0):
                raise Refused(f"needs {each * points} numbers for its points, got {shown(shape)}")
            needs += [Equal(numel(shape), each * points)] if gap else []
            needs += [Equal(x, y) for x, y in zip(shape[2:], grid, strict=True) if x != y]
        return needs


CASES = (
    Case({"out": "D", "kernel": 3, "padding": 1, "bias": False}, ("B C H W", "B 18 H W"), "B D H W", params="9*C*D",
         macs="9*B*C*D*H*W", work={"mul": "36*B*H*W + 36*B*C*H*W", "add": "54*B*H*W + 27*B*C*H*W"},
         source="Dai et al. 2017: nine taps"),
    Case({"out": 6, "kernel": [3, 2], "stride": 2, "padding": 1, "groups": 2, "offset_groups": 2, "mask": True},
         ("2 4 9 11", "2 24 5 6", "2 12 5 6"), "2 6 5 6", params=78, macs=4320,
         work={"mul": 10_080, "add": 9_000}, source="with a mask: Zhu et al. 2019"),
)  # fmt: skip
