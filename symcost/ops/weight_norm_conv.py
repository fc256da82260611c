"""Convolution whose filters are directions and lengths."""

from dataclasses import replace
from typing import Literal

from symcost.algebra.division import div
from symcost.algebra.poly import Num
from symcost.ops.case import Case
from symcost.ops.conv import Conv1d
from symcost.ops.dims import axis
from symcost.ops.facts import WEIGHTS, Facts, Kept, Shape, Work, numel
from symcost.ops.fields import Whole
from symcost.ops.op import Axes
from symcost.ops.shard import Cuts, Shard
from symcost.ops.work import plus, times


class WeightNormConv1d(Conv1d):
    """Convolve with filters that are learned as directions and lengths, torch's weight_norm of a Conv1d.

    Shapes:      (B, C, T) -> (B, D, T'), as conv1d
    Weights:     direction (D, C/g, K), bias (D), and a length for each place of the axis ``dim`` of the filters, by
                 default 0: length (D, 1, 1); (1, 1, K) with ``dim: 2``
    MACs:        B D T' (C/g) K
    Elementwise: add B D T' for the bias; filters are made once for all evaluations, which is not counted
    Backward:    of the training step, which makes the filters w = v (l/|v|): beside what conv1d takes, for each length
                 of n numbers mul 2 n, add n - 1, sqrt 1 and div 1 and, on the way back, mul 3 n, add 2 n - 1 and div 2.
                 Keeps the input, the filters that were made, and |v|
    Source:      Salimans and Kingma 2016 (arXiv:1602.07868), equations 2 and 3; torch.nn.utils.parametrizations
    """

    op: Literal["weight_norm_conv1d"] = "weight_norm_conv1d"  # type: ignore[assignment]

    dim: Whole = 0

    def emit(self, a: Axes) -> Facts:
        facts = super().emit(a)
        weights = dict(facts.weights)
        filters = weights.pop("weight")
        lengths = _own(filters, axis(self.dim, filters))
        made = times(numel(lengths), _of_one(div(numel(filters), numel(lengths))))
        return replace(
            facts,
            weights={"direction": filters, "length": lengths, **weights},
            grad_weight=plus(facts.grad_weight, made),
            keeps=(*facts.keeps, Kept("filters", shape=filters), Kept("norms", shape=lengths, to=(WEIGHTS,))),
        )

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: some filters, which need all of their own weights."""
        return None if cuts.at is not None and self.groups == 1 else super().shard(cuts)


def _own(shape: Shape, place: int) -> Shape:
    """Return the shape with size 1 on all axes but one."""
    return tuple(size if i == place else 1 for i, size in enumerate(shape))


def _of_one(n: Num) -> Work:
    """Return the work of making n numbers of a direction and one length, and of both gradients."""
    return {"mul": 5 * n, "add": 3 * n - 2, "sqrt": 1, "div": 3}


CASES = (
    Case({"out": 768, "kernel": 128, "padding": 64, "groups": 16, "dim": 2}, ("B 768 49",), "B 768 50",
         params=4_719_488, macs="235929600*B", source="positions of wav2vec 2.0, Baevski et al. 2020"),
    Case({"out": "D", "kernel": 3}, ("B C T",), "B D T-2", params="3*C*D + 2*D", macs="3*B*C*D*T - 6*B*C*D"),
    Case({"out": 6, "kernel": 2, "stride": 2, "bias": False, "groups": 2}, ("2 4 8",), "2 6 4", params=30, macs=192,
         source="filters of 4 numbers"),
)  # fmt: skip
