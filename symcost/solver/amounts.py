"""Exact amounts in words."""

from __future__ import annotations

from symcost.algebra.atoms import Number
from symcost.metrics.metric import metric


def amount(name: str, value: Number) -> str:
    """Return a metric's value in words, such as ``1,958,573,056 MACs``."""
    return f"{digits(value)} {metric(name).unit}"


def digits(value: Number) -> str:
    """Return an exact number with its thousands set apart."""
    whole = f"{value.numerator:,}"
    return whole if value.denominator == 1 else f"{whole}/{value.denominator:,}"
