"""The laws of choosing experts and of what is seen several times, from torch's documentation and the papers."""

from __future__ import annotations

import math
from typing import Any

from tests.specs.naive.columns import over
from tests.specs.naive.terms import Misfit, Value


class Routing:
    """The choice of experts, and the way there and back; part of the laws of the layers."""

    def topk(self, ins: Value, k: int) -> Value:
        ((*rest, n),) = ins
        if k > n:
            raise Misfit(f"{k} of {n}")
        return (*rest, k), (*rest, k)

    def hardtanh(self, ins: Value, min_val: Any = -1, max_val: Any = 1) -> Value:
        return ins

    def broadcast_to(self, ins: Value, shape: list[Any]) -> Value:
        """Stretch axes of one element; -1 keeps an axis as it is."""
        sizes = [old if isinstance(new, int) and new == -1 else new for new, old in zip(shape, ins[0], strict=True)]
        if any(old not in (1, new) for new, old in zip(sizes, ins[0], strict=True)):
            raise Misfit(f"{ins} as {shape}")
        return (tuple(sizes),)

    def dispatch(self, ins: Value, experts: int, capacity: Any = None) -> Value:
        """A token is a row for each of its experts; with a capacity every expert has as many rows."""
        (*_, width), (*rest, k) = ins
        rows = math.prod(rest) * k
        if capacity is not None:
            rows = experts * math.ceil(over(rows * capacity, experts))
        return ((rows, width),)

    def combine(self, ins: Value) -> Value:
        return ((*ins[1][:-1], ins[0][-1]),)
