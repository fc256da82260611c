"""Two polynomials that hold a formula between them, for all sizes of a box: its floors lie between two lines.

**Floors.** For whole x, with g the greatest common divisor of s and of what divides every x, the rest of x + c modulo s
is c mod g plus a multiple of g, hence from c mod g to s - g + c mod g, and floor((x + c)/s) is (x + c - rest)/s. Of a
number that need not be whole the floor is less than 1 below.

**Rounding.** r = make_divisible(v, d, least) is at least d floor(v/d + 1/2). It is that, or ``least``, or it was
raised: then r - d < 9/10 v with r - d >= least, so r - v < d - v/10 and, as v > 10/9 (r - d), r - v < d - least/9.

**Products.** Factors that are not negative may be replaced by lower, or by upper, bounds that are not negative either;
one lower bound of a product may be negative, as the product is not. A floor f that is at least k is written k + f',
so that (f - 1)**2 is bounded as well as f**2 is: its minus is gone for k >= 1. So is an atom that may be negative.

A largest of several stays one: of their lower polynomials below, of their upper ones above. One that is never positive,
as max(-7, -H) for min(7, H), counts as minus the least of the opposites, which is a factor that is not negative.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import gcd as gcd_of_numbers
from typing import NamedTuple

from symcost.algebra.atoms import Atom, Box, Number, Range, lift
from symcost.algebra.extent import Extent, floor, grain, integral
from symcost.algebra.maximum import Max, maximum
from symcost.algebra.needs import AtLeast
from symcost.algebra.poly import Monomial, Num, Poly, atoms_of, terms_of, total
from symcost.algebra.ranges import bounds, lower_bound
from symcost.algebra.rounding import Gcd, Rounded, gcd

Pair = tuple[Num, Num]


class Envelope(NamedTuple):
    """Polynomials below and above a formula.

    Attributes:
        below: at most the formula.
        above: at least the formula.
        needs: what must hold of the sizes for it, beside their box.
    """

    below: Num
    above: Num
    needs: tuple[AtLeast, ...]


def envelope(x: Num, box: Box) -> Envelope:
    """Return two polynomials between which x lies for all sizes in a box that x has a value for."""
    hull = _Hull(box)
    below, above = hull.around(x)
    return Envelope(below, above, tuple(dict.fromkeys(hull.needs)))


class _Step(NamedTuple):
    """What is known of an atom that is no letter: it lies between two polynomials, and is at least a number.

    Attributes:
        low: polynomial below, less ``least``.
        high: polynomial above, less ``least``.
        least: a number that ``low`` was at least; 0 where it may be negative though the atom is not.
        sure: whether ``low`` is never negative.
        positive: whether the atom is never negative.
    """

    low: Num
    high: Num
    least: Number
    sure: bool
    positive: bool

    def power(self, exponent: int, *, measured: bool) -> Pair:
        """Return bounds of a power of the atom, which may be measured from its least value."""
        if exponent < 0:
            return self._reciprocal(-exponent)
        low, high = (self.low, self.high) if measured else (self.low + self.least, self.high + self.least)
        return (low, high) if exponent == 1 else (low**exponent, high**exponent)

    def _reciprocal(self, exponent: int) -> Pair:
        """Return bounds of 1 over a power of a whole number that is positive, as 1 over it has a value."""
        low, high = self.low + self.least, self.high + self.least
        most = high**-exponent if _single(high) else 0
        least = max(Fraction(1), Fraction(self.least)) ** -exponent
        return most, low**-exponent if _single(low) and self.sure else least


class _Hull:
    """The bounds of atoms in one box, and what they ask for."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.needs: list[AtLeast] = []
        self._steps: dict[Atom, _Step] = {}
        self._negative: dict[Atom, bool] = {}

    def around(self, x: Num) -> Pair:
        """Return the polynomials below and above a formula."""
        steps = [self._step(atom) for atom in atoms_of(x) if _steps(atom)]
        terms = {monomial: c * self._sign(monomial) for monomial, c in terms_of(x).items()}
        signs = {c > 0 for c in terms.values()}
        mixed = len(signs) > 1 or any(step.least < 0 for step in steps)  # otherwise measuring changes no bound
        low: list[tuple[Num, Num]] = []
        high: list[tuple[Num, Num]] = []
        for monomial, c in (self._measured(terms) if mixed else terms).items():
            below, above = self._product(monomial, measured=mixed)
            low.append((below if c > 0 else above, c))
            high.append((above if c > 0 else below, c))
        return total(low), total(high)

    def _sign(self, monomial: Monomial) -> int:
        """Return the sign of a product of largest ones that count as minus a least one."""
        return -1 if sum(exponent for atom, exponent in monomial if self._falls(atom)) % 2 else 1

    def _falls(self, atom: Atom) -> bool:
        """Tell whether an atom is a largest of several that is never positive."""
        if not isinstance(atom, Max):
            return False
        if atom not in self._negative:
            most = atom.range(self.box)[1]
            self._negative[atom] = most is not None and most <= 0
        return self._negative[atom]

    def _measured(self, terms: Mapping[Monomial, Number]) -> dict[Monomial, Number]:
        """Return terms with every floor measured from its least value."""
        result = Poly({})
        for monomial, c in terms.items():
            term: Num = c
            for atom, exponent in monomial:
                factor = lift(atom)
                if exponent > 0 and _steps(atom):
                    factor = factor + self._step(atom).least
                term = term * factor**exponent
            result = result + term
        return result.terms

    def _product(self, monomial: Monomial, *, measured: bool) -> Pair:
        """Return bounds of a product of letters and of floors, which may be measured from their least values."""
        steps = [(self._step(atom), exponent) for atom, exponent in monomial if _steps(atom)]
        self._settle(steps)
        low: Num
        high: Num
        low = high = Poly({tuple(pair for pair in monomial if not _steps(pair[0])): 1})
        for step, exponent in steps:
            below, above = step.power(exponent, measured=measured)
            low, high = low * below, high * above
        return low, high

    def _settle(self, steps: list[tuple[_Step, int]]) -> None:
        """Ask for the bounds of a product not to be negative, where they may be and it matters."""
        doubtful = [(step, exponent) for step, exponent in steps if not step.sure]
        if sum(abs(exponent) for _, exponent in doubtful) > 1 or any(
            exponent < 0 or (len(steps) > 1 and not step.positive) for step, exponent in doubtful
        ):
            self.needs += [AtLeast(step.low, 0) for step, _ in doubtful]

    def _step(self, atom: Atom) -> _Step:
        if atom not in self._steps:
            self._steps[atom] = self._measure(atom)
        return self._steps[atom]

    def _measure(self, atom: Atom) -> _Step:
        least, most = self._range(atom)
        if least is not None and least == most:
            return _Step(0, 0, least, sure=True, positive=least >= 0)
        low, high = self._between(atom)
        start, positive = lower_bound(low, self.box), least is not None and least >= 0
        sure = start is not None and (start >= 0 or not positive)
        shift = start if start is not None and sure else 0
        return _Step(low - shift, high - shift, shift, sure, positive)

    def _range(self, atom: Atom) -> Range:
        least, most = atom.range(self.box)
        return (
            (None if most is None else -most, None if least is None else -least) if self._falls(atom) else (least, most)
        )

    def _between(self, atom: Atom) -> Pair:
        match atom:
            case Extent():
                return self._floor(atom)
            case Rounded():
                return self._rounded(atom)
            case Max():
                lows, highs = zip(*map(self.around, atom.options), strict=True)
                low, high = maximum(lows, self.box), maximum(highs, self.box)
                return (-high, -low) if self._falls(atom) else (low, high)
            case Gcd():
                least, most = bounds(atom.inner, self.box)
                return (gcd(least, atom.n),) * 2 if isinstance(least, int) and least == most else (1, atom.n)
        raise TypeError(f"no bounds for {atom!r}")

    def _floor(self, atom: Extent) -> Pair:
        low, high = self.around(atom.base)
        part = Fraction(1, atom.divisor)
        if not integral(atom.base):
            below, above = (0, 1) if atom.up else (-1, 0)
            return low + atom.offset + below, high + atom.offset + above
        common = gcd_of_numbers(grain(atom.base), atom.divisor)
        rest = atom.offset % common
        return (low + atom.offset - (atom.divisor - common + rest)) * part, (high + atom.offset - rest) * part

    def _rounded(self, atom: Rounded) -> Pair:
        d, least = atom.divisor, atom.least
        v, above = self.around(atom.inner)
        start = lower_bound(v, self.box)
        if start is None or start < 0:
            self.needs.append(AtLeast(v, 0))
            start = 0
        raised = d - max(Fraction(least, 9), Fraction(start) / 10)
        high = above + max(Fraction(d, 2), least - start, raised)
        if 2 * start < d:
            return v * Fraction(9, 10), high
        return self.around(floor(atom.inner * Fraction(1, d) + Fraction(1, 2)))[0] * d, high


def _steps(atom: Atom) -> bool:
    """Tell whether an atom is a step function of letters; others are letters."""
    return isinstance(atom, (Extent, Rounded, Gcd, Max))


def _single(x: Num) -> bool:
    return isinstance(x, Poly) and len(x.terms) == 1
