"""Dropout."""

from fractions import Fraction
from typing import Literal

from symcost.algebra.poly import Num, constant
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Kept, Shape, numel
from symcost.ops.fields import Real
from symcost.ops.op import Axes, Op, Refused


class Dropout(Op):
    """Drop each element with probability p in training, pass all on in evaluation, as torch.nn.Dropout.

    Shapes:      (...) -> the same; in evaluation a view
    Weights:     none
    MACs:        none
    Elementwise: none in evaluation; the training step takes random 1, compare 1 and mul 1 for each element, x where a
                 random number is at least p, times 1/(1 - p)
    Backward:    mul 1 for each element, by the same mask; keeps the mask, a truth value for each element. With p = 0
                 nothing is drawn, multiplied or kept
    Source:      Srivastava et al. 2014; scaled in training, so that evaluation is the identity, as torch does
    """

    op: Literal["dropout"] = "dropout"
    takes = ("...",)
    apart = "..."

    p: Real = Fraction(1, 2)

    def emit(self, a: Axes) -> Facts:
        return dropped(a.ins[0], self.p, Kept("mask", shape=a.ins[0], dtype="bool"))


def dropped(shape: Shape, p: Num, kept: Kept) -> Facts:
    """Return the facts of dropping with probability p, for which the way back reads what is kept.

    Raises:
        Refused: p is no probability.
    """
    chance = constant(p)
    if chance is not None and not 0 <= chance <= 1:
        raise Refused(f"p is a probability, got {chance}; give 0 to 1")
    if chance == 0:
        return Facts(outs=(shape,), view=True)
    back = {"mul": numel(shape)}
    return Facts(outs=(shape,), view=True, copies=True, grad_input=back, keeps=(kept,))


CASES = (
    Case({"p": 0.2}, ("B 1280",), "B 1280", source="before MobileNetV2's classifier: no work in evaluation"),
    Case({}, ("B T E",), "B T E"),
)
