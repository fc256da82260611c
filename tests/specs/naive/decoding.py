"""The laws of attention and of what decoders add to it, from the papers' definitions."""

from __future__ import annotations

import math
from typing import Any

from tests.specs.naive.terms import Counting, Misfit, Value


class Decoding(Counting):
    """Attention, rotary positions and caches; part of the laws of the layers."""

    def scaled_dot_product_attention(
        self,
        ins: Value,
        is_causal: bool = False,
        enable_gqa: bool = False,
        fused: bool = True,
        window: int = 0,
        softcap: Any = 0,
        alibi: bool = False,
        sinks: bool = False,
        **_: Any,
    ) -> Value:
        """Count all pairs of queries and keys; the groups of queries that share keys are of one size."""
        (*rest, h, T, q), (*others, k, S, depth), values = ins
        if others != rest or q != depth or values[:-1] != (*others, k, S):
            raise Misfit(f"attention of {ins}")
        if h % k if enable_gqa else h != k:
            raise Misfit(f"{h} heads of queries, {k} of keys")
        if is_causal and S < T:
            raise Misfit(f"{T} queries, {S} keys")
        if not fused:
            self.contract((*rest, h, T, S), 0, 0)
        return self.contract(
            (*rest, h, T, values[-1]), h if sinks else 0, math.prod(rest) * h * T * S * (q + values[-1])
        )

    def rotary_embedding(self, ins: Value, dim: int | None = None) -> Value:
        width = ins[0][-1] if dim is None else dim
        if width % 2 or width > ins[0][-1]:
            raise Misfit(f"{width} of {ins} in pairs")
        return ins

    def scale(self, ins: Value) -> Value:
        return ins

    def kv_cache(self, ins: Value, past: int = 0, window: int = 0) -> Value:
        """Drop what the next token cannot look back to: with a window all but the last window - 1 tokens."""
        ((*rest, T, q),) = ins
        before, after = past, past + T
        if window:
            before, after = (min(n, window - 1) for n in (before, after))
        if not self.training:
            self.totals.kv_cache += math.prod(rest) * after * q
        return ((*rest, before + T, q),)
