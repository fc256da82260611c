"""Convolution in one, two and three dimensions."""

from typing import ClassVar, Literal

from symcost.algebra.division import div
from symcost.algebra.needs import Need
from symcost.algebra.poly import Num
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, Shape, numel
from symcost.ops.fields import Amount, Flag, Size, Sizes, also
from symcost.ops.groups import divided
from symcost.ops.op import Axes, Op
from symcost.ops.shard import Cuts, Shard
from symcost.ops.window import Pads, fits, same, sides, slide, spread


class Conv(Op):
    """What the three convolutions share; the subclasses say how many axes the window slides over."""

    axes: ClassVar[int]

    out_channels: Size = also("out_channels", "out")
    kernel_size: Sizes = also("kernel_size", "kernel")
    stride: Sizes = 1
    padding: Literal["same", "valid"] | Amount | tuple[Amount | tuple[Amount, Amount], ...] = 0
    dilation: Sizes = 1
    groups: Size = 1
    bias: Flag = True
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros"

    def emit(self, a: Axes) -> Facts:
        kernel = spread(self.kernel_size, self.axes, "kernel_size")
        grid, fit = self._grid(a.ins[0][2:], kernel)
        weight = (self.out_channels, div(a.C, self.groups), *kernel)
        out = (a.B, self.out_channels, *grid)
        macs = numel((a.B, *grid)) * numel(weight)
        added = {"add": numel(out)} if self.bias else {}
        gathered = {"add": numel(out) - self.out_channels} if self.bias else {}
        return Facts(
            outs=(out,),
            work={"mac": macs, **added},
            weights={"weight": weight, "bias": (self.out_channels,)} if self.bias else {"weight": weight},
            grad_input={"mac": macs},
            grad_weight={"mac": macs, **gathered},
            keeps=(INPUT,),
            needs=(*fit, *divided(self.groups, a.C, self.out_channels)),
        )

    def _grid(self, sizes: Shape, kernel: tuple[Num, ...]) -> tuple[Shape, tuple[Need, ...]]:
        stride = spread(self.stride, self.axes, "stride")
        if self.padding == "same":
            return tuple(map(same, sizes, stride)), ()
        dilation = spread(self.dilation, self.axes, "dilation")
        pads: Pads = sides(0 if self.padding == "valid" else self.padding, self.axes)
        needs = tuple(map(fits, sizes, kernel, pads, dilation))
        return tuple(map(slide, sizes, kernel, stride, pads, dilation)), needs

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: some channels out, some groups, or some channels in, to be added up."""
        if cuts.at is None:
            return Shard((1,), {"out_channels": cuts.part(self.out_channels)}) if self.groups == 1 else None
        if cuts.at != 1:
            return None
        if self.groups == 1:
            return Shard((None,), summed=True)
        fields = {key: cuts.part(size) for key, size in (("out_channels", self.out_channels), ("groups", self.groups))}
        return Shard((1,), fields, evenly=(self.groups,))


class Conv1d(Conv):
    """Slide a window of K taps along a sequence, as torch.nn.Conv1d.

    Shapes:      (B, C, W) -> (B, D, W'), W' = floor((W + p + p' - d(K - 1) - 1)/s) + 1; ``padding: same``
                 gives ceil(W/s)
    Weights:     weight (D, C/g, K), bias (D)
    MACs:        B D W' (C/g) K
    Elementwise: add B D W' for the bias
    Backward:    MACs again for the input, again for the weight; add B D W' - D for the bias; keeps the input
    Source:      Dumoulin and Visin 2016, relation 6
    """

    op: Literal["conv1d"] = "conv1d"
    axes = 1
    takes = ("B C W",)


class Conv2d(Conv):
    """Slide a K_h x K_w window over an image, as torch.nn.Conv2d.

    Shapes:      (B, C, H, W) -> (B, D, H', W'), H' = floor((H + p + p' - d(K - 1) - 1)/s) + 1; ``padding:
                 same`` gives ceil(H/s)
    Weights:     weight (D, C/g, K_h, K_w), bias (D)
    MACs:        B D H' W' (C/g) K_h K_w
    Elementwise: add B D H' W' for the bias
    Backward:    MACs again for the input, again for the weight; add B D H' W' - D for the bias; keeps the
                 input
    Source:      Dumoulin and Visin 2016, relation 6
    """

    op: Literal["conv2d"] = "conv2d"
    axes = 2
    takes = ("B C H W",)


class Conv3d(Conv):
    """Slide a K_t x K_h x K_w window over a volume or a clip, as torch.nn.Conv3d.

    Shapes:      (B, C, T, H, W) -> (B, D, T', H', W'), each as floor((H + p + p' - d(K - 1) - 1)/s) + 1;
                 ``padding: same`` gives ceil(H/s)
    Weights:     weight (D, C/g, K_t, K_h, K_w), bias (D)
    MACs:        B D T' H' W' (C/g) K_t K_h K_w
    Elementwise: add B D T' H' W' for the bias
    Backward:    MACs again for the input, again for the weight; add B D T' H' W' - D for the bias; keeps the
                 input
    Source:      Dumoulin and Visin 2016, relation 6
    """

    op: Literal["conv3d"] = "conv3d"
    axes = 3
    takes = ("B C T H W",)


CASES = (
    Case({"out": 64, "kernel": 7, "stride": 2, "padding": 3, "bias": False}, ("1 3 224 224",), "1 64 112 112",
         params=9408, macs=118_013_952, op="conv2d", source="ResNet-50's stem"),
    Case({"out": "C", "kernel": 3, "padding": 1, "groups": "C", "bias": False}, ("B C H W",), "B C H W",
         params="9*C", macs="9*B*C*H*W", op="conv2d", source="depthwise: Howard et al. 2017, section 3.1"),
    Case({"out": 8, "kernel": [3, 1], "padding": "same", "stride": 2}, ("B 4 H W",),
         "B 8 ceil(H/2) ceil(W/2)", params=104, macs="96*B*ceil(H/2)*ceil(W/2)", op="conv2d",
         source="SAME padding: ceil(H/s)"),
    Case({"out": 6, "kernel": 3, "padding": [[0, 1], [2, 3]]}, ("2 3 8 8",), "2 6 7 11", params=168,
         macs=24948, op="conv2d", source="asymmetric padding"),
    Case({"out": 16, "kernel": 5, "dilation": 2}, ("B 4 W",), "B 16 W - 8", params=336,
         macs="320*B*W - 2560*B", op="conv1d",
         source="a dilated window reaches over d(K - 1) + 1 = 9 samples"),
    Case({"out": 64, "kernel": 3, "padding": 1}, ("1 3 16 112 112",), "1 64 16 112 112", params=5248,
         macs=1_040_449_536, op="conv3d", source="C3D's first layer, Tran et al. 2015"),
)  # fmt: skip
