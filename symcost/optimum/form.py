"""Exact bounds of a formula over a box of places, and the parts of the box that a limit on it leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm

from symcost.algebra.atoms import Number, exact
from symcost.algebra.poly import Num
from symcost.optimum.factor import Factor
from symcost.optimum.terms import Axes, Term

Places = list[int]
_SHAVED = 4
"""How many values a function that turns back is looked at, at an end of a range."""


class Form:
    """A formula as a sum of products, times ``scale`` so that its coefficients are whole.

    Attributes:
        axes: numbers of the unknowns that occur.
        constant: the part without unknowns.
        terms: the rest.
        whole: whether every value is an integer.
        scale: what the formula was multiplied with.
    """

    def __init__(self, formula: Num, space: Axes) -> None:
        found = space.terms(formula)
        self.scale = lcm(*(term.c.denominator for term in found))
        self._setup([term._replace(c=exact(term.c * self.scale)) for term in found], space)

    def _setup(self, terms: Sequence[Term], space: Axes) -> None:
        self._space = space
        self.constant: Number = sum(term.c for term in terms if not term.singles and not term.joints)
        self.terms = [term for term in terms if term.singles or term.joints]
        self.factors: list[Factor] = space.factors
        self._used = sorted({number for term in self.terms for number in term.singles})
        axes = {self.factors[number].axis for number in self._used}
        self._mixed = {axis for term in self.terms for joint in term.joints for axis in joint.axes}
        self.axes = sorted(axes | self._mixed)
        tame = [not term.joints and all(self.factors[f].positive for f in term.singles) for term in self.terms]
        self._tame = [term for term, is_tame in zip(self.terms, tame, strict=True) if is_tame]
        self._wild = [term for term, is_tame in zip(self.terms, tame, strict=True) if not is_tame]
        self._mixed |= {self.factors[f].axis for term in self._wild for f in term.singles}
        self.trends = {axis: self._trend(axis) for axis in self.axes}
        self.whole = not self._mixed_joints() and all(self.factors[f].whole for f in self._used)

    def _mixed_joints(self) -> bool:
        return any(not joint.whole for term in self.terms for joint in term.joints)

    def negated(self) -> Form:
        """Return the formula with its sign changed."""
        other = object.__new__(Form)
        other.scale = self.scale
        constant = [Term(-self.constant, (), ())] if self.constant else []
        other._setup([*constant, *(term._replace(c=-term.c) for term in self.terms)], self._space)
        return other

    def _trend(self, axis: int) -> int | None:
        """Return 1 or -1 where every term goes that way along an axis, None where they differ or are not known."""
        if axis in self._mixed:
            return None
        signs = set()
        for term in self._tame:
            for f in term.singles:
                if self.factors[f].axis == axis:
                    trend = self.factors[f].trend
                    signs.add(None if trend is None else trend if term.c > 0 else -trend)
        return signs.pop() if len(signs) == 1 else None

    def at(self, places: Sequence[int]) -> Number:
        """Return the value at one place of each unknown."""
        factors = self.factors
        value = {f: factors[f].table[places[factors[f].axis]] for f in self._used}
        result = self.constant
        for c, singles, joints in self.terms:
            product = c
            for f in singles:
                product *= value[f]
            for joint in joints:
                product *= joint.range(places, places)[0]
            result += product
        return result

    def low(self, first: Sequence[int], last: Sequence[int]) -> Number:
        """Return a lower bound over a box, the least value where no term goes against another."""
        return self.constant + sum(self._lows(first, last)) + self._wild_low(first, last)

    def high(self, first: Sequence[int], last: Sequence[int]) -> Number:
        """Return an upper bound over a box, the greatest value where no term goes against another."""
        ends = self._ends(first, last)
        result = self.constant
        for c, singles, _ in self._tame:
            product = c
            for f in singles:
                product *= ends[f][c > 0]
            result += product
        return result + sum(self.interval(term, first, last)[1] for term in self._wild)

    def _ends(self, first: Sequence[int], last: Sequence[int]) -> dict[int, tuple[Number, Number]]:
        factors = self.factors
        ends = {}
        for f in self._used:
            factor = factors[f]
            a, b = first[factor.axis], last[factor.axis]
            if factor.trend == 1 or a == b:
                ends[f] = factor.table[a], factor.table[b]
            else:
                ends[f] = factor.low(a, b), factor.high(a, b)
        return ends

    def _lows(self, first: Sequence[int], last: Sequence[int]) -> list[Number]:
        return _products(self._tame, self._ends(first, last))

    def _wild_low(self, first: Sequence[int], last: Sequence[int]) -> Number:
        return sum(self.interval(term, first, last)[0] for term in self._wild) if self._wild else 0

    def interval(self, term: Term, first: Sequence[int], last: Sequence[int]) -> tuple[Number, Number]:
        """Return bounds of one term over a box."""
        low = high = term.c
        singles = [self.factors[f] for f in term.singles]
        ranges = [(f.low(first[f.axis], last[f.axis]), f.high(first[f.axis], last[f.axis])) for f in singles]
        for a, b in (*ranges, *(joint.range(first, last) for joint in term.joints)):
            ends = (low * a, low * b, high * a, high * b)
            low, high = min(ends), max(ends)
        return low, high

    def tighten(self, limit: Number, first: Places, last: Places) -> bool | None:
        """Cut off what cannot keep ``formula <= limit`` from a box, in place.

        Along an axis on which every term rises, the formula's lower bound over the rest of the box rises too, and
        bisection finds the last place where it keeps to the limit. So nothing that meets the limit is cut off.

        Returns:
            True where all that is left meets it, False where nothing does, None where that is open.
        """
        ends = self._ends(first, last)
        lows = _products(self._tame, ends)
        low = self.constant + sum(lows) + self._wild_low(first, last)
        if low > limit:
            return False
        if self.high(first, last) <= limit:
            return True
        for axis in self.axes:
            if first[axis] == last[axis]:
                continue
            trend = self.trends[axis]
            if trend is None:
                if not self._shave(axis, limit, first, last):
                    return False
                continue
            along = self._along(axis, ends, lows, low)
            if trend > 0:
                last[axis] = _last_kept(along, limit, first[axis], last[axis])
            else:
                first[axis] = -_last_kept(_mirrored(along), limit, -last[axis], -first[axis])
        return None

    def _along(
        self, axis: int, ends: dict[int, tuple[Number, Number]], lows: list[Number], low: Number
    ) -> Callable[[int], Number]:
        """Return the lower bound as a function of the place on one axis, the rest of the box kept."""
        weights: dict[int, Number] = {}
        rest = low
        for term, value in zip(self._tame, lows, strict=True):
            for f in term.singles:
                if self.factors[f].axis == axis:
                    weights[f] = weights.get(f, 0) + _without(term, f, value, ends)
                    rest -= value
        pairs = [(self.factors[f].table, weight) for f, weight in weights.items()]
        if len(pairs) == 1:
            ((table, weight),) = pairs
            return lambda place: rest + weight * table[place]
        return lambda place: rest + sum(weight * table[place] for table, weight in pairs)

    def _shave(self, axis: int, limit: Number, first: Places, last: Places) -> bool:
        """Cut single places off the ends of an axis along which the formula may turn back."""
        for ends, step in ((first, 1), (last, -1)):
            for _ in range(_SHAVED):
                a, b = list(first), list(last)
                a[axis] = b[axis] = ends[axis]
                if self.low(a, b) <= limit:
                    break
                if first[axis] == last[axis]:
                    return False
                ends[axis] += step
        return True


def _products(terms: Sequence[Term], ends: dict[int, tuple[Number, Number]]) -> list[Number]:
    """Return the least value of each term whose factors are not negative."""
    result = []
    for c, singles, _ in terms:
        product = c
        if c > 0:
            for f in singles:
                product *= ends[f][0]
        else:
            for f in singles:
                product *= ends[f][1]
        result.append(product)
    return result


def _without(term: Term, factor: int, value: Number, ends: dict[int, tuple[Number, Number]]) -> Number:
    """Return what a factor is multiplied with in the least value of a term."""
    own = ends[factor][term.c < 0]
    if own:
        return value // own if isinstance(value, int) and isinstance(own, int) else exact(Fraction(value) / own)
    product = term.c
    for f in term.singles:
        if f != factor:
            product *= ends[f][term.c < 0]
    return product


def _mirrored(along: Callable[[int], Number]) -> Callable[[int], Number]:
    return lambda place: along(-place)


def _last_kept(along: Callable[[int], Number], limit: Number, first: int, last: int) -> int:
    """Return the last place where a function that never falls keeps to a limit, which it does at the first."""
    if along(last) <= limit:
        return last
    while last - first > 1:
        middle = (first + last) // 2
        if along(middle) <= limit:
            first = middle
        else:
            last = middle
    return first
