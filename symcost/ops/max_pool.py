"""Max pooling in one, two and three dimensions."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, Kept, numel
from symcost.ops.fields import Amounts, Sizes
from symcost.ops.op import Axes
from symcost.ops.pool import Pool


class MaxPool(Pool):
    """What the three max poolings share."""

    padding: Literal["same"] | Amounts = 0
    dilation: Sizes = 1

    def emit(self, a: Axes) -> Facts:
        out, cells, needs = self.windows(a, self.padding, self.dilation)
        return Facts(
            outs=(out,),
            work={"compare": numel(out) * (cells - 1)},
            grad_input={"add": numel(out)},
            keeps=(INPUT, Kept("indices", shape=out, dtype="index")),
            taps=numel(out) * cells,
            needs=needs,
        )


class MaxPool1d(MaxPool):
    """Take the largest of K samples, as torch.nn.MaxPool1d.

    Shapes:      (B, C, W) -> (B, C, W'), W' = floor((W + 2p - d(K - 1) - 1)/s) + 1, s = K unless given;
                 ``ceil_mode`` rounds up, but no window starts in the padding after the input; ``padding:
                 same`` gives ceil(W/s)
    Weights:     none
    MACs:        none
    Elementwise: compare K - 1 for each output: windows count in full, also where they lie on padding
    Backward:    add 1 for each output, into the cell it came from; keeps the input and where each maximum was
    Source:      torch.nn.MaxPool1d
    """

    op: Literal["max_pool1d"] = "max_pool1d"
    axes = 1
    takes = ("B C W",)


class MaxPool2d(MaxPool):
    """Take the largest of K_h x K_w pixels, as torch.nn.MaxPool2d.

    Shapes:      (B, C, H, W) -> (B, C, H', W'), H' = floor((H + 2p - d(K - 1) - 1)/s) + 1, s = K unless
                 given; ``ceil_mode`` rounds up, but no window starts in the padding after the input;
                 ``padding: same`` gives ceil(H/s)
    Weights:     none
    MACs:        none
    Elementwise: compare K_h K_w - 1 for each output: windows count in full, also where they lie on padding
    Backward:    add 1 for each output, into the cell it came from; keeps the input and where each maximum was
    Source:      torch.nn.MaxPool2d
    """

    op: Literal["max_pool2d"] = "max_pool2d"
    axes = 2
    takes = ("B C H W",)


class MaxPool3d(MaxPool):
    """Take the largest of K_t x K_h x K_w voxels, as torch.nn.MaxPool3d.

    Shapes:      (B, C, T, H, W) -> (B, C, T', H', W'), each as floor((H + 2p - d(K - 1) - 1)/s) + 1, s = K
                 unless given; ``ceil_mode`` rounds up, but no window starts in the padding after the input;
                 ``padding: same`` gives ceil(H/s)
    Weights:     none
    MACs:        none
    Elementwise: compare K_t K_h K_w - 1 for each output: windows count in full, also where they lie on
                 padding
    Backward:    add 1 for each output, into the cell it came from; keeps the input and where each maximum was
    Source:      torch.nn.MaxPool3d
    """

    op: Literal["max_pool3d"] = "max_pool3d"
    axes = 3
    takes = ("B C T H W",)


CASES = (
    Case({"kernel": 3, "stride": 2, "padding": 1}, ("B C H W",), "B C ceil(H/2) ceil(W/2)", op="max_pool2d",
         work={"compare": "8*B*C*ceil(H/2)*ceil(W/2)"}, source="ResNet's pooling, He et al. 2015"),
    Case({"kernel": 2}, ("1 64 224 224",), "1 64 112 112", op="max_pool2d", work={"compare": 2_408_448},
         source="VGG"),
    Case({"kernel": 3, "stride": 2, "ceil_mode": True}, ("1 64 112 112",), "1 64 56 56", op="max_pool2d",
         work={"compare": 1_605_632},
         source="GoogLeNet's first pooling, Szegedy et al. 2014; floor would give 55"),
    Case({"kernel": 2, "stride": 2, "padding": 1, "ceil_mode": True}, ("1 1 5 6",), "1 1 3 4",
         op="max_pool2d",
         source="5 + 2 cells take 4 windows of 2, but the fourth would start in the padding"),
    Case({"kernel": 3, "stride": 2, "padding": "same"}, ("B 32 H 7",), "B 32 ceil(H/2) 4", op="max_pool2d",
         source="SAME padding: ceil(H/s)"),
    Case({"kernel": 3, "stride": 1, "dilation": 2}, ("B C W",), "B C W - 4", op="max_pool1d",
         work={"compare": "2*B*C*W - 8*B*C"},
         source="a dilated window reaches over d(K - 1) + 1 = 5 samples"),
    Case({"kernel": [1, 2, 2]}, ("1 64 16 112 112",), "1 64 16 56 56", op="max_pool3d",
         work={"compare": 9_633_792}, source="C3D's first pooling, Tran et al. 2015"),
)  # fmt: skip
