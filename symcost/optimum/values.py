"""The values that an unknown may take, in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import overload

from symcost.algebra.atoms import Number, exact
from symcost.algebra.needs import Need
from symcost.errors import UsageError, quoted
from symcost.optimum.over import Values
from symcost.solver.domain import ratio_step, read_exact
from symcost.solver.grid import axes
from symcost.spec.symbols import Symbol


@dataclass(frozen=True)
class Lattice(Sequence[Number]):
    """The values low, low + step, ...; ``size`` of them, None for no end."""

    low: Number
    step: Number
    size: int | None

    def __len__(self) -> int:
        assert self.size is not None
        return self.size

    @overload
    def __getitem__(self, place: int) -> Number: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Number]: ...
    def __getitem__(self, place: int | slice) -> Number | Sequence[Number]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        if self.size is not None:
            if not -self.size <= place < self.size:
                raise IndexError(place)
            place %= self.size
        return exact(self.low + self.step * place)

    def ended(self, high: Number) -> Lattice:
        """Return the values up to an end."""
        return replace(self, size=max(0, (high - self.low) // self.step + 1))


def values_of(name: str, declared: Symbol, asked: Values, needs: Iterable[Need]) -> Sequence[Number]:
    """Return the values of an unknown that are asked for, if its declaration allows them, in rising order.

    Args:
        name: of the unknown.
        declared: what is known of it.
        asked: for which values.
        needs: conditions on it alone, in the ratio k where it is one.

    Raises:
        UsageError: a value asked for is refused, or there is none.
    """
    parts = [part.strip() for part in asked.split(":")] if isinstance(asked, str) else []
    if asked is None or "" in parts[:2]:
        return _lattice(name, declared, parts, needs)
    if len(parts) == 2 and declared.kind == "ratio":
        asked = f"{asked}:{ratio_step(declared, None, needs)}"
    (axis,) = axes({name: asked}, {name: declared})
    numbers = [value for value in axis.values if not isinstance(value, bool)]
    return axis.values if isinstance(axis.values, range) else tuple(sorted(numbers))


def _lattice(name: str, declared: Symbol, parts: Sequence[str], needs: Iterable[Need]) -> Sequence[Number]:
    """Return multiples of a step, from the least that is allowed to an end that may be open."""
    if len(parts) > 3:
        raise UsageError(f"{name}: a range is LOW:HIGH or LOW:HIGH:STEP, got {quoted(':'.join(parts))}")
    low, high, step = (read_exact(name, part) if part else None for part in (*parts, "", "", "")[:3])
    if step is not None and step <= 0:
        raise UsageError(f"{name}: the step of a range is above 0, got {step}")
    if declared.kind != "ratio" and isinstance(step, Fraction):
        raise UsageError(f"{name} is a whole number, and goes in whole steps, not in steps of {step}")
    stride = Fraction(_stride(declared, step, needs))
    start = max(declared.least, declared.least if low is None else low)
    first = max(-(-start // stride), 0 if start > 0 or declared.kind != "ratio" else 1)
    ends = [end for end in (high, declared.max) if end is not None]
    found = Lattice(exact(first * stride), exact(stride), None)
    if ends and not (found := found.ended(min(ends))).size:
        raise UsageError(f"{name}: no multiple of {stride} from {start} to {min(ends)} is allowed")
    return found


def _stride(declared: Symbol, step: Number | None, needs: Iterable[Need]) -> Number:
    if declared.kind == "ratio":
        return ratio_step(declared, step, needs)
    return lcm(declared.step, 1 if step is None else int(step))
