"""An exact function of a whole number: its values, its bounds over a range, and which way it goes."""

from __future__ import annotations

from symcost.algebra.atoms import Box, Number
from symcost.algebra.poly import Num, atoms_of, constant, evaluate, terms_of
from symcost.algebra.ranges import Range, lower_bound, rises
from symcost.solver.tail import lower_tail
from symcost.solver.track import Track


class Curve:
    """A formula along a residue class, as a function of the place j in it.

    Attributes:
        formula: in one symbol.
    """

    def __init__(self, formula: Num, track: Track) -> None:
        self.formula = track.along(formula)
        self._track = track
        self._known: dict[int, Number] = {}
        self._trends: dict[tuple[int, int | None], int | None] = {}

    def __call__(self, j: int) -> Number:
        """Return the exact value at place j, worked out once."""
        value = self._known.get(j)
        if value is None:
            value = self._known[j] = evaluate(self.formula, self._track.env(j))
        return value

    def negated(self) -> Curve:
        """Return the function with its sign changed."""
        other = Curve(0, self._track)
        other.formula = self.formula * -1
        return other

    def trend(self, first: int, last: int | None) -> int | None:
        """Return 1 where it is proved never to fall in a range, -1 never to rise, 0 for a constant, else None."""
        key = (first, last)
        if key not in self._trends:
            self._trends[key] = self._find_trend(self._track.box(first, last))
        return self._trends[key]

    def _find_trend(self, box: Box) -> int | None:
        if constant(self.formula) is not None:
            return 0
        if rises(self.formula, box):
            return 1
        return -1 if rises(self.formula * -1, box) else _trend_of_terms(self.formula, box)

    def range(self, first: int, last: int | None, trend: int | None) -> Range:
        """Return bounds of the values from first to last; None is unknown or without end.

        Args:
            first: the first place.
            last: the last place, None for no end.
            trend: as ``trend`` has it for these places.
        """
        low = self(first) if trend in (0, 1) else None
        high = self(first) if trend in (0, -1) else None
        if last is not None:
            low = self(last) if trend == -1 else low
            high = self(last) if trend == 1 else high
        if trend is None or (last is None and _levels_off(self.formula)):
            low = self._low(self.formula, first, last) if low is None else low
            high = self._high(first, last) if high is None else high
        return low, high

    def _high(self, first: int, last: int | None) -> Number | None:
        low = self._low(self.formula * -1, first, last)
        return None if low is None else -low

    def _low(self, formula: Num, first: int, last: int | None) -> Number | None:
        box = self._track.box(first, last)
        if last is None:
            return lower_tail(formula, {name: low for name, (low, _) in box.items()})
        return lower_bound(formula, box)


def _levels_off(formula: Num) -> bool:
    """Tell whether a function that never turns back may stay below some value without end."""
    return any(exponent < 0 for monomial in terms_of(formula) for _, exponent in monomial)


def _trend_of_terms(formula: Num, box: Box) -> int | None:
    """Return the way that all terms go, in negative powers too."""
    if not all(atom.rising() and (atom.range(box)[0] or 0) > 0 for atom in atoms_of(formula)):
        return None
    powers = ((exponent, c) for monomial, c in terms_of(formula).items() for _, exponent in monomial)
    ways = {1 if (exponent > 0) == (c > 0) else -1 for exponent, c in powers}
    return ways.pop() if len(ways) == 1 else None
