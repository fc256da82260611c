"""Vectors of length one, or of sum one."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.dims import axis, resized
from symcost.ops.facts import INPUT, Facts, Kept, numel
from symcost.ops.fields import Whole
from symcost.ops.op import Axes, Op
from symcost.ops.work import plus


class Normalize(Op):
    """Divide vectors along an axis by their lengths, as torch.nn.functional.normalize; cosine attention's queries.

    With ``p`` = 1 the length is the sum of absolute values: shares of experts that are to add up to 1.

    Shapes:      (...) -> the same; the vectors lie along ``dim``, by default 1
    Weights:     none
    MACs:        none
    Elementwise: y = x/max(|x|, eps): for each vector of E elements mul E, add E - 1, sqrt 1, compare 1 and div E; with
                 p = 1 no mul and no sqrt
    Backward:    (g - y sum(g y))/|x|: for each vector mul 2 E, add 2 E - 1, div E, y being made again: div E more; with
                 p = 1 (g - sign(x) sum(g y))/|x|, mul E less. Keeps the input and, for each vector, its length and what
                 it was divided by
    Source:      torch.nn.functional.normalize with p = 2 or 1
    """

    op: Literal["normalize"] = "normalize"
    takes = ("...",)

    dim: Whole = 1
    p: Literal[1, 2] = 2

    def emit(self, a: Axes) -> Facts:
        shape = a.ins[0]
        place = axis(self.dim, shape)
        lengths = resized(shape, place, 1)
        n, vectors = numel(shape), numel(lengths)
        squares = {"mul": n, "sqrt": vectors} if self.p == 2 else {}
        return Facts(
            outs=a.ins,
            work=plus({"add": n - vectors, "compare": vectors, "div": n}, squares),
            grad_input=plus({"mul": self.p * n, "add": 2 * n - vectors, "div": 2 * n}),
            keeps=(INPUT, Kept("length", shape=lengths), Kept("divisor", shape=lengths)),
        )


CASES = (
    Case({"dim": -1}, ("B h T q",), "B h T q",
         work={"mul": "B*h*T*q", "add": "B*h*T*q - B*h*T", "sqrt": "B*h*T", "compare": "B*h*T", "div": "B*h*T*q"},
         source="cosine attention: Liu et al. 2022 (arXiv:2111.09883), equation 2"),
    Case({"dim": -1, "p": 1}, ("B T k",), "B T k", work={"add": "B*T*k - B*T", "compare": "B*T", "div": "B*T*k"},
         source="weights of a token's experts in Mixtral and Qwen3"),
    Case({}, ("2 5 3",), "2 5 3", work={"mul": 30, "add": 24, "sqrt": 6, "compare": 6, "div": 30}),
)  # fmt: skip
