"""Rounding rules and gcd as atoms: exact step functions, never a nest of floors."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor as floor_of_number
from math import gcd as gcd_of_numbers
from math import lcm
from typing import Any

from symcost.algebra.atoms import Atom, Box, Env, Number, Range, interned
from symcost.algebra.division import div
from symcost.algebra.extent import integral
from symcost.algebra.poly import NotExact, Num, Poly, constant, evaluate, substitute, symbols_of, terms_of
from symcost.algebra.ranges import bounds, rises


class Rounded(Atom):
    """make_divisible(v, d, least): the multiple of d nearest to v, at least ``least``, never below 9/10 of v.

    Where d divides the least value it is a rising step function of v: the value n d ends where v reaches n d + d/2
    (half way) or passes 10 n d/9, whichever comes first. With another least value it can fall: make_divisible(v, 8, 3)
    is 11 at 3.5 and 8 at 4. Ties round up.

    Source: the channel rule in the code of MobileNetV2 and torchvision.
    """

    __slots__ = ("divisor", "grain", "inner", "least")
    rank = 3
    inner: Poly
    divisor: int
    least: int

    @classmethod
    def of(cls, inner: Poly, divisor: int, least: int) -> Rounded:
        """Return the atom of this rule."""
        return interned(cls, (inner, divisor, least), lambda: cls._make(inner, divisor, least))

    @classmethod
    def _make(cls, inner: Poly, divisor: int, least: int) -> Rounded:
        atom = cls()
        atom.inner, atom.divisor, atom.least = inner, divisor, least
        atom.names, atom.integral = symbols_of(inner), True
        atom.grain = gcd_of_numbers(divisor, least)
        tail = "" if least == divisor else f", {least}"
        atom.key = (cls.rank, f"make_divisible({inner}, {divisor}{tail})")
        return atom

    def __reduce__(self) -> tuple[Any, ...]:
        return Rounded.of, (self.inner, self.divisor, self.least)

    def value(self, env: Env) -> Number:
        """Return the rounded value."""
        return round_channels(evaluate(self.inner, env), self.divisor, self.least)

    def substitute(self, mapping: Mapping[str, Num]) -> Num:
        """Return the rule applied to what the inner expression becomes."""
        return make_divisible(substitute(self.inner, mapping), self.divisor, self.least)

    def range(self, box: Box) -> Range:
        """Return the roundings of the bounds; where the rule can fall, a range that holds all its values."""
        low, high = bounds(self.inner, box)
        least = self.least if low is None or not self._steps_up else round_channels(low, self.divisor, self.least)
        if high is None:
            return least, None
        greatest = round_channels(high, self.divisor, self.least)
        return least, greatest if self._steps_up else max(greatest, self.least + self.divisor)

    def rising(self) -> bool:
        """Tell whether the rule never falls, and the inner expression is proved not to."""
        return self._steps_up and rises(self.inner)

    @property
    def _steps_up(self) -> bool:
        return self.least % self.divisor == 0


class Gcd(Atom):
    """gcd(x, n) for a fixed integer n: periodic in x, between 1 and n."""

    __slots__ = ("inner", "n")
    rank = 4
    inner: Poly
    n: int

    @classmethod
    def of(cls, inner: Poly, n: int) -> Gcd:
        """Return the atom gcd(inner, n)."""
        return interned(cls, (inner, n), lambda: cls._make(inner, n))

    @classmethod
    def _make(cls, inner: Poly, n: int) -> Gcd:
        atom = cls()
        atom.inner, atom.n = inner, n
        atom.names, atom.integral = symbols_of(inner), True
        atom.key = (cls.rank, f"gcd({inner}, {n})")
        return atom

    def __reduce__(self) -> tuple[Any, ...]:
        return Gcd.of, (self.inner, self.n)

    def value(self, env: Env) -> Number:
        """Return the divisor at these values."""
        return gcd_of_numbers(int(evaluate(self.inner, env)), self.n)

    def substitute(self, mapping: Mapping[str, Num]) -> Num:
        """Return the divisor of what the inner expression becomes: of x/m, which is whole, it is gcd(x, m n)/m."""
        inner = substitute(self.inner, mapping)
        m = lcm(*(Fraction(c).denominator for c in terms_of(inner).values()))
        return div(gcd(inner * m, self.n * m), m)

    def range(self, box: Box) -> Range:
        """Return 1 to n."""
        return 1, self.n


def round_channels(v: Number, divisor: int, least: int) -> int:
    """Return make_divisible of a plain number."""
    rounded = max(least, floor_of_number((v + Fraction(divisor, 2)) / divisor) * divisor)
    return rounded + divisor if 10 * rounded < 9 * v else rounded


def make_divisible(v: Num, divisor: int, minimum: int | None = None) -> Num:
    """Return v rounded to a multiple of divisor by the rule of ``Rounded``; minimum defaults to divisor."""
    least = divisor if minimum is None else minimum
    number = constant(v)
    if number is not None:
        return round_channels(number, divisor, least)
    assert isinstance(v, Poly)
    return Poly({((Rounded.of(v, divisor, least), 1),): 1})


def gcd(x: Num, n: int) -> Num:
    """Return gcd(x, n) for a positive integer n, with multiples of n dropped from x.

    Raises:
        NotExact: x is not an integer for every value of its symbols.
    """
    if not integral(x):
        raise NotExact(f"gcd takes whole numbers, and {x} may not be one")
    number = constant(x)
    if number is not None:
        return gcd_of_numbers(int(number), n)
    assert isinstance(x, Poly)
    rest = Poly({m: c % n for m, c in x.terms.items() if c % n})
    if not rest or constant(rest) is not None:
        return gcd_of_numbers(int(constant(rest) or 0), n)
    return Poly({((Gcd.of(rest, n), 1),): 1}) if n > 1 else 1
