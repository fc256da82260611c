"""Exact amounts in words."""

from __future__ import annotations

from symcost.algebra.atoms import Number
from symcost.metrics.convention import Convention
from symcost.metrics.metric import unit_of


def amount(name: str, value: Number, counted: Convention | str) -> str:
    """Return a metric's value in words under a convention, such as ``1,958,573,056 MACs``."""
    return f"{digits(value)} {unit_of(name, counted)}"


def digits(value: Number) -> str:
    """Return an exact number with its thousands set apart."""
    whole = f"{value.numerator:,}"
    return whole if value.denominator == 1 else f"{whole}/{value.denominator:,}"
