"""What shapes and names are, and what has no meaning."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Shape: TypeAlias = tuple[int, ...]
Value: TypeAlias = tuple[Shape, ...]
"""The shapes of what passes from step to step: one tensor, or several."""
Names: TypeAlias = Mapping[str, Any]
Steps: TypeAlias = Sequence[Any]


class Misfit(ValueError):
    """There is no such network at these sizes."""


@dataclass
class Totals:
    """Elements trained, of state, that contractions write, most live, held for the next pass; multiply-accumulates."""

    params: int = 0
    buffers: int = 0
    macs: int = 0
    contraction_outputs: int = 0
    peak_activations: int = 0
    kv_cache: int = 0


class Counting:
    """What the laws of layers have in common: totals to add to, and whether what runs is there for training only."""

    totals: Totals
    training: bool

    def contract(self, out: Shape, params: int, macs: int) -> Value:
        self.totals.params += params
        if not self.training:
            self.totals.macs += macs
            self.totals.contraction_outputs += math.prod(out)
        return (out,)
