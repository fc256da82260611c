"""Average pooling in one, two and three dimensions."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, numel
from symcost.ops.fields import Amounts, Flag
from symcost.ops.op import Axes
from symcost.ops.pool import Pool


class AvgPool(Pool):
    """What the three average poolings share."""

    padding: Literal["same"] | Amounts = 0
    count_include_pad: Flag = True

    def emit(self, a: Axes) -> Facts:
        out, cells, needs = self.windows(a, self.padding)
        outputs = numel(out)
        return Facts(
            outs=(out,),
            work={"add": outputs * (cells - 1), "div": outputs},
            grad_input={"add": outputs * cells, "div": outputs},
            keeps=(INPUT,),
            taps=outputs * cells,
            needs=needs,
        )


class AvgPool1d(AvgPool):
    """Take the mean of K samples, as torch.nn.AvgPool1d.

    Shapes:      (B, C, W) -> (B, C, W'), W' = floor((W + 2p - K)/s) + 1, s = K unless given; ``ceil_mode``
                 rounds up, but no window starts in the padding after the input; ``padding: same`` gives
                 ceil(W/s)
    Weights:     none
    MACs:        none
    Elementwise: add K - 1 and div 1 for each output: windows count in full, also where they lie on padding;
                 ``count_include_pad`` changes by what is divided, not that it is
    Backward:    div 1 and add K for each output, spread over its window; keeps the input, as torch does
    Source:      torch.nn.AvgPool1d
    """

    op: Literal["avg_pool1d"] = "avg_pool1d"
    axes = 1
    takes = ("B C W",)


class AvgPool2d(AvgPool):
    """Take the mean of K_h x K_w pixels, as torch.nn.AvgPool2d.

    Shapes:      (B, C, H, W) -> (B, C, H', W'), H' = floor((H + 2p - K)/s) + 1, s = K unless given;
                 ``ceil_mode`` rounds up, but no window starts in the padding after the input; ``padding:
                 same`` gives ceil(H/s)
    Weights:     none
    MACs:        none
    Elementwise: add K_h K_w - 1 and div 1 for each output: windows count in full, also where they lie on
                 padding; ``count_include_pad`` changes by what is divided, not that it is
    Backward:    div 1 and add K_h K_w for each output, spread over its window; keeps the input, as torch does
    Source:      torch.nn.AvgPool2d
    """

    op: Literal["avg_pool2d"] = "avg_pool2d"
    axes = 2
    takes = ("B C H W",)


class AvgPool3d(AvgPool):
    """Take the mean of K_t x K_h x K_w voxels, as torch.nn.AvgPool3d.

    Shapes:      (B, C, T, H, W) -> (B, C, T', H', W'), each as floor((H + 2p - K)/s) + 1, s = K unless given;
                 ``ceil_mode`` rounds up, but no window starts in the padding after the input; ``padding:
                 same`` gives ceil(H/s)
    Weights:     none
    MACs:        none
    Elementwise: add K_t K_h K_w - 1 and div 1 for each output: windows count in full, also where they lie on
                 padding; ``count_include_pad`` changes by what is divided, not that it is
    Backward:    div 1 and add K_t K_h K_w for each output, spread over its window; keeps the input, as torch
                 does
    Source:      torch.nn.AvgPool3d
    """

    op: Literal["avg_pool3d"] = "avg_pool3d"
    axes = 3
    takes = ("B C T H W",)


CASES = (
    Case({"kernel": 2}, ("B C 2*H 2*W",), "B C H W", op="avg_pool2d",
         work={"add": "3*B*C*H*W", "div": "B*C*H*W"},
         source="DenseNet's transition layer, Huang et al. 2016"),
    Case({"kernel": 5, "stride": 3}, ("1 512 14 14",), "1 512 4 4", op="avg_pool2d",
         work={"add": 196_608, "div": 8192},
         source="GoogLeNet's auxiliary head, Szegedy et al. 2014, section 5"),
    Case({"kernel": 3, "stride": 1, "padding": 1, "count_include_pad": False}, ("B 192 H W",), "B 192 H W",
         op="avg_pool2d", work={"add": "1536*B*H*W", "div": "192*B*H*W"},
         source="the pooling column of Inception-v3, Szegedy et al. 2015"),
    Case({"kernel": 4, "stride": 3, "padding": 1, "ceil_mode": True}, ("2 3 9",), "2 3 4", op="avg_pool1d",
         work={"add": 72, "div": 24}, source="the last window hangs over the padded end; floor would give 3"),
    Case({"kernel": "H", "stride": 1}, ("B C H W",), "B C 1 W - H + 1", op="avg_pool2d",
         source="a kernel as high as the image"),
    Case({"kernel": [2, 3, 4], "stride": [3, 1, 5], "padding": [0, 0, 1]}, ("2 8 112 32 16",), "2 8 37 30 3",
         op="avg_pool3d", work={"add": 1_225_440, "div": 53_280},
         source="sizes, strides and padding by axis"),
)  # fmt: skip
