"""Multiplication by a number."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import Facts, numel
from symcost.ops.op import Axes, Op


class Scale(Op):
    """Multiply each element by one constant, as attention does with its queries: x / sqrt(q); torch.mul by a number.

    Shapes:      (...) -> the same
    Weights:     none
    MACs:        none
    Elementwise: mul 1 for each element
    Backward:    mul 1 for each element; keeps nothing
    Source:      Vaswani et al. 2017, equation 1
    """

    op: Literal["scale"] = "scale"
    takes = ("...",)
    apart = "..."

    def emit(self, a: Axes) -> Facts:
        work = {"mul": numel(a.ins[0])}
        return Facts(outs=a.ins, work=work, grad_input=work)


CASES = (Case({}, ("B h T q",), "B h T q", work={"mul": "B*h*T*q"}, source="queries of attention"),)
