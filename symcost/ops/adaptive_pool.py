"""Pooling to a given output size, in one, two and three dimensions.

Along an axis of H cells output i of o reads the cells from floor(i H/o) up to ceil((i + 1) H/o). Together
they read::

    sum over i of ceil((i + 1) H/o) - floor(i H/o) = H + o - gcd(H, o)

Proof. Shift the first sum: it runs over ceil(j H/o) for j = 1 .. o, the second over floor(j H/o) for j = 0 ..
o - 1. The end terms give H and 0. For 0 < j < o ceil and floor differ by one unless o divides j H, that is
unless j is a multiple of o/gcd(H, o), which happens gcd(H, o) - 1 times. So the rest gives (o - 1) - (gcd(H,
o) - 1). Windows are products of one window on each axis, so their cells multiply.

Source: torch.nn.AdaptiveAvgPool2d; start_index and end_index of torch's ATen/native/AdaptivePooling.h.
"""

from typing import ClassVar, Literal

from symcost.algebra.division import div
from symcost.algebra.extent import integral
from symcost.algebra.poly import NotExact, Num, constant
from symcost.algebra.rounding import gcd
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, Kept, Shape, numel
from symcost.ops.fields import Size
from symcost.ops.op import Axes, Op, Refused
from symcost.ops.window import spread


class AdaptivePool(Op):
    """A window for each output of a given size; the subclasses say what they make of its cells."""

    axes: ClassVar[int]
    apart = "C"

    output_size: Size | tuple[Size | None, ...] | None

    def windows(self, a: Axes) -> tuple[Shape, Num]:
        """Return the output, and how many cells all windows read together."""
        sizes = a.ins[0][2:]
        wanted = spread(self.output_size, self.axes, "output_size")
        grid = tuple(h if o is None else o for h, o in zip(sizes, wanted, strict=True))
        return (a.B, a.C, *grid), a.B * a.C * numel(tuple(map(cells_read, sizes, grid)))


class AdaptiveAvgPool(AdaptivePool):
    """What the three adaptive average poolings share."""

    def emit(self, a: Axes) -> Facts:
        out, cells = self.windows(a)
        outputs = numel(out)
        return Facts(
            outs=(out,),
            work={"add": cells - outputs, "div": outputs},
            grad_input={"add": cells, "div": outputs},
            keeps=() if numel(out[2:]) == 1 else (INPUT,),
            taps=cells,
        )


class AdaptiveMaxPool(AdaptivePool):
    """What the three adaptive max poolings share."""

    def emit(self, a: Axes) -> Facts:
        out, cells = self.windows(a)
        return Facts(
            outs=(out,),
            work={"compare": cells - numel(out)},
            grad_input={"add": numel(out)},
            keeps=(INPUT, Kept("indices", shape=out, dtype="index")),
            taps=cells,
        )


def cells_read(size: Num, out: Num) -> Num:
    """Return H + o - gcd(H, o), the cells that o windows read along an axis of H.

    Raises:
        Refused: both depend on symbols and neither divides the other.
    """
    return size + out - _common(size, out)


def _common(size: Num, out: Num) -> Num:
    if size == out:
        return size
    for one, other in ((size, out), (out, size)):
        number = constant(other)
        if isinstance(number, int):
            return gcd(one, number)
    for one, other in ((size, out), (out, size)):
        if _divides(other, one):
            return other
    raise Refused(f"how far {out} windows on {size} cells overlap depends on both; make one of them a number")


def _divides(n: Num, a: Num) -> bool:
    try:
        return integral(div(a, n))
    except NotExact:
        return False


class AdaptiveAvgPool1d(AdaptiveAvgPool):
    """Take means so that o samples come out, as torch.nn.AdaptiveAvgPool1d.

    Shapes:      (B, C, W) -> (B, C, o); ``output_size: ~`` keeps W
    Weights:     none
    MACs:        none
    Elementwise: add B C n - B C o and div B C o, where the windows read n = W + o - gcd(W, o) cells together
    Backward:    div B C o, and add B C n; keeps the input, as torch does, but nothing for a mean of all
    Source:      torch.nn.AdaptiveAvgPool1d
    """

    op: Literal["adaptive_avg_pool1d"] = "adaptive_avg_pool1d"
    axes = 1
    takes = ("B C W",)


class AdaptiveAvgPool2d(AdaptiveAvgPool):
    """Take means so that o_h x o_w pixels come out, as torch.nn.AdaptiveAvgPool2d.

    Shapes:      (B, C, H, W) -> (B, C, o_h, o_w); ``~`` in place of a size keeps that of the input
    Weights:     none
    MACs:        none
    Elementwise: add B C n - B C o_h o_w and div B C o_h o_w, where the windows read n = (H + o_h - gcd(H,
                 o_h))(W + o_w - gcd(W, o_w)) cells together
    Backward:    div B C o_h o_w, and add B C n; keeps the input, as torch does, but nothing for a mean of all
    Source:      torch.nn.AdaptiveAvgPool2d
    """

    op: Literal["adaptive_avg_pool2d"] = "adaptive_avg_pool2d"
    axes = 2
    takes = ("B C H W",)


class AdaptiveAvgPool3d(AdaptiveAvgPool):
    """Take means so that o_t x o_h x o_w voxels come out, as torch.nn.AdaptiveAvgPool3d.

    Shapes:      (B, C, T, H, W) -> (B, C, o_t, o_h, o_w); ``~`` in place of a size keeps that of the input
    Weights:     none
    MACs:        none
    Elementwise: add B C n - B C o_t o_h o_w and div B C o_t o_h o_w, where the windows read n cells together,
                 the product of H + o - gcd(H, o) over the axes
    Backward:    div B C o_t o_h o_w, and add B C n; keeps the input, as torch does, but nothing for a mean of
                 all
    Source:      torch.nn.AdaptiveAvgPool3d
    """

    op: Literal["adaptive_avg_pool3d"] = "adaptive_avg_pool3d"
    axes = 3
    takes = ("B C T H W",)


class AdaptiveMaxPool1d(AdaptiveMaxPool):
    """Take maxima so that o samples come out, as torch.nn.AdaptiveMaxPool1d.

    Shapes:      (B, C, W) -> (B, C, o); ``output_size: ~`` keeps W
    Weights:     none
    MACs:        none
    Elementwise: compare B C n - B C o, where the windows read n = W + o - gcd(W, o) cells together
    Backward:    add B C o, into the cells they came from; keeps the input and where each maximum was
    Source:      torch.nn.AdaptiveMaxPool1d
    """

    op: Literal["adaptive_max_pool1d"] = "adaptive_max_pool1d"
    axes = 1
    takes = ("B C W",)


class AdaptiveMaxPool2d(AdaptiveMaxPool):
    """Take maxima so that o_h x o_w pixels come out, as torch.nn.AdaptiveMaxPool2d.

    Shapes:      (B, C, H, W) -> (B, C, o_h, o_w); ``~`` in place of a size keeps that of the input
    Weights:     none
    MACs:        none
    Elementwise: compare B C n - B C o_h o_w, where the windows read n = (H + o_h - gcd(H, o_h))(W + o_w -
                 gcd(W, o_w)) cells together
    Backward:    add B C o_h o_w, into the cells they came from; keeps the input and where each maximum was
    Source:      torch.nn.AdaptiveMaxPool2d
    """

    op: Literal["adaptive_max_pool2d"] = "adaptive_max_pool2d"
    axes = 2
    takes = ("B C H W",)


class AdaptiveMaxPool3d(AdaptiveMaxPool):
    """Take maxima so that o_t x o_h x o_w voxels come out, as torch.nn.AdaptiveMaxPool3d.

    Shapes:      (B, C, T, H, W) -> (B, C, o_t, o_h, o_w); ``~`` in place of a size keeps that of the input
    Weights:     none
    MACs:        none
    Elementwise: compare B C n - B C o_t o_h o_w, where the windows read n cells together, the product of H +
                 o - gcd(H, o) over the axes
    Backward:    add B C o_t o_h o_w, into the cells they came from; keeps the input and where each maximum
                 was
    Source:      torch.nn.AdaptiveMaxPool3d
    """

    op: Literal["adaptive_max_pool3d"] = "adaptive_max_pool3d"
    axes = 3
    takes = ("B C T H W",)


CASES = (
    Case({"output_size": 7}, ("1 512 14 14",), "1 512 7 7", op="adaptive_avg_pool2d",
         work={"add": 75_264, "div": 25_088}, source="torchvision's VGG at 448 x 448: windows of 2 x 2"),
    Case({"output_size": [6, None]}, ("B 256 H W",), "B 256 6 W", op="adaptive_avg_pool2d",
         work={"add": "256*B*H*W - 256*gcd(H, 6)*B*W", "div": "1536*B*W"},
         source="how far windows overlap depends on gcd(H, 6)"),
    Case({"output_size": 1}, ("B C W",), "B C 1", op="adaptive_avg_pool1d",
         work={"add": "B*C*W - B*C", "div": "B*C"}, source="the mean of all"),
    Case({"output_size": 3}, ("1 2 7 5",), "1 2 3 3", op="adaptive_max_pool2d", work={"compare": 108},
         source="9 x 7 cells read for 3 x 3 outputs"),
    Case({"output_size": "H"}, ("B C H 2*H",), "B C H H", op="adaptive_max_pool2d",
         work={"compare": "B*C*H**2"}, source="a size that is an expression"),
    Case({"output_size": 4}, ("1 8 10",), "1 8 4", op="adaptive_max_pool1d", work={"compare": 64},
         source="12 cells read for 4 outputs"),
    Case({"output_size": [1, 7, 7]}, ("1 8 4 7 7",), "1 8 1 7 7", op="adaptive_avg_pool3d",
         work={"add": 1176, "div": 392}, source="frames averaged, the image kept"),
    Case({"output_size": [2, 2, 2]}, ("1 8 4 4 4",), "1 8 2 2 2", op="adaptive_max_pool3d",
         work={"compare": 448}, source="windows of 2 x 2 x 2"),
)  # fmt: skip
