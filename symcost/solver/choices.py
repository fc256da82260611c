"""Sets of values that an unknown is allowed, as written: ``32,48,64``, or a range of a grid such as ``8:256:8``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, lcm

from symcost.algebra.atoms import Number, exact
from symcost.errors import UsageError
from symcost.solver.domain import read_exact
from symcost.solver.grid import progression
from symcost.spec.symbols import Symbol

MOST = 10_000
Choices = str | Iterable[Number | str]


def read_choices(name: str, allowed: Choices, declared: Symbol) -> tuple[Number, ...]:
    """Return the values of a set, in order; ranges are as in a grid.

    Raises:
        UsageError: it is no set of exact numbers, or empty, or too large.
    """
    parts = allowed.split(",") if isinstance(allowed, str) else allowed
    found: set[Number] = set()
    for part in parts:
        values = _values(name, part, declared)
        if len(values) + len(found) > MOST:
            raise UsageError(f"the set of values for {name} has more than {MOST:,}; give a step and a range instead")
        found.update(values)
    if not found:
        raise UsageError(f"the set of values for {name} is empty")
    return tuple(sorted(found))


def _values(name: str, part: Number | str, declared: Symbol) -> Sequence[Number]:
    if isinstance(part, str) and ":" in part:
        return progression(name, part.strip(), declared)
    if isinstance(part, str) and not part.strip():
        raise UsageError(f"a value of the set for {name} is missing; write it as 32,48,64 or 8:256:8")
    return [read_exact(f"the set of values for {name}", part)]


def unit(values: Iterable[Number]) -> Number:
    """Return the greatest number of which all values are multiples."""
    fractions = [Fraction(x) for x in values]
    below = lcm(*(f.denominator for f in fractions))
    return exact(Fraction(gcd(*(int(f * below) for f in fractions)), below))
