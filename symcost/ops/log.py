"""The natural logarithm of each element."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, numel
from symcost.ops.op import Axes, Op


class Log(Op):
    """Take the natural logarithm of each element, as torch.log.

    Shapes:      (...) -> the same
    Weights:     none
    MACs:        none
    Elementwise: log 1 for each element
    Backward:    g/x: div 1 for each element; keeps the input
    Source:      torch.log
    """

    op: Literal["log"] = "log"
    takes = ("...",)
    apart = "..."

    def emit(self, a: Axes) -> Facts:
        n = numel(a.ins[0])
        return Facts(outs=a.ins, work={"log": n}, grad_input={"div": n}, keeps=(INPUT,))


CASES = (Case({}, ("B T",), "B T", work={"log": "B*T"}, source="how many tokens each stands for"),)
