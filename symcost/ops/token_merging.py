"""Fewer tokens: the most alike are averaged."""

from typing import Literal

from symcost.algebra.division import div
from symcost.algebra.needs import AtLeast
from symcost.algebra.poly import constant
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Kept, Work
from symcost.ops.fields import Size
from symcost.ops.op import Axes, Op, Refused
from symcost.ops.window import same


class TokenMerging(Op):
    """Average r pairs of tokens that are most alike, each weighted by how many tokens it stands for; no layer of torch.

    Every other token, M = ceil(T/2) of them, looks for the most alike of the N = T - M others; the r best matches are
    merged. The first token, a class token, stays: 2 r <= T - 1.

    Shapes:      tokens (B, T, E), their sizes (B, T, 1), what they are compared by (B, T, q) -> tokens (B, T - r, E),
                 their sizes (B, T - r, 1)
    Weights:     none
    MACs:        M N q for each example: the similarity of all pairs of the two halves
    Elementwise: for each example: lengths mul T q, add T (q - 1), sqrt T, div T q; the best match of M tokens compare
                 M (N - 1), the r best of these, one after the other, compare r M - r (r + 1)/2; weighted sums mul T E,
                 add r E, their sizes add r, averages div (T - r) E
    Backward:    to the tokens alone, as a choice has no gradient: div (T - r) E, mul T E. Keeps sizes and places
    Source:      Bolya et al. 2022 (arXiv:2210.09461), section 3: bipartite soft matching
    """

    op: Literal["token_merging"] = "token_merging"
    takes = ("B T E", "B T one", "B T q")

    r: Size

    def emit(self, a: Axes) -> Facts:
        if constant(a.one) != 1:
            raise Refused(f"takes sizes (B, T, 1) as its second input, got (B, T, {a.one})")
        if (constant(a.T - 1 - 2 * self.r) or 0) < 0:
            raise Refused(f"merges {self.r} pairs, which are more than half of {a.T} tokens without the first")
        rest = a.T - self.r
        return Facts(
            outs=((a.B, rest, a.E), (a.B, rest, 1)),
            work={kind: a.B * n for kind, n in self._work(a).items()},
            grad_input={"div": a.B * rest * a.E, "mul": a.B * a.T * a.E},
            keeps=(
                Kept("input", 1),
                Kept("output", 1),
                Kept("places", shape=(a.B, a.T), dtype="index"),
            ),
            contracted=a.B * same(a.T, 2) * (a.T - same(a.T, 2)),
            needs=(AtLeast(a.T - 2 * self.r, 1),),
        )

    def _work(self, a: Axes) -> Work:
        """Return the work for one example."""
        m, r = same(a.T, 2), self.r
        n = a.T - m
        return {
            "mac": m * n * a.q,
            "compare": m * (n - 1) + r * m - div(r * (r + 1), 2),
            "sqrt": a.T,
            "mul": a.T * a.q + a.T * a.E,
            "add": a.T * (a.q - 1) + r * a.E + r,
            "div": a.T * a.q + (a.T - r) * a.E,
        }


CASES = (
    Case({"r": 2}, ("1 7 3", "1 7 1", "1 7 5"), "1 5 3, 1 5 1", macs=60,
         work={"compare": 13, "sqrt": 7, "mul": 56, "add": 36, "div": 50}, source="4 tokens against 3, 5 numbers each"),
    Case({"r": "r"}, ("B 197 E", "B 197 1", "B 197 64"), "B 197 - r E, B 197 - r 1", macs="620928*B",
         source="ViT at 224: 99 against 98 tokens"),
)  # fmt: skip
