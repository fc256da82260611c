"""A squared ReLU with a learned scale and shift."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import WEIGHTS, Facts, Kept, numel
from symcost.ops.op import Axes, Op


class StarRelu(Op):
    """Square what is positive, scale and shift it, s relu(x)**2 + b with two learned numbers; not a layer of torch.

    Shapes:      (...) -> the same
    Weights:     scale (1), bias (1)
    MACs:        none
    Elementwise: compare 1, mul 2 and add 1 for each element
    Backward:    2 s g relu(x): compare 1 and mul 3 for each element; for scale and bias mul n and add 2 (n - 1).
                 Keeps relu(x) and its square
    Source:      Yu et al. 2022 (arXiv:2210.13452), equation 8
    """

    op: Literal["star_relu"] = "star_relu"
    takes = ("...",)
    apart = "..."

    def emit(self, a: Axes) -> Facts:
        n = numel(a.ins[0])
        return Facts(
            outs=a.ins,
            work={"compare": n, "mul": 2 * n, "add": n},
            weights={"scale": (1,), "bias": (1,)},
            grad_input={"compare": n, "mul": 3 * n},
            grad_weight={"mul": n, "add": 2 * (n - 1)},
            keeps=(Kept("positive", shape=a.ins[0], to=(0,)), Kept("square", shape=a.ins[0], to=(WEIGHTS,))),
        )


CASES = (
    Case({}, ("B T E",), "B T E", params=2, work={"compare": "B*T*E", "mul": "2*B*T*E", "add": "B*T*E"},
         source="CAFormer's activation"),
    Case({}, ("2 3 5 7",), "2 3 5 7", params=2, work={"compare": 210, "mul": 420, "add": 210}),
)  # fmt: skip
