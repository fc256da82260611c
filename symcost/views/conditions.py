"""Conditions and values in words."""

from __future__ import annotations

from collections.abc import Mapping

from symcost.algebra.atoms import Number
from symcost.graph.assumptions import Condition, conditions

__all__ = ["Condition", "conditions", "listed"]


def listed(values: Mapping[str, Number | bool]) -> str:
    """Return values of symbols in words."""
    return ", ".join(f"{name} = {str(v).lower() if isinstance(v, bool) else v}" for name, v in values.items())
