"""Merging of tokens, from Bolya et al. 2022, section 3."""

from __future__ import annotations

from tests.specs.naive.terms import Counting, Misfit, Value


class Merging(Counting):
    """Laws of layers that make tokens fewer."""

    def log(self, ins: Value) -> Value:
        return ins

    def token_merging(self, ins: Value, r: int) -> Value:
        (B, T, E), (_, same, one), (*_, wide) = ins
        if (same, one) != (T, 1) or 2 * r > T - 1:
            raise Misfit(f"{r} pairs of {T} tokens")
        sources = (T + 1) // 2
        pairs = B * sources * (T - sources)
        if not self.training:
            self.totals.macs += pairs * wide
            self.totals.contraction_outputs += pairs
        return ((B, T - r, E), (B, T - r, 1))
