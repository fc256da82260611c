"""The fields of ops as torch takes them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from symcost.ops.op import Op

Run = Callable[..., Any]
Sizes = list[tuple[int, ...]]


def settings(op: Op) -> dict[str, Any]:
    """Return the fields of an op as torch takes them."""
    return {key: plain(value) for key, value in op.fields().items() if value is not None and key != "op"}


def plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    return float(value) if isinstance(value, Fraction) else value


def torch_order(pads: list[tuple[int, int]]) -> tuple[int, ...]:
    """Return padding as torch.nn.functional.pad wants it, the last axis first."""
    return tuple(p for pair in reversed(pads) for p in pair)
