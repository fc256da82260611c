"""Stochastic depth."""

from fractions import Fraction
from typing import Literal

from symcost.ops.case import Case
from symcost.ops.dropout import dropped
from symcost.ops.facts import Facts, Kept
from symcost.ops.fields import Real
from symcost.ops.op import Axes, Op


class StochasticDepth(Op):
    """Drop what a branch makes of an example with probability p in training, as torchvision.ops.StochasticDepth by row.

    Shapes:      (B, ...) -> the same; in evaluation a view
    Weights:     none
    MACs:        none
    Elementwise: none in evaluation; the training step takes random 1, compare 1 and div 1 for each example, and mul 1
                 for each element
    Backward:    mul 1 for each element, by the same factor; keeps the factors, one for each example. With p = 0 nothing
                 is drawn, multiplied or kept
    Source:      Huang et al. 2016 (arXiv:1603.09382), equations 2 and 5; scaled in training, as torchvision does
    """

    op: Literal["stochastic_depth"] = "stochastic_depth"
    takes = ("B ...",)
    apart = "..."

    p: Real = Fraction(1, 2)

    def emit(self, a: Axes) -> Facts:
        return dropped(a.ins[0], self.p, Kept("factors", shape=(a.B,)))


CASES = (
    Case({"p": 0.2}, ("B T E",), "B T E", source="Swin-T's last block: no work in evaluation"),
    Case({}, ("B C H W",), "B C H W"),
)
