"""The laws of what scales channels, from the papers' definitions."""

from __future__ import annotations

from typing import Any

from tests.specs.naive.terms import Misfit, Totals, Value


class Channels:
    """Learned scales of channels; part of the laws of the layers."""

    totals: Totals
    conv2d: Any
    reshape: Any

    def layer_scale(self, ins: Value, dim: int = 1, shared: bool = False) -> Value:
        self.totals.params += 1 if shared else ins[0][dim]
        return ins

    def global_response_norm(self, ins: Value) -> Value:
        self.totals.params += 2 * ins[0][-1]
        return ins

    def group_norm(self, ins: Value, num_groups: int) -> Value:
        if ins[0][1] % num_groups:
            raise Misfit(f"{num_groups} groups of {ins}")
        self.totals.params += 2 * ins[0][1]
        return ins

    def std_conv2d(self, ins: Value, out: int, gain: bool = False, **fields: Any) -> Value:
        """Filters are standardised where they lie; a gain is one number more for each."""
        self.totals.params += gain * out
        made: Value = self.conv2d(ins, out, **fields)
        return made

    def unsqueeze(self, ins: Value, dim: int) -> Value:
        return ((*ins[0][:dim], 1, *ins[0][dim:]),)

    def scale(self, ins: Value) -> Value:
        return ins
