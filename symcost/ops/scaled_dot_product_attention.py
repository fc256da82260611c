"""Attention of queries to keys and values."""

from dataclasses import replace
from typing import Literal

from symcost.algebra.needs import AtLeast, Divides, Equal, Need
from symcost.algebra.poly import Num, constant
from symcost.ops.case import Case
from symcost.ops.dropout import dropped
from symcost.ops.facts import INPUT, OUTPUT, WEIGHTS, Facts, Kept, Shape, Work, numel
from symcost.ops.fields import Amount, Flag, Real
from symcost.ops.masking import discarded
from symcost.ops.op import Axes, Op, Refused, shown
from symcost.ops.shard import Cuts, Shard, by_letters
from symcost.ops.work import plus, times


class ScaledDotProductAttention(Op):
    """Mix values by how well queries match keys, as torch.nn.functional.scaled_dot_product_attention.

    Shapes:      q (..., h, T, q), k (..., h, S, q), v (..., h, S, v) -> (..., h, T, v). With ``enable_gqa`` keys and
                 values have fewer heads, a number that divides h, and each serves as many queries. With ``is_causal``
                 the T queries are the last of the S tokens (torch: the first; no difference where T = S), and with a
                 ``window`` of w tokens each sees itself and the w - 1 before it; 0 is no window
    Weights:     none; with ``sinks`` a score for each head, sinks (h)
    MACs:        (...) h T S q for the scores and (...) h T S v for the mixture, over all T S pairs: with a mask
                 too, as torch counts. What it discards is stated apart (``masked``): T (T - 1)/2 pairs that come later
                 and, with a window, sum max(0, r - w) that are too far back for the tokens r = S - T + 1, ..., S
    Elementwise: softmax(scale q k) v: mul T S, then compare T (S - 1), add T (2 S - 1), exp T S and div T S for each of
                 the (...) h heads; the choice between a score and -inf is free. ``softcap`` c makes the scores
                 c tanh(x/c): mul 2 T S, tanh T S; 0 is no cap. ``alibi`` adds to each a multiple of the distance, from
                 a table that is made once: add T S. A sink takes part in each row's softmax, and its share
                 is left out: compare T, add 2 T, exp T. A ``fused`` kernel makes the logarithm of each row's sum of
                 exponentials besides: add T, log T. ``dropout_p`` drops shares in a training step, and is free in
                 evaluation
    Backward:    for q T S q, for k T S q, for v T S v, for the shares T S v MACs for each head. A ``fused`` kernel
                 keeps q, k, v, the output o and the logarithms l, and does again: the scores (T S q MACs, mul T S) and
                 the shares p from them, exp(scores - l), add T S, exp T S; its row sums are g o, mul T v and
                 add T (v - 1), where others take those of p (g v), mul T S and add T (S - 1), from the shares that they
                 keep in place of o and l. The gradient of the scores: add T S, mul 2 T S; with ``softcap`` times
                 1 - tanh^2: mul 2 T S, add T S, from the tanh that is kept, or made again. Dropped shares pass the
                 gradient on by their mask: mul T S; the mask and what it left are kept besides, by a ``fused`` kernel
                 the seed and offset that draw it again. Shared keys and values add up over the heads they serve:
                 add (h - k) S (q + v) for k of them. For a sink the row sums times its shares, exp(sink - l): add T,
                 exp T where these are not kept; mul T and, over all rows of the h heads, add (...) h T - h
    Source:      Vaswani et al. 2017, equation 1; backward of Dao 2023 (arXiv:2307.08691), algorithm 2, 5 products for
                 2 forward, as in torch.utils.flop_counter; without ``fused`` 4, the derivative of each product by both
                 sides. Window: Jiang et al. 2023 (arXiv:2310.06825), section 2; cap: Gemma 2 (arXiv:2408.00118),
                 section 2; distances: Press et al. 2022 (arXiv:2108.12409), section 3; sinks: gpt-oss (2025,
                 arXiv:2508.10925), section 2.2. torch's has none of these
    """

    op: Literal["scaled_dot_product_attention"] = "scaled_dot_product_attention"
    takes = ("... T q", "... S q", "... S v")
    apart = "..."
    contracts = "activations"

    is_causal: Flag = False
    enable_gqa: Flag = False
    fused: Flag = True
    window: Amount = 0
    softcap: Real = 0
    alibi: Flag = False
    sinks: Flag = False
    dropout_p: Real = 0

    def emit(self, a: Axes) -> Facts:
        heads, needs = self._heads(a)
        drop = self._drop(a)
        log = {"add": a.T, "log": a.T} if self.fused else {}
        return Facts(
            outs=((*a.rest, a.T, a.v),),
            work=times(heads, plus({"mac": a.T * a.S * (a.q + a.v)}, _softmax(a), self._scored(a), self._sunk(a), log)),
            weights={"sinks": (a.rest[-1],)} if self.sinks else {},
            grad_weight=self._to_sinks(a, heads),
            masked=heads * self._discarded(a) * (a.q + a.v),
            grad_input=plus(times(heads, self._back(a)), {"add": self._gathered(a)}, drop.grad_input),
            again=times(heads, self._again(a)),
            contracted=None if self.fused else heads * a.T * (a.S + a.v),
            between=0 if self.fused else 2 * heads * a.T * a.S,
            keeps=(*self._read(), *self._made(a), *drop.keeps),
            needs=(*needs, *self._follows(a)),
        )

    def _back(self, a: Axes) -> Work:
        """Return the work of the gradients for one head, as if it shared its keys with no other."""
        scores, mixed = a.T * a.S * a.q, a.T * a.S * a.v
        capped = {"mul": 2 * a.T * a.S, "add": a.T * a.S} if self.softcap != 0 else {}
        return plus({"mac": 2 * scores + 2 * mixed}, _softmax_back(a, a.v if self.fused else a.S), capped)

    def _again(self, a: Axes) -> Work:
        """Return what a fused kernel does once more for one head."""
        return plus({"mac": a.T * a.S * a.q}, _shares_again(a), self._scored(a)) if self.fused else {}

    def _read(self) -> tuple[Kept, ...]:
        """Return what the way back reads of the inputs; spelled out, not all of it for each gradient."""
        if self.fused:
            return INPUT, Kept("input", 1), Kept("input", 2)
        return Kept("input", to=(1,)), Kept("input", 1, to=(0,)), Kept("input", 2, to=(0, 1, WEIGHTS))

    def _made(self, a: Axes) -> tuple[Kept, ...]:
        """Return what the way back reads besides the inputs."""
        if self.fused:
            return OUTPUT, Kept("logsumexp", shape=(*a.rest, a.T))
        pairs = (*a.rest, a.T, a.S + 1 if self.sinks else a.S)
        return Kept("shares", shape=pairs), *((Kept("tanh", shape=pairs),) if self.softcap != 0 else ())

    def _drop(self, a: Axes) -> Facts:
        """Return what dropping shares takes and keeps besides."""
        pairs = (*a.rest, a.T, a.S)
        mask = Kept("mask", shape=pairs, dtype="bool", to=(0, 1))
        facts = dropped(pairs, self.dropout_p, mask)
        kept = (
            (Kept("seed", shape=(2,), dtype="index"),) if self.fused else (mask, Kept("dropped", shape=pairs, to=(2,)))
        )
        return replace(facts, keeps=kept if facts.keeps else ())

    def _scored(self, a: Axes) -> Work:
        """Return what is done to the scores before their softmax."""
        capped = {"mul": 2 * a.T * a.S, "tanh": a.T * a.S} if self.softcap != 0 else {}
        return plus(capped, {"add": a.T * a.S} if self.alibi else {})

    def _sunk(self, a: Axes) -> Work:
        """Return what one more score in each row is."""
        return {"compare": a.T, "add": 2 * a.T, "exp": a.T} if self.sinks else {}

    def _to_sinks(self, a: Axes, heads: Num) -> Work:
        if not self.sinks:
            return {}
        shares = {"add": a.T, "exp": a.T} if self.fused else {}
        return plus(times(heads, plus(shares, {"mul": a.T, "add": a.T})), {"add": -a.rest[-1]})

    def _discarded(self, a: Axes) -> Num:
        if self.window != 0 and not self.is_causal:
            raise Refused("has a window, which looks back; say is_causal: true")
        return discarded(a.T, a.S, self.window) if self.is_causal else 0

    def _follows(self, a: Axes) -> tuple[Need, ...]:
        """Return the condition that queries behind a causal mask are some of the tokens that have keys."""
        return (AtLeast(a.S - a.T, 0),) if self.is_causal and a.S != a.T else ()

    def _heads(self, a: Axes) -> tuple[Num, tuple[Need, ...]]:
        """Return the number of heads over all examples, and the conditions that queries, keys and values fit."""
        rests = [shape[:-2] for shape in a.ins]
        if len({len(rest) for rest in rests}) > 1 or ((self.enable_gqa or self.sinks) and not a.rest):
            raise Refused(
                f"takes (..., h, T, q), (..., h, S, q) and (..., h, S, v), got {', '.join(map(shown, a.ins))}"
            )
        needs: list[Need] = []
        for rest in rests[1:]:
            pairs = list(zip(a.rest, rest, strict=True))
            if self.enable_gqa:
                h, k = pairs.pop()
                needs.append(Divides(k, h))
            elif rest and constant(a.rest[-1] - rest[-1]):
                way_out = "say enable_gqa: true if queries share them"
                raise Refused(f"has {a.rest[-1]} heads of queries and {rest[-1]} of keys and values; {way_out}")
            needs += [Equal(x, y) for x, y in pairs if x != y]
        return numel(a.rest), tuple(needs)

    def _gathered(self, a: Axes) -> Num:
        """Return the additions that sum the gradients of keys and values over the queries they serve."""
        if not self.enable_gqa:
            return 0
        keys, values = a.ins[1:]
        return _spared(a.rest, keys[:-2]) * a.S * a.q + _spared(a.rest, values[:-2]) * a.S * a.v

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: its heads, or its queries, for which keys and values go around."""
        tokens = len(cuts.ins[0]) - 2
        if cuts.axes == (tokens,) * 3:
            return Shard((tokens,), around=(1, 2))
        return by_letters(cuts, self.takes, self.apart)


def _spared(queries: Shape, keys: Shape) -> Num:
    return numel(queries) - numel(keys)


def _softmax(a: Axes) -> Work:
    scale = {"mul": a.T * a.S}
    return plus(scale, times(a.T, {"compare": a.S - 1, "add": 2 * a.S - 1, "exp": a.S, "div": a.S}))


def _shares_again(a: Axes) -> Work:
    pairs = a.T * a.S
    return {"mul": pairs, "add": pairs, "exp": pairs}


def _softmax_back(a: Axes, summed: Num) -> Work:
    """Return the work from the gradient of the shares to that of q k, with row sums over products of some number."""
    sums = times(a.T, {"mul": summed, "add": summed - 1})
    return plus(sums, {"add": a.T * a.S, "mul": 2 * a.T * a.S})


CASES = (
    Case({"is_causal": True}, ("B h T q", "B h T q", "B h T q"), "B h T q", macs="2*B*h*T**2*q",
         work={"mul": "B*h*T**2", "exp": "B*h*T**2", "div": "B*h*T**2", "log": "B*h*T", "add": "2*B*h*T**2",
               "compare": "B*h*T**2 - B*h*T"}, source="self-attention of GPT-2"),
    Case({"fused": False}, ("2 3 5 8", "2 3 7 8", "2 3 7 4"), "2 3 5 4", macs=2520,
         work={"mul": 210, "compare": 180, "add": 390, "exp": 210, "div": 210},
         source="values of another width, and 7 keys for 5 queries"),
    Case({"enable_gqa": True}, ("B 8 T 16", "B 2 S 16", "B 2 S 16"), "B 8 T 16", macs="256*B*T*S",
         source="grouped queries: Ainslie et al. 2023"),
    Case({"fused": False}, ("4 6 8", "4 6 8", "4 6 8"), "4 6 8", macs=2304, source="one head for each example"),
    Case({"is_causal": True, "window": "w"}, ("B h T q", "B h S+T q", "B h S+T v"), "B h T v",
         macs="B*h*T*(S+T)*(q+v)", source="a window over T tokens and S before them"),
    Case({"is_causal": True, "fused": False, "sinks": True}, ("B h T q", "B h T q", "B h T q"), "B h T q", params="h",
         macs="2*B*h*T**2*q", work={"compare": "B*h*T**2", "exp": "B*h*T**2 + B*h*T"}, source="a layer of gpt-oss"),
    Case({"is_causal": True, "fused": False, "softcap": 50}, ("B h T q", "B h T q", "B h T q"), "B h T q",
         macs="2*B*h*T**2*q", work={"mul": "3*B*h*T**2", "tanh": "B*h*T**2"}, source="Gemma 2's global layers"),
    Case({"is_causal": True, "alibi": True, "fused": False}, ("B h T q", "B h T q", "B h T q"), "B h T q",
         macs="2*B*h*T**2*q", work={"add": "3*B*h*T**2 - B*h*T"}, source="BLOOM's"),
    Case({"fused": False, "dropout_p": 0.1}, ("B h T q", "B h T q", "B h T q"), "B h T q", macs="2*B*h*T**2*q",
         source="BERT's: no work in evaluation"),
)  # fmt: skip
