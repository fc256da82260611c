"""The greatest root of a polynomial with exact coefficients: as text in radicals, in decimals, and for SymPy."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

from symcost.algebra.atoms import Number, exact
from symcost.algebra.poly import symbol, total
from symcost.algebra.printing import text

if TYPE_CHECKING:
    import sympy

SIGNIFICANT = 4
_FARTHEST = 1 << 400


class Radical:
    """The greatest x with ``sum of c x**power = budget``.

    Attributes:
        powers: c by power.
    """

    def __init__(self, powers: Mapping[int, Number]) -> None:
        self.powers = {power: c for power, c in powers.items() if c}

    @property
    def degree(self) -> int:
        """The degree of the polynomial."""
        return max(self.powers, default=0)

    @property
    def has_one(self) -> bool:
        """Whether it is the only positive root by its signs, or that of a parabola that opens upwards."""
        leading = self.powers.get(self.degree, 0)
        rises = all(c > 0 for power, c in self.powers.items() if power)
        return self.degree > 0 and leading > 0 and (rises or self.degree == 2)

    def __call__(self, x: Number) -> Number:
        """Return the polynomial's value."""
        return exact(sum((Fraction(c) * x**power for power, c in self.powers.items()), Fraction(0)))

    def text(self, unknown: str, budget: str) -> str:
        """Return the root as a formula of the budget."""
        below = lcm(*(Fraction(c).denominator for c in self.powers.values()))
        a, b, c = (int(self.powers.get(power, 0) * below) for power in (2, 1, 0))
        if set(self.powers) <= {0, 1}:
            return _fraction(below, budget, -c, b)
        if set(self.powers) <= {0, self.degree}:
            leading = int(self.powers[self.degree] * below)
            inside = _fraction(below, budget, -c, leading)
            return f"sqrt({inside})" if self.degree == 2 else f"({inside})**(1/{self.degree})"
        if self.degree == 2:
            return _quadratic(a, b, b * b - 4 * a * c, 4 * a * below, budget)
        x = symbol(unknown, "ratio")
        polynomial = total((x**power, c) for power, c in self.powers.items())
        return f"the root of {text(polynomial)} = {budget}"

    def decimals(self, limit: Number) -> str:
        """Return the root at a budget in decimals, cut off; empty where it is not positive.

        The digits are those of the exact root: each comes from the sign of the polynomial at a decimal.
        """
        start = Fraction(0)
        if self.degree == 2:
            start = max(start, Fraction(-self.powers.get(1, 0)) / (2 * self.powers[2]))
        if self(start) > limit:
            return ""
        whole = self._last_below(limit, start, 1)
        digits = max(0, SIGNIFICANT - len(str(whole)) + (whole == 0))
        scaled = self._last_below(limit, start, 10**digits)
        tail = f"{scaled % 10**digits:0{digits}}".rstrip("0") if digits else ""
        return f"{scaled // 10**digits:,}{'.' if tail else ''}{tail}"

    def exactly(self, limit: Number) -> bool:
        """Tell whether the decimals are the root itself."""
        shown = self.decimals(limit).replace(",", "")
        return bool(shown) and self(exact(Fraction(shown))) == limit

    def root(self, limit: Number) -> sympy.Expr:
        """Return the root at a budget for SymPy, exact: ``CRootOf`` where it is not rational."""
        import sympy

        x = sympy.Symbol("x")
        terms = [sympy.Rational(c.numerator, c.denominator) * x**power for power, c in self.powers.items()]
        polynomial = sympy.Add(*terms, -sympy.Rational(limit.numerator, limit.denominator))
        return sympy.Poly(polynomial, x).real_roots(radicals=False)[-1]

    def _last_below(self, limit: Number, start: Fraction, scale: int) -> int:
        """Return the greatest t for which the polynomial at t/scale is within the limit, from a place where it is."""
        low = int(start * scale)
        high = low + 1
        while self(Fraction(high, scale)) <= limit and high < _FARTHEST:
            high *= 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self(Fraction(middle, scale)) <= limit else (low, middle)
        return low


def _fraction(slope: int, budget: str, rest: int, below: int) -> str:
    """Return (slope budget + rest)/below, shortened."""
    common = gcd(slope, rest, below)
    slope, rest, below = slope // common, rest // common, below // common
    scaled = budget if slope == 1 else f"{slope}*{budget}"
    above = f"{scaled}{_signed(rest)}"
    if below == 1:
        return above
    return f"({above})/{below}" if rest else f"{above}/{below}"


def _quadratic(a: int, b: int, rest: int, slope: int, budget: str) -> str:
    """Return (sqrt(rest + slope budget) - b)/(2 a), shortened by small primes."""
    below, factor = 2 * a, 1
    for prime in (2, 3, 5, 7):
        while all(n % prime == 0 for n in (b // factor, below // factor)) and all(
            n % (factor * prime) ** 2 == 0 for n in (rest, slope)
        ):
            factor *= prime
    rest, slope, b, below = rest // factor**2, slope // factor**2, b // factor, below // factor
    inside = f"{budget if slope == 1 else f'{slope}*{budget}'}{_signed(rest)}"
    above = f"sqrt({inside}){_signed(-b)}"
    return above if below == 1 else f"({above})/{below}"


def _signed(n: int) -> str:
    return "" if not n else f" + {n}" if n > 0 else f" - {-n}"
