"""Batch normalisation."""

from typing import Literal

from symcost.algebra.poly import Num
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, NO_WORK, Facts, Kept, Work, numel
from symcost.ops.fields import Flag
from symcost.ops.moments import affine, normal_again, standardise, standardise_back, sums_back
from symcost.ops.op import Axes, Op
from symcost.ops.work import plus, times


class BatchNorm(Op):
    """Normalise each channel over batch and places, as torch.nn.BatchNorm1d, 2d and 3d.

    Shapes:      (B, C, ...) -> the same
    Weights:     weight (C) and bias (C) with ``affine``, the bias alone with ``scale: false``, as in Keras; buffers
                 running_mean (C), running_var (C) and num_batches_tracked (one number) with ``track_running_stats``
    MACs:        none
    Elementwise: in evaluation mul 1 and add 1 for each element, y = a x + b: a = weight/sqrt(running_var + eps) and
                 b = bias - a running_mean are made once. Without running statistics they come from the input:
                 add 3 n - 1, mul 2 n, div 3 and sqrt 1 for each channel of n = B (...) elements, and mul 1 and add 1
                 for each element with ``affine``, of which ``scale: false`` leaves the add
    Backward:    of the training step, whose statistics are those of the input: add 5 n - 2, mul 4 n and div 2 for each
                 channel, mul 1 more to scale it by a weight. Two sums of that are the gradients of weight and bias, so
                 add 3 n - 2 and mul 2 n of it are for these, and shared; add n - 1 for the bias alone. Keeps the input,
                 and mean and 1/sqrt(variance + eps) of each channel
    Source:      Ioffe and Szegedy 2015, algorithms 1 and 2; the arithmetic is that of symcost.ops.moments
    """

    op: Literal["batch_norm"] = "batch_norm"
    takes = ("B C ...",)
    apart = "C"

    affine: Flag = True
    scale: Flag = True
    track_running_stats: Flag = True

    def emit(self, a: Axes) -> Facts:
        each = {"weight": (a.C,), "bias": (a.C,)} if self.scale else {"bias": (a.C,)}
        state = {"running_mean": (a.C,), "running_var": (a.C,), "num_batches_tracked": ()}
        n = a.B * numel(a.rest)
        shared = self._sums(a.C, n)
        whole = plus(standardise_back(a.C, n), {"mul": a.C} if self.affine and self.scale else NO_WORK)
        return Facts(
            outs=a.ins,
            work=self._forward(a, n),
            weights=each if self.affine else {},
            buffers=state if self.track_running_stats else {},
            read={"num_batches_tracked": 0},
            grad_input=plus(whole, times(-1, shared)),
            grad_weight=shared,
            shared=shared,
            keeps=(INPUT, Kept("mean", shape=(a.C,)), Kept("rstd", shape=(a.C,))),
        )

    def _forward(self, a: Axes, n: Num) -> Work:
        scaled = affine(a.C * n)
        if self.track_running_stats:
            return scaled
        shifted = scaled if self.scale else {"add": a.C * n}
        return plus(standardise(a.C, n), shifted if self.affine else NO_WORK)

    def _sums(self, channels: Num, n: Num) -> Work:
        """Return the work of the sums that are gradients of weight and bias."""
        if not self.affine:
            return NO_WORK
        if not self.scale:
            return plus({"add": channels * (n - 1)})
        return plus(normal_again(channels, n), sums_back(channels, n))


CASES = (
    Case({}, ("B C H W",), "B C H W", params="2*C", buffers="2*C + 1", work={"mul": "B*C*H*W", "add": "B*C*H*W"},
         source="one scale and one shift for each channel: Ioffe and Szegedy 2015, algorithm 2"),
    Case({}, ("1 64 112 112",), "1 64 112 112", params=128, buffers=129, work={"mul": 802_816, "add": 802_816},
         source="ResNet-50's first"),
    Case({"scale": False}, ("B C H W",), "B C H W", params="C", buffers="2*C + 1",
         work={"mul": "B*C*H*W", "add": "B*C*H*W"}, source="Keras's Inception v3: shifts only"),
    Case({"affine": False}, ("B C",), "B C", buffers="2*C + 1", work={"mul": "B*C", "add": "B*C"},
         source="features without places"),
    Case({"track_running_stats": False}, ("8 4 10",), "8 4 10", params=8,
         work={"add": 1276, "mul": 960, "div": 12, "sqrt": 4}, source="statistics of 80 elements for each channel"),
)  # fmt: skip
