"""Attention without softmax: keys and values are summed into a state that queries read."""

from typing import Literal

from symcost.algebra.needs import Equal, Need
from symcost.algebra.poly import Num
from symcost.ops.case import Case
from symcost.ops.facts import OUTPUT, Facts, Kept, Work, numel
from symcost.ops.fields import Flag
from symcost.ops.op import Axes, Op, Refused, shown
from symcost.ops.work import plus, times


class LinearAttention(Op):
    """Mix values by products of features of queries and keys, in time linear in their number.

    With features f(x) = x + 1 where x > 0, else exp(x): y = f(q) S/(f(q) z), S the sum of f(k) v^T and z that of f(k)
    over all keys, or with ``is_causal`` over those up to the query's own, added up step by step.

    Shapes:      q (..., h, T, q), k (..., h, S, q), v (..., h, S, v) -> (..., h, T, v); ``is_causal`` asks for S = T
    Weights:     none
    MACs:        for each head S q v into the state, T q v and T q out of it and of z
    Elementwise: for each head compare, exp and add 1 for each element of q and k; z: add (S - 1) q; div T v
    Backward:    twice the MACs, each product by both sides, and with ``is_causal`` those into the state again, as no
                 state is kept, and add (S - 1) q for z. For each head: quotients div T v, mul T v and add T (v - 1);
                 add T q and S q where the gradients by S and z meet, with ``is_causal`` add (T - 1) q for the sums of
                 the latter; compare and mul 1 for each element of q and k. Keeps features, values, output and
                 denominators, without ``is_causal`` the state and z
    Source:      Katharopoulos et al. 2020 (arXiv:2006.16236), equations 4 to 7 and 13 to 15
    """

    op: Literal["linear_attention"] = "linear_attention"
    takes = ("... T q", "... S q", "... S v")
    apart = "..."

    is_causal: Flag = False

    def emit(self, a: Axes) -> Facts:
        heads, (q, k, _) = numel(a.rest), a.ins
        into, features = {"mac": a.S * a.q * a.v}, numel(q) + numel(k)
        work = plus({"mac": (a.S + a.T) * a.q * a.v + a.T * a.q}, {"add": (a.S - 1) * a.q}, {"div": a.T * a.v})
        whole = (Kept("state", shape=(*a.rest, a.q, a.v)), Kept("sum", shape=(*a.rest, a.q)))
        return Facts(
            outs=((*a.rest, a.T, a.v),),
            work=plus(times(heads, work), times(features, {"compare": 1, "exp": 1, "add": 1})),
            grad_input=plus(times(heads, self._back(a)), times(features, {"compare": 1, "mul": 1})),
            again=times(heads, plus(into, {"add": (a.S - 1) * a.q})) if self.is_causal else {},
            contracted=heads * (a.T * a.v + a.T + (a.S if self.is_causal else 1) * a.q * a.v),
            keeps=(
                Kept("query features", shape=q),
                Kept("key features", shape=k),
                Kept("input", 2),
                OUTPUT,
                Kept("denominators", shape=(*a.rest, a.T)),
                *(() if self.is_causal else whole),
            ),
            needs=self._fits(a),
        )

    def _back(self, a: Axes) -> Work:
        quotients = {"div": a.T * a.v, "mul": a.T * a.v, "add": a.T * (a.v - 1)}
        met: Num = (a.T + a.S) * a.q + ((a.T - 1) * a.q if self.is_causal else 0)
        return plus({"mac": 2 * ((a.S + a.T) * a.q * a.v + a.T * a.q)}, quotients, {"add": met})

    def _fits(self, a: Axes) -> tuple[Need, ...]:
        rests = [shape[:-2] for shape in a.ins]
        if len({len(rest) for rest in rests}) > 1:
            raise Refused(f"takes the same leading axes three times, got {', '.join(map(shown, a.ins))}")
        pairs = [pair for rest in rests[1:] for pair in zip(a.rest, rest, strict=True)]
        pairs += [(a.S, a.T)] if self.is_causal else []
        return tuple(Equal(x, y) for x, y in pairs if x != y)


CASES = (
    Case({}, ("B h T q", "B h S q", "B h S v"), "B h T v", macs="B*h*S*q*v + B*h*T*q*v + B*h*T*q",
         work={"div": "B*h*T*v"}, source="Katharopoulos et al. 2020, equation 5"),
    Case({"is_causal": True}, ("2 3 5 4", "2 3 5 4", "2 3 5 6"), "2 3 5 6", macs=1560,
         source="states added up step by step: equations 13 to 15"),
)  # fmt: skip
