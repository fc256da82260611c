"""What is to be greatest: a formula, or a quotient of two."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from symcost.algebra.atoms import Number, exact
from symcost.optimum.form import Form, Places


class Goal:
    """An exact function to be made as great as possible.

    Attributes:
        above: its numerator.
        below: its denominator, None for 1.
        whole: whether every value times ``scale`` is an integer.
        scale: what a value is multiplied with.
        axes: numbers of the unknowns that occur.
    """

    def __init__(self, above: Form, below: Form | None = None) -> None:
        self.above, self.below = above, below
        self.scale = Fraction(above.scale, below.scale if below else 1)
        self.whole = below is None and above.whole
        self.axes = sorted({*above.axes, *(below.axes if below else ())})
        self._negative = above.negated()
        self.trends = {axis: self._trend(axis) for axis in self.axes}

    def _trend(self, axis: int) -> int | None:
        if self.below is None:
            return self.above.trends[axis]
        return None

    def at(self, places: Sequence[int]) -> Number:
        """Return the value at one design, times ``scale``.

        Raises:
            ZeroDivisionError: the denominator is zero there.
        """
        above = self.above.at(places)
        return above if self.below is None else exact(Fraction(above) / self.below.at(places))

    def high(self, first: Sequence[int], last: Sequence[int]) -> Number | None:
        """Return an upper bound over a box, exact at a single design; None where none is known."""
        if self.below is None:
            return self.above.high(first, last)
        if first == last:
            return self.at(first)
        above, low = self.above.high(first, last), self.below.low(first, last)
        if low <= 0:
            return None
        return exact(Fraction(above) / (low if above > 0 else self.below.high(first, last)))

    def low(self, first: Sequence[int], last: Sequence[int]) -> Number | None:
        """Return a lower bound over a box; None where none is known."""
        if self.below is None:
            return self.above.low(first, last)
        above, low = self.above.low(first, last), self.below.low(first, last)
        if low <= 0:
            return None
        return exact(Fraction(above) / (low if above < 0 else self.below.high(first, last)))

    def tighten(self, least: Number, first: Places, last: Places) -> bool | None:
        """Cut off a box, in place, what cannot reach a value."""
        return None if self.below is not None else self._negative.tighten(-least, first, last)

    def best_corner(self, first: Sequence[int], last: Sequence[int]) -> list[int] | None:
        """Return the corner of a box where the value is greatest; None where that is not known to be a corner."""
        place = list(first)
        for axis in self.axes:
            trend = self.trends[axis]
            if first[axis] < last[axis]:
                if trend is None:
                    return None
                place[axis] = last[axis] if trend > 0 else first[axis]
        return place

    def rounded(self, bound: float) -> Number:
        """Return the greatest value that a float above it allows."""
        return floor(bound) if self.whole else exact(Fraction(bound))
