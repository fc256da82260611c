"""What a design must meet: limits on formulas, and tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor

from symcost.algebra.atoms import Number
from symcost.optimum.form import Form, Places

_SHAVED = 4096
"""Places looked at, at each end of a box."""


@dataclass(frozen=True, eq=False)
class Limit:
    """``form <= bound``, or ``<`` where ``strict``; both in units in which the form's coefficients are whole."""

    form: Form
    bound: Number
    strict: bool = False

    @classmethod
    def of(cls, form: Form, relation: str, limit: Number) -> list[Limit]:
        """Return what ``form relation limit`` comes to: one limit, or two for ``==``."""
        if relation == "==":
            return [*cls.of(form, "<=", limit), *cls.of(form, ">=", limit)]
        form, bound = (form, limit * form.scale) if "<" in relation else (form.negated(), -limit * form.scale)
        strict = "=" not in relation
        if not form.whole:
            return [cls(form, bound, strict)]
        return [cls(form, ceil(bound) - 1 if strict else floor(bound))]

    def meets(self, places: Sequence[int]) -> bool:
        """Tell whether it is met at one design."""
        value = self.form.at(places)
        return value < self.bound or (value == self.bound and not self.strict)

    def tighten(self, first: Places, last: Places) -> bool | None:
        """Cut off a box, in place, what cannot meet it; the answers are those of ``Form.tighten``."""
        kept = self.form.tighten(self.bound, first, last)
        return self.form.high(first, last) < self.bound or None if kept and self.strict else kept


@dataclass(frozen=True, eq=False)
class Test:
    """A test of some unknowns of which nothing else is known."""

    axes: tuple[int, ...]
    holds: Callable[[Sequence[int]], bool]

    def tighten(self, first: Places, last: Places) -> bool | None:
        """Cut places that fail off the ends of a last open unknown, in place; True where one is left, which holds."""
        still = [axis for axis in self.axes if first[axis] < last[axis]]
        if len(still) > 1:
            return None
        if not still:
            return self.holds(first)
        (axis,) = still
        for ends, step in ((first, 1), (last, -1)):
            place = list(first)
            for _ in range(_SHAVED):
                place[axis] = ends[axis]
                if first[axis] > last[axis] or self.holds(place):
                    break
                ends[axis] += step
        if first[axis] == last[axis]:
            return self.holds(first)
        return False if first[axis] > last[axis] else None

    def meets(self, places: Sequence[int]) -> bool:
        """Tell whether it is met at one design."""
        return self.holds(places)
