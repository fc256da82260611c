"""Convolution with standardised filters."""

from dataclasses import replace
from typing import Literal

from symcost.algebra.division import div
from symcost.ops.case import Case
from symcost.ops.conv import Conv2d
from symcost.ops.facts import NO_WORK, WEIGHTS, Facts, Kept, numel
from symcost.ops.fields import Flag
from symcost.ops.moments import standardise, standardise_back
from symcost.ops.op import Axes
from symcost.ops.shard import Cuts, Shard
from symcost.ops.work import plus


class StdConv2d(Conv2d):
    """Convolve with filters of mean 0 and variance 1; not a layer of torch, but of timm's BiT and NFNet.

    Shapes:      (B, C, H, W) -> (B, D, H', W'), as conv2d
    Weights:     weight (D, C/g, K_h, K_w), bias (D); with ``gain`` a learned scale (D) of the filters
    MACs:        B D H' W' (C/g) K_h K_w
    Elementwise: add B D H' W' for the bias; filters are standardised once for all evaluations, which is not counted
    Backward:    of the training step, which makes the filters: beside what conv2d takes, for the weight add 3 n - 1,
                 mul 2 n, div 3 and sqrt 1 for each of D filters of n = (C/g) K_h K_w numbers and, on the way back, add
                 5 n - 2, mul 4 n and div 2; with ``gain`` mul n to scale them, mul 2 n and add n - 1 for both
                 gradients. Keeps the input, the filters that were made, and mean and 1/sqrt(variance + eps) of each
    Source:      Qiao et al. 2019 (arXiv:1903.10520), equations 5 and 6; the gain is that of Brock et al. 2021
                 (arXiv:2101.08692), section 4; the arithmetic is that of symcost.ops.moments
    """

    op: Literal["std_conv2d"] = "std_conv2d"  # type: ignore[assignment]

    gain: Flag = False

    def emit(self, a: Axes) -> Facts:
        facts = super().emit(a)
        weight, filters = facts.weights["weight"], self.out_channels
        n = div(numel(weight), filters)
        scaled = {"mul": 3 * filters * n, "add": filters * (n - 1)} if self.gain else NO_WORK
        return replace(
            facts,
            weights={**facts.weights, "gain": (filters,)} if self.gain else facts.weights,
            grad_weight=plus(facts.grad_weight, standardise(filters, n), standardise_back(filters, n), scaled),
            keeps=(
                *facts.keeps,
                Kept("filters", shape=weight),
                Kept("mean", shape=(filters,), to=(WEIGHTS,)),
                Kept("rstd", shape=(filters,), to=(WEIGHTS,)),
            ),
        )

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: some filters, which need all of their own weights."""
        return None if cuts.at is not None and self.groups == 1 else super().shard(cuts)


CASES = (
    Case({"out": 64, "kernel": 7, "stride": 2, "padding": 3, "bias": False}, ("1 3 224 224",), "1 64 112 112",
         params=9408, macs=118_013_952, source="BiT's stem, Kolesnikov et al. 2020"),
    Case({"out": "D", "kernel": 3, "padding": "same", "stride": 2, "gain": True}, ("B 8 H W",),
         "B D ceil(H/2) ceil(W/2)", params="74*D", macs="72*B*D*ceil(H/2)*ceil(W/2)",
         source="NFNet, Brock et al. 2021"),
    Case({"out": 12, "kernel": 3, "groups": 4, "gain": True}, ("2 8 9 9",), "2 12 7 7", params=240, macs=21_168),
)  # fmt: skip
