"""The law of attention with its projections, from torch's documentation."""

from __future__ import annotations

from tests.specs.naive.terms import Counting, Misfit, Value


class Heads(Counting):
    """Attention with several heads as one layer; part of the laws of the layers."""

    def multihead_attention(self, ins: Value, num_heads: int, batch_first: bool) -> Value:
        """Project queries, keys and values, attend, project again; give the shares besides, their mean over heads."""
        (B, T, E), (images, S, width), values = ins
        if not batch_first or (images, width) != (B, E) or values != (B, S, E) or E % num_heads:
            raise Misfit(f"attention of {ins}")
        for tokens in (T, S, S, T):
            self.contract((B, tokens, E), E * E + E, B * tokens * E * E)
        self.contract((B, T, E), 0, 2 * B * T * S * E)
        return ((B, T, E), (B, T, S))
