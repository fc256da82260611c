"""Attention with its projections."""

from typing import Literal

from symcost.algebra.division import div
from symcost.algebra.needs import Divides
from symcost.algebra.poly import Num, total
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, Kept, Shape, Work, numel
from symcost.ops.fields import Flag, Real, Size
from symcost.ops.linear import Linear
from symcost.ops.op import Axes, Op, Refused
from symcost.ops.scaled_dot_product_attention import ScaledDotProductAttention
from symcost.ops.work import plus


class MultiheadAttention(Op):
    """Project queries, keys and values, attend with several heads and project again, as torch.nn.MultiheadAttention.

    Shapes:      query (T, B, E), key (S, B, k), value (S, B, v), with ``batch_first`` the batch first, or one input
                 that is all three -> (T, B, E), and with ``need_weights`` the shares (B, T, S), their mean over the
                 heads. ``add_bias_kv`` and ``add_zero_attn`` make S one longer each. ``num_heads`` h divides E
    Weights:     in_proj_weight (3 E, E), or where k or v is not E q_proj_weight (E, E), k_proj_weight (E, k),
                 v_proj_weight (E, v); out_proj_weight (E, E); with ``bias`` in_proj_bias (3 E), out_proj_bias (E); with
                 ``add_bias_kv`` bias_k (1, 1, E), bias_v (1, 1, E)
    MACs:        B T E E, B S k E and B S v E for the projections, 2 B T S E for attention, B T E E for the last
    Elementwise: add B (2 T + 2 S) E for the biases; between the heads as scaled_dot_product_attention, ``fused``
                 without ``need_weights``; with it add (h - 1) B T S and div B T S for the mean. ``dropout`` drops
                 shares in a training step
    Backward:    to the inputs the MACs of the first projections again. To the weights, whether or not the inputs want a
                 gradient, those of the last, of attention as scaled_dot_product_attention, and all projections again;
                 add 1 for each output less E for each bias, and B E - E for each of bias_k and bias_v. The mean of the
                 shares is read for itself and takes no gradient. Keeps the inputs, what is projected, what attention
                 keeps and its output
    Source:      Vaswani et al. 2017, section 3.2.2; torch.nn.MultiheadAttention
    """

    op: Literal["multihead_attention"] = "multihead_attention"
    contracts = "both"

    num_heads: Size
    bias: Flag = True
    add_bias_kv: Flag = False
    add_zero_attn: Flag = False
    batch_first: Flag = False
    need_weights: Flag = True
    is_causal: Flag = False
    dropout: Real = 0

    def patterns(self, given: int) -> tuple[str, ...]:
        """Return the signature: one input, or query, key and value."""
        every = ("B T E", "B S k", "B S v") if self.batch_first else ("T B E", "S B k", "S B v")
        return every[:1] if given == 1 else every

    def emit(self, a: Axes) -> Facts:
        need = Divides(self.num_heads, a.E)
        if need.decide({}) is False:
            raise Refused(f"num_heads is {self.num_heads}, which does not divide the width {a.E}")
        own = len(a.ins) == 1
        line = Linear.model_construct(out_features=a.E, bias=self.bias)
        first = [_emitted(line, ins) for ins in (a.ins * 3 if own else a.ins)]
        heads = self._heads(a, a.T if own else a.S)
        mixed = ScaledDotProductAttention(is_causal=self.is_causal, fused=not self.need_weights, dropout_p=self.dropout)
        attention, last = _emitted(mixed, *heads), _emitted(line, a.ins[0])
        shared = plus(last.grad_input, attention.grad_input)
        lines = (*first, last)
        pairs = (a.B, a.T, heads[1][-2])
        return Facts(
            outs=(a.ins[0], pairs) if self.need_weights else (a.ins[0],),
            work=plus(*(f.work for f in lines), attention.work, self._mean(numel(pairs))),
            weights=self._weights(a),
            grad_input=plus(*(f.grad_input for f in first)),
            grad_weight=plus(shared, *(f.grad_weight for f in lines), self._added(a)),
            shared=shared,
            contracted=total((numel(f.outs[0]), 1) for f in (*lines, attention)),
            between=total([*((numel(f.outs[0]), 1) for f in (*first, attention)), (attention.between, 1)]),
            again=attention.again,
            masked=attention.masked,
            keeps=(
                INPUT,
                *(Kept("input", i) for i in range(1, len(a.ins))),
                *_kept(heads, attention),
                _kept_mix(heads[0]),
            ),
            needs=(need, *attention.needs),
        )

    def _heads(self, a: Axes, keys: Num) -> tuple[Shape, Shape, Shape]:
        width = div(a.E, self.num_heads)
        keys = keys + int(self.add_bias_kv) + int(self.add_zero_attn)
        served = (a.B, self.num_heads, keys, width)
        return (a.B, self.num_heads, a.T, width), served, served

    def _weights(self, a: Axes) -> dict[str, Shape]:
        widths = (a.E, a.ins[1][-1], a.ins[2][-1]) if len(a.ins) > 1 else (a.E,)
        apart = {f"{name}_proj_weight": (a.E, width) for name, width in zip("qkv", widths, strict=False)}
        return {
            **(apart if set(widths) != {a.E} else {"in_proj_weight": (3 * a.E, a.E)}),
            "out_proj_weight": (a.E, a.E),
            **({"in_proj_bias": (3 * a.E,), "out_proj_bias": (a.E,)} if self.bias else {}),
            **(dict.fromkeys(("bias_k", "bias_v"), (1, 1, a.E)) if self.add_bias_kv else {}),
        }

    def _mean(self, pairs: Num) -> Work:
        return {"add": (self.num_heads - 1) * pairs, "div": pairs} if self.need_weights else {}

    def _added(self, a: Axes) -> Work:
        return {"add": 2 * (a.B - 1) * a.E} if self.add_bias_kv else {}


def _emitted(op: Op, *ins: Shape) -> Facts:
    return op.emit(op.match(ins)[0])


def _kept(heads: tuple[Shape, ...], attention: Facts) -> tuple[Kept, ...]:
    """Return what is projected, and what attention makes and keeps."""
    projected = (Kept(name, shape=shape) for name, shape in zip(("q", "k", "v"), heads, strict=True))
    return (*projected, *(kept for kept in attention.keeps if kept.what not in ("input", "output")))


def _kept_mix(queries: Shape) -> Kept:
    return Kept("mixture", shape=queries)


CASES = (
    Case({"num_heads": "h", "batch_first": True, "need_weights": False}, ("B T h*q",), "B T h*q",
         params="4*h**2*q**2 + 4*h*q", macs="4*B*T*h**2*q**2 + 2*B*T**2*h*q", source="Vaswani et al. 2017"),
    Case({"num_heads": 2, "bias": False}, ("5 3 8", "7 3 6", "7 3 4"), "5 3 8, 3 5 7", params=208, macs=5280,
         source="keys and values of other widths, the batch second, and the shares"),
    Case({"num_heads": 4, "add_bias_kv": True, "add_zero_attn": True, "batch_first": True},
         ("3 5 8", "3 7 8", "3 7 8"), "3 5 8, 3 5 9", params=304, macs=6768, source="two keys more"),
)  # fmt: skip
