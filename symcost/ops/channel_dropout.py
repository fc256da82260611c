"""Dropout of whole channels."""

from fractions import Fraction
from typing import Literal

from symcost.ops.case import Case
from symcost.ops.dropout import dropped
from symcost.ops.facts import Facts, Kept
from symcost.ops.fields import Real
from symcost.ops.op import Axes, Op


class ChannelDropout(Op):
    """Drop each channel of each example with probability p in training, as torch.nn.Dropout1d, 2d and 3d.

    Shapes:      (B, C, ...) -> the same; in evaluation a view
    Weights:     none
    MACs:        none
    Elementwise: none in evaluation; the training step takes random 1, compare 1 and div 1 for each channel of each
                 example, and mul 1 for each element
    Backward:    mul 1 for each element, by the same factor; keeps the factors, one for each channel of each example.
                 With p = 0 nothing is drawn, multiplied or kept
    Source:      Tompson et al. 2015 (arXiv:1411.4280), section 3.2; scaled in training, as torch does
    """

    op: Literal["dropout1d", "dropout2d", "dropout3d"]
    takes = ("B C ...",)

    p: Real = Fraction(1, 2)

    def emit(self, a: Axes) -> Facts:
        return dropped(a.ins[0], self.p, Kept("factors", shape=(a.B, a.C)))


CASES = (
    Case({"p": 0.2}, ("B C H W",), "B C H W", op="dropout2d", source="before a segmentation head"),
    Case({}, ("B C T",), "B C T", op="dropout1d"),
    Case({}, ("2 3 4 5 6",), "2 3 4 5 6", op="dropout3d"),
)
