"""Windows of an image side by side, and their sum."""

from typing import Literal

from symcost.algebra.division import div
from symcost.algebra.needs import Divides, Equal, Need
from symcost.algebra.poly import Num, constant
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Shape, numel
from symcost.ops.fields import Amounts, Size, Sizes
from symcost.ops.op import Axes, Op, Refused
from symcost.ops.window import fits, sides, slide, spread


class _Slid(Op):
    """What unfold and fold share: where windows lie."""

    kernel_size: Sizes
    stride: Sizes = 1
    padding: Amounts = 0
    dilation: Sizes = 1

    def places(self, sizes: Shape) -> tuple[Num, Num, tuple[Need, ...]]:
        """Return how many windows there are, how many cells each has, and the conditions that they fit."""
        kernel = spread(self.kernel_size, 2, "kernel_size")
        strides, dilations = spread(self.stride, 2, "stride"), spread(self.dilation, 2, "dilation")
        axes = list(zip(sizes, kernel, sides(self.padding, 2), dilations, strict=True))
        found = tuple(slide(n, k, s, p, d) for (n, k, p, d), s in zip(axes, strides, strict=True))
        return numel(found), numel(kernel), tuple(fits(n, k, p, d) for n, k, p, d in axes)


class Unfold(_Slid):
    """Lay the windows of an image side by side, as torch.nn.Unfold (im2col).

    Shapes:      (B, C, H, W) -> (B, C K_h K_w, L), a copy, for L = H' W' windows as of a convolution
    Weights:     none
    MACs:        none
    Elementwise: none
    Backward:    add 1 for each cell of each window, into the pixel it was copied from; keeps nothing
    Source:      torch.nn.Unfold; places as in Dumoulin and Visin 2016, relation 6
    """

    op: Literal["unfold"] = "unfold"
    takes = ("B C H W",)

    def emit(self, a: Axes) -> Facts:
        windows, cells, needs = self.places(a.ins[0][2:])
        out: Shape = (a.B, a.C * cells, windows)
        return Facts(outs=(out,), grad_input={"add": numel(out)}, needs=needs)


class Fold(_Slid):
    """Add windows up to the image that they are windows of, as torch.nn.Fold (col2im).

    Shapes:      (B, C K_h K_w, L) -> (B, C, H, W), the H and W of ``output_size``, which has L windows
    Weights:     none
    MACs:        none
    Elementwise: add 1 for each cell of each window
    Backward:    none, each cell is copied from its pixel; keeps nothing
    Source:      torch.nn.Fold
    """

    op: Literal["fold"] = "fold"
    takes = ("B N L",)

    output_size: tuple[Size, Size]

    def emit(self, a: Axes) -> Facts:
        windows, cells, needs = self.places(self.output_size)
        if constant(a.L - windows) not in (None, 0):
            raise Refused(f"output_size has {windows} windows, got {a.L}")
        out: Shape = (a.B, div(a.N, cells), *self.output_size)
        fit = (Divides(cells, a.N), Equal(a.L, windows))
        return Facts(outs=(out,), work={"add": numel(a.ins[0])}, needs=(*needs, *fit))


CASES = (
    Case({"kernel_size": 14, "stride": 8, "padding": 3}, ("B C 8*H 8*W",), "B 196*C H*W", op="unfold",
         source="HaloNet's windows: Vaswani et al. 2021"),
    Case({"kernel_size": [3, 2], "stride": [2, 1], "padding": [1, 0], "dilation": 2}, ("2 3 9 11",), "2 18 36",
         op="unfold"),
    Case({"kernel_size": 3, "stride": 2, "padding": 1, "output_size": [28, 28]}, ("B 9*C 196",), "B C 28 28", op="fold",
         work={"add": "1764*B*C"}, source="VOLO's outlook attention: Yuan et al. 2021"),
    Case({"kernel_size": 2, "output_size": ["H", "W"]}, ("B 4*C (H-1)*(W-1)",), "B C H W", op="fold",
         work={"add": "4*B*C*(H-1)*(W-1)"}),
)  # fmt: skip
