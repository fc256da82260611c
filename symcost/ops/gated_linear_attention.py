"""Linear attention with a gate on its state."""

from typing import Literal

from symcost.algebra.extent import ceil_div
from symcost.algebra.needs import Equal, Need
from symcost.algebra.poly import Num
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, Kept, Work, numel
from symcost.ops.fields import Size
from symcost.ops.op import Axes, Op, Refused, shown
from symcost.ops.window import fixed
from symcost.ops.work import plus, times


class GatedLinearAttention(Op):
    """Read a state of keys and values that fades by a gate for each element of the key, as fla's chunk_gla.

    y = q S/sqrt(q), S' = diag(exp(g)) S + k v^T from 0, with g the logarithm of the gate. ``chunk_size`` C takes C
    steps at once in n = ceil(T/C) chunks, the last filled up: with b the sums of g in a chunk, the scores of q exp(b)
    and k exp(-b) mix v, and k exp(b_last - b) makes the next state. Without it the state is made step by step.

    Shapes:      q, k, g (..., h, T, q), v (..., h, T, v) -> (..., h, T, v)
    Weights:     none
    MACs:        2 T q v for each head; in chunks n C (C q + C v + 2 q v), all pairs of a chunk
    Elementwise: for each head mul T q for the scale and, step by step, exp T q and mul T q v; in chunks for each
                 exp 3 C q + q, mul 3 C q + q v, add (2 C - 1) q + C v + q v
    Backward:    twice the MACs. For each head g from the gradients of q and k, the sums from the end of q dq - k dk:
                 mul 2 T q, add T q + (T - 1) q; the scale, mul T q; step by step mul T q v for the gradient of the
                 state; in chunks for each mul 3 C q + q v, add 2 C q + C v + q v. Keeps the inputs and does states and
                 gates again; in chunks it keeps the state before each, and does scores and what is made of b again
    Source:      Yang et al. 2023 (arXiv:2312.06635), equation 3, section 4 and appendix C
    """

    op: Literal["gated_linear_attention"] = "gated_linear_attention"
    takes = ("... T q", "... T q", "... T v", "... T q")
    apart = "..."

    chunk_size: Size | None = None

    def emit(self, a: Axes) -> Facts:
        heads, scale = numel(a.rest), {"mul": a.T * a.q}
        own = self._steps(a) if self.chunk_size is None else self._chunks(a, fixed(self.chunk_size, "chunk_size"))
        forward, back, again, kept, written = own
        gates = {"mul": 3 * a.T * a.q, "add": 2 * a.T * a.q - a.q}
        return Facts(
            outs=((*a.rest, a.T, a.v),),
            work=times(heads, plus(forward, scale)),
            grad_input=times(heads, plus(back, gates)),
            again=times(heads, plus(again, scale)),
            contracted=heads * written,
            keeps=(INPUT, *(Kept("input", index) for index in (1, 2, 3)), *kept),
            needs=_fits(a),
        )

    def _steps(self, a: Axes) -> tuple[Work, Work, Work, tuple[Kept, ...], Num]:
        """Return the work of one head forward, back and again, what is kept, and what products write."""
        one = a.T * a.q * a.v
        states = {"mac": one, "mul": one, "exp": a.T * a.q}
        return plus(states, {"mac": one}), {"mac": 4 * one, "mul": one}, states, (), one + a.T * a.v

    def _chunks(self, a: Axes, c: int) -> tuple[Work, Work, Work, tuple[Kept, ...], Num]:
        n = ceil_div(a.T, c)
        keys, state, scores = c * a.q, a.q * a.v, c * c * a.q
        macs = scores + c * c * a.v + 2 * c * state
        faded = {"exp": 3 * keys + a.q, "mul": 3 * keys, "add": 2 * keys - a.q}
        joined = {"mul": state, "add": state + c * a.v}
        back = plus({"mac": 2 * macs, "mul": 3 * keys, "add": 2 * keys}, joined)
        kept = Kept("states", shape=(*a.rest, n, a.q, a.v))
        written = n * (c * c + 2 * c * a.v + state)
        forward = plus({"mac": macs}, faded, joined)
        return times(n, forward), times(n, back), times(n, plus({"mac": scores}, faded)), (kept,), written


def _fits(a: Axes) -> tuple[Need, ...]:
    rests = [shape[:-2] for shape in a.ins]
    if len({len(rest) for rest in rests}) > 1:
        raise Refused(f"takes the same leading axes four times, got {', '.join(map(shown, a.ins))}")
    return tuple(Equal(x, y) for rest in rests[1:] for x, y in zip(a.rest, rest, strict=True) if x != y)


CASES = (
    Case({}, ("B h T q", "B h T q", "B h T v", "B h T q"), "B h T v", macs="2*B*h*T*q*v",
         work={"exp": "B*h*T*q", "mul": "B*h*T*q*v + B*h*T*q"}, source="step by step: Yang et al. 2023, equation 3"),
    Case({"chunk_size": 64}, ("B h T q", "B h T q", "B h T v", "B h T q"), "B h T v",
         macs="4096*B*h*ceil(T/64)*(q + v) + 128*B*h*ceil(T/64)*q*v", source="chunks: section 4"),
    Case({"chunk_size": 3}, ("2 5 4", "2 5 4", "2 5 6", "2 5 4"), "2 5 6", macs=936,
         source="two chunks for each of two heads"),
)  # fmt: skip
