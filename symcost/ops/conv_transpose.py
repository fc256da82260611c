"""Transposed convolution in one, two and three dimensions."""

from typing import ClassVar, Literal

from symcost.algebra.division import div
from symcost.algebra.needs import AtLeast, Need
from symcost.algebra.poly import Num
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, numel
from symcost.ops.fields import Amounts, Flag, Size, Sizes, also
from symcost.ops.groups import divided
from symcost.ops.op import Axes, Op, Refused
from symcost.ops.shard import Cuts, Shard
from symcost.ops.window import fixed, reach, spread


class ConvTranspose(Op):
    """What the three transposed convolutions share; the subclasses say over how many axes they run."""

    axes: ClassVar[int]

    out_channels: Size = also("out_channels", "out")
    kernel_size: Sizes = also("kernel_size", "kernel")
    stride: Sizes = 1
    padding: Amounts = 0
    output_padding: Amounts = 0
    groups: Size = 1
    bias: Flag = True
    dilation: Sizes = 1

    def emit(self, a: Axes) -> Facts:
        kernel, stride, padding, extra, dilation = (spread(getattr(self, f), self.axes, f) for f in _PER_AXIS)
        grid = tuple(map(_grown, a.ins[0][2:], kernel, stride, padding, extra, dilation))
        weight = (a.C, div(self.out_channels, self.groups), *kernel)
        out = (a.B, self.out_channels, *grid)
        macs = a.B * numel(a.ins[0][2:]) * numel(weight)
        added = {"add": numel(out)} if self.bias else {}
        gathered = {"add": numel(out) - self.out_channels} if self.bias else {}
        return Facts(
            outs=(out,),
            work={"mac": macs, **added},
            weights={"weight": weight, "bias": (self.out_channels,)} if self.bias else {"weight": weight},
            grad_input={"mac": macs},
            grad_weight={"mac": macs, **gathered},
            keeps=(INPUT,),
            needs=(
                *map(_positive, grid),
                *map(_less, extra, stride, dilation),
                *divided(self.groups, a.C, self.out_channels),
            ),
        )

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: some channels out, or some channels in, to be added up."""
        if self.groups != 1 or cuts.at not in (None, 1):
            return None
        whole = cuts.at is None
        return Shard((1,), {"out_channels": cuts.part(self.out_channels)}) if whole else Shard((None,), summed=True)


_PER_AXIS = ("kernel_size", "stride", "padding", "output_padding", "dilation")


def _grown(size: Num, kernel: Num, stride: Num, padding: Num, extra: Num, dilation: Num) -> Num:
    """Return (H - 1)s - 2p + d(K - 1) + 1 + extra: the input to which a convolution would give this size."""
    return (size - 1) * stride - 2 * padding + reach(kernel, dilation) + extra


def _positive(size: Num) -> Need:
    need = AtLeast(size, 1)
    if need.decide({}) is False:
        raise Refused(f"the output would have size {size}; less padding leaves more of it")
    return need


def _less(extra: Num, stride: Num, dilation: Num) -> Need:
    """Return torch's condition that the output padding is smaller than the stride or the dilation."""
    if extra == 0:
        return AtLeast(stride, 1)
    limit = max(fixed(stride, "stride"), fixed(dilation, "dilation"))
    if fixed(extra, "output_padding") >= limit:
        raise Refused(f"output_padding {extra} is not smaller than stride or dilation; at most {limit - 1}")
    return AtLeast(limit - extra, 1)


class ConvTranspose1d(ConvTranspose):
    """Spread every sample over a window of K outputs, as torch.nn.ConvTranspose1d.

    Shapes:      (B, C, W) -> (B, D, W'), W' = (W - 1)s - 2p + d(K - 1) + 1 + output_padding
    Weights:     weight (C, D/g, K), bias (D)
    MACs:        B C W (D/g) K, on the grid of the input
    Elementwise: add B D W' for the bias
    Backward:    MACs again for the input, again for the weight; add B D W' - D for the bias; keeps the input
    Source:      Dumoulin and Visin 2016, relation 14
    """

    op: Literal["conv_transpose1d"] = "conv_transpose1d"
    axes = 1
    takes = ("B C W",)


class ConvTranspose2d(ConvTranspose):
    """Spread every pixel over a window of K_h x K_w outputs, as torch.nn.ConvTranspose2d.

    Shapes:      (B, C, H, W) -> (B, D, H', W'), H' = (H - 1)s - 2p + d(K - 1) + 1 + output_padding
    Weights:     weight (C, D/g, K_h, K_w), bias (D)
    MACs:        B C H W (D/g) K_h K_w, on the grid of the input
    Elementwise: add B D H' W' for the bias
    Backward:    MACs again for the input, again for the weight; add B D H' W' - D for the bias; keeps the
                 input
    Source:      Dumoulin and Visin 2016, relation 14
    """

    op: Literal["conv_transpose2d"] = "conv_transpose2d"
    axes = 2
    takes = ("B C H W",)


class ConvTranspose3d(ConvTranspose):
    """Spread every voxel over a window of K_t x K_h x K_w outputs, as torch.nn.ConvTranspose3d.

    Shapes:      (B, C, T, H, W) -> (B, D, T', H', W'), each as (H - 1)s - 2p + d(K - 1) + 1 + output_padding
    Weights:     weight (C, D/g, K_t, K_h, K_w), bias (D)
    MACs:        B C T H W (D/g) K_t K_h K_w, on the grid of the input
    Elementwise: add B D T' H' W' for the bias
    Backward:    MACs again for the input, again for the weight; add B D T' H' W' - D for the bias; keeps the
                 input
    Source:      Dumoulin and Visin 2016, relation 14
    """

    op: Literal["conv_transpose3d"] = "conv_transpose3d"
    axes = 3
    takes = ("B C T H W",)


CASES = (
    Case({"out": "C", "kernel": 2, "stride": 2}, ("B 2*C H W",), "B C 2*H 2*W", params="8*C**2 + C",
         macs="8*B*C**2*H*W", work={"add": "4*B*C*H*W"}, op="conv_transpose2d",
         source="the up-convolution of Ronneberger et al. 2015, figure 1"),
    Case({"out": 256, "kernel": 4, "stride": 2, "padding": 1, "bias": False}, ("B 512 4 4",), "B 256 8 8",
         params=2_097_152, macs="33554432*B", op="conv_transpose2d",
         source="DCGAN's generator, Radford et al. 2016"),
    Case({"out": 16, "kernel": [5, 3], "stride": [2, 3], "output_padding": [1, 2], "dilation": 2},
         ("1 4 H W",), "1 16 2*H + 8 3*W + 4", params=976, macs="960*H*W", op="conv_transpose2d",
         source="an output padding for each axis"),
    Case({"out": 6, "kernel": 3, "groups": 2}, ("2 4 8",), "2 6 10", params=42, macs=576, work={"add": 120},
         op="conv_transpose1d", source="each group of inputs makes D/g outputs"),
    Case({"out": 8, "kernel": 3, "stride": 2, "padding": 1, "output_padding": 1}, ("B 8 T H W",),
         "B 8 2*T 2*H 2*W", params=1736, macs="1728*B*T*H*W", op="conv_transpose3d",
         source="output_padding makes the size exactly double"),
)  # fmt: skip
