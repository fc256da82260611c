"""Tokens on their way back from experts."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import Facts, Kept, numel
from symcost.ops.op import Axes, Op
from symcost.ops.work import plus


class Combine(Op):
    """Bring the rows that experts made back to their tokens, and mix them; not a layer of torch.

    Shapes:      (R, E), the weights (..., k) and the experts (..., k) of T = (...) tokens -> (..., E)
    Weights:     none
    MACs:        none
    Elementwise: each token's k rows times their weights, added up: mul T k E, add T (k - 1) E; a row that was dropped
                 counts as 0, and as the others
    Backward:    for the rows mul T k E; for the weights mul T k E, add T k (E - 1). Keeps all three
    Source:      Shazeer et al. 2017 (arXiv:1701.06538), equation 1
    """

    op: Literal["combine"] = "combine"
    takes = ("R E", "... k", "... k")

    def emit(self, a: Axes) -> Facts:
        tokens = numel(a.ins[1][:-1])
        n = tokens * a.k * a.E
        return Facts(
            outs=((*a.ins[1][:-1], a.E),),
            work=plus({"mul": n, "add": n - tokens * a.E}),
            grad_input=plus({"mul": 2 * n, "add": n - tokens * a.k}),
            keeps=(Kept("input", to=(1,)), Kept("input", 1, to=(0,)), Kept("input", 2, dtype="index", to=(0,))),
        )


CASES = (
    Case({}, ("B*T*k E", "B T k", "B T k"), "B T E", work={"mul": "B*T*k*E", "add": "B*T*k*E - B*T*E"},
         source="k experts for each token"),
    Case({}, ("14 16", "2 7 1", "2 7 1"), "2 7 16", work={"mul": 224}, source="one expert: its row times its weight"),
)  # fmt: skip
