"""Instance normalisation."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import INPUT, NO_WORK, Facts, Kept, numel
from symcost.ops.fields import Flag
from symcost.ops.moments import affine, normal_again, standardise, standardise_back, sums_back
from symcost.ops.op import Axes, Op
from symcost.ops.work import plus, times


class InstanceNorm(Op):
    """Normalise each channel of each example over its places, as torch.nn.InstanceNorm1d, 2d and 3d.

    Shapes:      (B, C, ...) -> the same; at least one axis of places
    Weights:     weight (C) and bias (C) with ``affine``
    MACs:        none
    Elementwise: add 3 n - 1, mul 2 n, div 3 and sqrt 1 for each of B C channels of n = (...) places (mean, variance,
                 normalise); with ``affine`` mul 1 and add 1 for each element
    Backward:    for the input add 5 n - 2, mul 4 n and div 2 for each channel, mul 1 more to scale it with ``affine``;
                 add 3 n - 2 and mul 2 n of it are sums that the gradients of the weights read, too, and shared; for
                 these add 2 (B - 1) C more.
                 Keeps the input, and mean and 1/sqrt(variance + eps) of each channel
    Source:      Ulyanov et al. 2016, equation 3; the arithmetic is that of symcost.ops.moments
    """

    op: Literal["instance_norm"] = "instance_norm"
    takes = ("B C ... W",)
    apart = "C"

    affine: Flag = False

    def emit(self, a: Axes) -> Facts:
        groups = a.B * a.C
        n = numel(a.ins[0][2:])
        state = (a.B, a.C)
        shared = plus(normal_again(groups, n), sums_back(groups, n)) if self.affine else NO_WORK
        whole = plus(standardise_back(groups, n), {"mul": groups} if self.affine else NO_WORK)
        return Facts(
            outs=a.ins,
            work=plus(standardise(groups, n), affine(groups * n) if self.affine else NO_WORK),
            weights={"weight": (a.C,), "bias": (a.C,)} if self.affine else {},
            grad_input=plus(whole, times(-1, shared)),
            grad_weight=plus(shared, {"add": 2 * (groups - a.C)}) if self.affine else NO_WORK,
            shared=shared,
            keeps=(INPUT, Kept("mean", shape=state), Kept("rstd", shape=state)),
        )


CASES = (
    Case({}, ("B C H W",), "B C H W",
         work={"add": "3*B*C*H*W - B*C", "mul": "2*B*C*H*W", "div": "3*B*C", "sqrt": "B*C"},
         source="style transfer: Ulyanov et al. 2016"),
    Case({"affine": True}, ("2 3 10",), "2 3 10", params=6, work={"add": 234, "mul": 180, "div": 18, "sqrt": 6}),
)  # fmt: skip
