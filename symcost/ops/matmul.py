"""The product of two tensors of matrices."""

from typing import Literal

from symcost.ops.broadcast import broadcast
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Kept, numel
from symcost.ops.op import Axes, Op


class Matmul(Op):
    """Multiply matrices, one pair for each place of the leading axes, as torch.matmul.

    Shapes:      (..., n, m), (..., m, p) -> (..., n, p); the leading axes stretch to each other
    Weights:     none
    MACs:        (...) n m p, with the leading axes of the output
    Elementwise: none
    Backward:    MACs again for each of the two. Where an input was stretched, its gradient adds up over the places it
                 served as part of the contraction. Keeps both
    Source:      torch.matmul; the gradients of y = a b are g b^T and a^T g
    """

    op: Literal["matmul"] = "matmul"
    takes = ("... n m", "... m p")
    apart = "..."

    def emit(self, a: Axes) -> Facts:
        places, needs = broadcast(a.ins[0][:-2], a.ins[1][:-2])
        macs = numel(places) * a.n * a.m * a.p
        return Facts(
            outs=((*places, a.n, a.p),),
            work={"mac": macs},
            grad_input={"mac": 2 * macs},
            keeps=(Kept("input", to=(1,)), Kept("input", 1, to=(0,))),
            needs=needs,
        )


CASES = (
    Case({}, ("B h T q", "B h q S"), "B h T S", macs="B*h*T*S*q", source="scores of attention: Vaswani et al. 2017"),
    Case({}, ("B T E", "E D"), "B T D", macs="B*T*E*D", source="a linear layer whose weight is another's output"),
    Case({}, ("5 7", "7 3"), "5 3", macs=105),
    Case({}, ("1 5 7", "1 7 3"), "1 5 3", macs=105),
)  # fmt: skip
