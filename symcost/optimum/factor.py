"""Factors of products: exact functions of one unknown, by the place of its value, or of several at once."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import inf, lcm, log

from symcost.algebra.atoms import Atom, Number, exact
from symcost.algebra.poly import Num, Poly, evaluate, symbols_of
from symcost.algebra.ranges import bounds, rises

SCANNED = 4096
"""Values of an unknown up to which a function of it is looked at value by value."""
_LARGEST_SCALE = 10**12


class Unbounded(ZeroDivisionError):
    """A function has no bounds in finite ranges: it divides by what may be zero there."""


class Table(dict[int, Number]):
    """Values of a function of a whole number, each worked out once."""

    def __init__(self, of: Callable[[int], Number]) -> None:
        super().__init__()
        self._of = of

    def __missing__(self, place: int) -> Number:
        value = self[place] = self._of(place)
        return value


class Logs(dict[int, float]):
    """Logarithms of a table; minus infinity where a value is not positive."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self._table = table

    def __missing__(self, place: int) -> float:
        value = self[place] = logarithm(self._table[place])
        return value


def logarithm(x: Number) -> float:
    """Return log x of an exact number of any size, minus infinity where it is not positive."""
    if x <= 0:
        return -inf
    if isinstance(x, int):
        return log(x)
    above, below = x.numerator, x.denominator
    twos = above.bit_length() - below.bit_length()  # the difference of two logarithms would keep the errors of both
    return log((above << max(0, -twos)) / (below << max(0, twos))) + twos * log(2)


class Factor:
    """An exact function of one unknown.

    Attributes:
        axis: number of the unknown.
        table: its value at each place; times ``scale`` it is the formula's.
        logs: their logarithms.
        trend: 1 where it never falls from place to place, -1 where it never rises, None where it may do both.
        positive: whether no value is negative.
        whole: whether every value is an integer.
        scale: what values are multiplied with to give the formula's.
    """

    __slots__ = ("_formula", "_name", "_values", "axis", "logs", "positive", "scale", "table", "trend", "whole")

    def __init__(self, formula: Num, name: str, axis: int, values: Sequence[Number]) -> None:
        self._formula, self._name, self._values = formula, name, values
        self.axis, self.scale = axis, Fraction(1)
        self.table = Table(lambda place: evaluate(formula, {name: values[place]}))
        self.trend: int | None
        if len(values) <= SCANNED:
            self._scan(len(values))
        else:
            self._reason()
        self.logs = Logs(self.table)

    def _scan(self, count: int) -> None:
        found = [self.table[place] for place in range(count)]
        below = lcm(*(value.denominator for value in found))
        if 1 < below <= _LARGEST_SCALE:
            found = [exact(value * below) for value in found]
            self.scale = Fraction(1, below)
            self.table.update(enumerate(found))
        self.trend = _trend(found)
        self.positive = min(found) >= 0
        self.whole = all(isinstance(value, int) for value in found)

    def _reason(self) -> None:
        """Find by its form what there are too many values to look for."""
        from symcost.algebra.extent import integral

        box = {self._name: (self._values[0], self._values[-1])}
        self.trend = 1 if rises(self._formula, box) else -1 if rises(self._formula * -1, box) else None
        low = self.low(0, len(self._values) - 1)
        self.positive = low >= 0
        self.whole = integral(self._formula)

    def low(self, first: int, last: int) -> Number:
        """Return the least value from one place to another, or a lower bound of it."""
        if self.trend == 1 or first == last:
            return self.table[first]
        return self.table[last] if self.trend == -1 else self._ends(first, last)[0]

    def high(self, first: int, last: int) -> Number:
        """Return the greatest value from one place to another, or an upper bound of it."""
        if self.trend == 1 or first == last:
            return self.table[last]
        return self.table[first] if self.trend == -1 else self._ends(first, last)[1]

    def log_low(self, first: int, last: int) -> float:
        """Return the logarithm of ``low``."""
        if self.trend is None:
            return logarithm(self.low(first, last))
        return self.logs[first if self.trend == 1 else last]

    def log_high(self, first: int, last: int) -> float:
        """Return the logarithm of ``high``."""
        if self.trend is None:
            return logarithm(self.high(first, last))
        return self.logs[last if self.trend == 1 else first]

    def _ends(self, first: int, last: int) -> tuple[Number, Number]:
        if last - first <= SCANNED:
            found = [self.table[place] for place in range(first, last + 1)]
            return min(found), max(found)
        low, high = bounds(self._formula, {self._name: (self._values[first], self._values[last])})
        if low is None or high is None:
            raise Unbounded(self._formula)
        return low, high


def _trend(values: Sequence[Number]) -> int | None:
    if all(a <= b for a, b in itertools.pairwise(values)):
        return 1
    return -1 if all(a >= b for a, b in itertools.pairwise(values)) else None


class Joint:
    """An atom of several unknowns, such as a rounding of ``C*w``, to a power.

    Attributes:
        axes: numbers of the unknowns.
        whole: whether every value is an integer.
    """

    __slots__ = ("_formula", "_known", "_names", "_rising", "_values", "axes", "whole")

    def __init__(self, atom: Atom, exponent: int, names: Sequence[str], values: Sequence[Sequence[Number]]) -> None:
        self._formula = Poly({((atom, exponent),): 1})
        self.axes = tuple(axis for axis, name in enumerate(names) if name in symbols_of(self._formula))
        self._names = [names[axis] for axis in self.axes]
        self._values = [values[axis] for axis in self.axes]
        self._rising = atom.rising() * (1 if exponent > 0 else -1)
        self._known: dict[tuple[int, ...], Number] = {}
        self.whole = atom.integral and exponent > 0

    def range(self, first: Sequence[int], last: Sequence[int]) -> tuple[Number, Number]:
        """Return bounds of the values between two corners of a box.

        Raises:
            Unbounded: there are none.
        """
        start, end = tuple(first[axis] for axis in self.axes), tuple(last[axis] for axis in self.axes)
        if start == end:
            value = self._at(start)
            return value, value
        if self._rising:
            ends = self._at(start), self._at(end)
            return ends if self._rising > 0 else ends[::-1]
        box = {n: (v[a], v[b]) for n, v, a, b in zip(self._names, self._values, start, end, strict=True)}
        low, high = bounds(self._formula, box)
        if low is None or high is None:
            raise Unbounded(self._formula)
        return low, high

    def _at(self, places: tuple[int, ...]) -> Number:
        value = self._known.get(places)
        if value is None:
            env = {n: v[p] for n, v, p in zip(self._names, self._values, places, strict=True)}
            value = self._known[places] = evaluate(self._formula, env)
        return value
