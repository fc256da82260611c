"""Power-average pooling in one, two and three dimensions."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import INPUT, OUTPUT, Facts, numel
from symcost.ops.fields import Real
from symcost.ops.op import Axes, Refused
from symcost.ops.pool import Pool


class LpPool(Pool):
    """What the three power-average poolings share."""

    norm_type: Real

    def emit(self, a: Axes) -> Facts:
        if self.norm_type == 0:
            raise Refused("norm_type is 0, and there is no root of degree 0; 2 is the Euclidean norm")
        out, cells, needs = self.windows(a)
        inputs, outputs = numel(a.ins[0]), numel(out)
        return Facts(
            outs=(out,),
            work={"pow": inputs + outputs, "add": outputs * (cells - 1)},
            grad_input={"pow": inputs + outputs, "mul": inputs + outputs, "add": outputs * cells},
            keeps=(INPUT, OUTPUT),
            taps=outputs * cells,
            needs=needs,
        )


class LpPool1d(LpPool):
    """Take the p-norm of K samples, y = (sum of x**p)**(1/p), as torch.nn.LPPool1d.

    Shapes:      (B, C, W) -> (B, C, W'), W' = floor((W - K)/s) + 1, s = K unless given; ``ceil_mode`` rounds
                 up
    Weights:     none
    MACs:        none
    Elementwise: pow 1 for each input and 1 for each output; add K - 1 for each output, windows counted in
                 full
    Backward:    g y**(1 - p) for each output, spread over its window (pow, mul, K add), times x**(p - 1) for
                 each input (pow, mul); keeps the input and the output
    Source:      torch.nn.LPPool1d
    """

    op: Literal["lp_pool1d"] = "lp_pool1d"
    axes = 1
    takes = ("B C W",)


class LpPool2d(LpPool):
    """Take the p-norm of K_h x K_w pixels, y = (sum of x**p)**(1/p), as torch.nn.LPPool2d.

    Shapes:      (B, C, H, W) -> (B, C, H', W'), H' = floor((H - K)/s) + 1, s = K unless given; ``ceil_mode``
                 rounds up
    Weights:     none
    MACs:        none
    Elementwise: pow 1 for each input and 1 for each output; add K_h K_w - 1 for each output, windows counted
                 in full
    Backward:    g y**(1 - p) for each output, spread over its window (pow, mul, K_h K_w add), times x**(p -
                 1) for each input (pow, mul); keeps the input and the output
    Source:      torch.nn.LPPool2d
    """

    op: Literal["lp_pool2d"] = "lp_pool2d"
    axes = 2
    takes = ("B C H W",)


class LpPool3d(LpPool):
    """Take the p-norm of K_t x K_h x K_w voxels, y = (sum of x**p)**(1/p), as torch.nn.LPPool3d.

    Shapes:      (B, C, T, H, W) -> (B, C, T', H', W'), each as floor((H - K)/s) + 1, s = K unless given;
                 ``ceil_mode`` rounds up
    Weights:     none
    MACs:        none
    Elementwise: pow 1 for each input and 1 for each output; add K_t K_h K_w - 1 for each output, windows
                 counted in full
    Backward:    g y**(1 - p) for each output, spread over its window (pow, mul, K_t K_h K_w add), times x**(p
                 - 1) for each input (pow, mul); keeps the input and the output
    Source:      torch.nn.LPPool3d
    """

    op: Literal["lp_pool3d"] = "lp_pool3d"
    axes = 3
    takes = ("B C T H W",)


CASES = (
    Case({"norm_type": 2, "kernel": 3, "stride": 2}, ("20 16 50 32",), "20 16 24 15", op="lp_pool2d",
         work={"pow": 627_200, "add": 921_600}, source="the example of torch.nn.LPPool2d"),
    Case({"norm_type": 2, "kernel": 2, "ceil_mode": True}, ("B C W",), "B C ceil(W/2)", op="lp_pool1d",
         work={"pow": "B*C*W + B*C*ceil(W/2)", "add": "B*C*ceil(W/2)"},
         source="ceil mode keeps the odd sample"),
    Case({"norm_type": 3, "kernel": [1, 2, 2]}, ("1 8 4 6 6",), "1 8 4 3 3", op="lp_pool3d",
         work={"pow": 1440, "add": 864}, source="one kernel size for each axis"),
)  # fmt: skip
