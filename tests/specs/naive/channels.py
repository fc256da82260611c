"""The laws of what scales channels, from the papers' definitions."""

from __future__ import annotations

from tests.specs.naive.terms import Totals, Value


class Channels:
    """Learned scales of channels; part of the laws of the layers."""

    totals: Totals

    def layer_scale(self, ins: Value, dim: int = 1) -> Value:
        self.totals.params += ins[0][dim]
        return ins

    def global_response_norm(self, ins: Value) -> Value:
        self.totals.params += 2 * ins[0][-1]
        return ins
