"""The rectifier with a learned slope."""

from typing import Literal

from symcost.algebra.needs import Equal
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, numel
from symcost.ops.fields import Size
from symcost.ops.op import Axes, Op


class Prelu(Op):
    """Keep what is positive and scale the rest by a learned slope, as torch.nn.PReLU.

    Shapes:      (B, C, ...) -> the same
    Weights:     weight (P), P = ``num_parameters``: 1 for all, or C
    MACs:        none
    Elementwise: compare 1 and mul 1 for each element: x if x > 0 else a x
    Backward:    compare 1 and mul 1 for each element for the input; for the slope the sum of g x where x < 0: mul 1 for
                 each element, and add n - P for n elements; keeps the input
    Source:      He et al. 2015 (arXiv:1502.01852), equations 1 and 8
    """

    op: Literal["prelu"] = "prelu"
    takes = ("B C ...",)

    num_parameters: Size = 1

    def emit(self, a: Axes) -> Facts:
        elements = numel(a.ins[0])
        once = {"compare": elements, "mul": elements}
        return Facts(
            outs=a.ins,
            work=once,
            weights={"weight": (self.num_parameters,)},
            grad_input=once,
            grad_weight={"mul": elements, "add": elements - self.num_parameters},
            keeps=(INPUT,),
            needs=() if self.num_parameters == 1 else (Equal(self.num_parameters, a.C),),
        )


CASES = (
    Case({}, ("B C H W",), "B C H W", params=1, work={"compare": "B*C*H*W", "mul": "B*C*H*W"}, source="one slope"),
    Case({"num_parameters": "C"}, ("B C H W",), "B C H W", params="C", source="one for each channel: He et al. 2015"),
    Case({"num_parameters": 6}, ("2 6",), "2 6", params=6, work={"compare": 12, "mul": 12}),
)  # fmt: skip
