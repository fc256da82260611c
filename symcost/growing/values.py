"""Which values of a size are looked at."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from symcost.algebra.atoms import Number
from symcost.algebra.needs import Need
from symcost.calculus.axis import declared_of
from symcost.cost import Cost
from symcost.errors import UsageError
from symcost.solver.grid import axes

MOST = 2000
"""Values beyond which some are picked."""
WIDE = 8
"""How many times the default the usual range goes up, and how much of it down."""
STARTS = 64
"""The greatest of the usual values of a size without a default, by its least."""


@dataclass(frozen=True)
class Asked:
    """A size and values of it, in rising order.

    Attributes:
        name: of the size.
        values: some or all that were asked for.
        complete: whether they are all.
    """

    name: str
    values: Sequence[Number]
    complete: bool

    def allowed(self, needs: Sequence[Need]) -> list[Number]:
        """Return the values that meet all conditions."""
        return [value for value in self.values if all(need.holds({self.name: value}) for need in needs)]


def asked(cost: Cost, along: str) -> Asked:
    """Read a size with its values, or choose these.

    Raises:
        UsageError: there is no such size, or the values have no meaning.
    """
    name = along.partition("=")[0].strip()
    found = axes(along if "=" in along else _usual(cost, name), cost.symbols)
    if len(found) != 1:
        raise UsageError(f"growth is along one size, got {along}")
    (axis,) = found
    values = sorted(value for value in axis.values if not isinstance(value, bool))
    if not values:
        raise UsageError(f"{name} is true or false, and nothing grows along it")
    picked = _picked(values) if len(values) > MOST else values
    return Asked(axis.name, picked, len(picked) == len(values))


def _usual(cost: Cost, name: str) -> str:
    """Return the usual range of a size as text."""
    declared = declared_of(cost, (), name)
    if declared.kind == "ratio":
        raise UsageError(f"{name} is a ratio; say which values, such as {name}=1/4:2:1/4")
    default = declared.default
    low = declared.least if default is None else max(declared.least, int(Fraction(default)) // WIDE)
    high = declared.least * STARTS if default is None else int(Fraction(default)) * WIDE
    high = high if declared.max is None else min(high, declared.max)
    return f"{name}={low}:{high}"


def _picked(values: Sequence[Number]) -> list[Number]:
    """Return some of many values: the ends, and others at about equal ratios, or distances where there is a 0."""
    first, last, steps = values[0], values[-1], MOST - 1
    if first <= 0:
        places = {round(i * (len(values) - 1) / steps) for i in range(MOST)}
        return [values[i] for i in sorted(places)]
    ratio = float(last / Fraction(first)) ** (1 / steps)
    places = {min(bisect_left(values, float(first) * ratio**i), len(values) - 1) for i in range(MOST)}
    return [values[i] for i in sorted({0, len(values) - 1, *places})]
