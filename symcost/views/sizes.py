"""Values of symbols in words."""

from __future__ import annotations

from collections.abc import Mapping

from symcost.algebra.atoms import Number


def listed(values: Mapping[str, Number | bool]) -> str:
    """Return values of symbols in words."""
    return ", ".join(f"{name} = {str(v).lower() if isinstance(v, bool) else v}" for name, v in values.items())
