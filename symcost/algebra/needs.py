"""Conditions on sizes: proved, refuted, or stated as the least condition on the symbols.

Everything here is exact. What cannot be decided for all values stays open (``None``), with a phrase to act on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm, prod

from symcost.algebra.atoms import Atom, Box, Env, Number, Symbol, exact, lift
from symcost.algebra.cycles import letters, lowest, zeros
from symcost.algebra.division import div
from symcost.algebra.extent import Extent, floor, integral
from symcost.algebra.poly import (
    Monomial,
    NotExact,
    Num,
    Poly,
    constant,
    evaluate,
    substitute,
    symbol,
    symbols_of,
    terms_of,
)
from symcost.algebra.power import Power
from symcost.algebra.printing import text
from symcost.algebra.ranges import bounds, lower_bound, rises
from symcost.algebra.residues import phrase_residues


@dataclass(frozen=True, slots=True)
class Equal:
    """a = b."""

    a: Num
    b: Num

    @property
    def symbols(self) -> frozenset[str]:
        """The symbols it speaks of."""
        return symbols_of(self.a) | symbols_of(self.b)

    def decide(self, box: Box) -> bool | None:
        """Return True or False when it holds for all or for no values, else None."""
        gap = self.a - self.b
        number = constant(gap)
        if number is not None:
            return number == 0
        low, high = bounds(gap, box)
        if (low is not None and low > 0) or (high is not None and high < 0):
            return False
        found = zeros(gap)
        return found == "always" if found in ("always", "never") else None

    def holds(self, env: Env) -> bool:
        """Tell whether it holds at these values."""
        return evaluate(self.a, env) == evaluate(self.b, env)

    def simplified(self, box: Box) -> Equal:
        """Return the condition itself."""
        return self

    def phrase(self, box: Box) -> str:
        """Return the least condition on the symbols, such as ``H is even``."""
        return zeros(self.a - self.b) or " = ".join(sorted((text(self.a), text(self.b)), key=_short_first))


@dataclass(frozen=True, slots=True)
class AtLeast:
    """a >= least."""

    a: Num
    least: int

    @property
    def symbols(self) -> frozenset[str]:
        """The symbols it speaks of."""
        return symbols_of(self.a)

    def decide(self, box: Box) -> bool | None:
        """Return True or False when it holds for all or for no values, else None."""
        number = constant(self.a)
        if number is not None:
            return number >= self.least
        lows = (lower_bound(x, box) for x in (self.a, _paired(self.a)))
        if any(low is not None and low >= self.least for low in lows):
            return True
        high = bounds(self.a, box)[1]
        if high is not None and high < self.least:
            return False
        least = lowest(self.a, box)
        return True if least is not None and least >= self.least else None

    def holds(self, env: Env) -> bool:
        """Tell whether it holds at these values."""
        return evaluate(self.a, env) >= self.least

    def simplified(self, box: Box) -> AtLeast:
        """Return the same of a whole symbol itself, where it is the only one and the size rises with it."""
        found = letters(self.a)
        names = sorted(symbols_of(self.a))
        if len(names) == 1 and rises(self.a, box) and all(letter.integral for letter in found):
            least = first_true(lambda v: self.holds({names[0]: v}))
            kinds = [letter.kind for letter in found if isinstance(letter, Symbol)]
            if least is not None:
                return AtLeast(symbol(names[0], *kinds[:1]), least)
        return self

    def phrase(self, box: Box) -> str:
        """Return the condition in words, such as ``H >= 63`` or ``P >= T``."""
        simple = self.simplified(box)
        sides = {c: Poly({monomial: 1}) for monomial, c in terms_of(simple.a).items()}
        if simple.least == 0 and len(terms_of(simple.a)) == 2 and sides.keys() == {1, -1}:
            return f"{text(sides[1])} >= {text(sides[-1])}"
        return f"{text(simple.a)} >= {simple.least}"


@dataclass(frozen=True, slots=True)
class Divides:
    """n divides a (a/n is an integer)."""

    n: Num
    a: Num

    @property
    def symbols(self) -> frozenset[str]:
        """The symbols it speaks of."""
        return symbols_of(self.n) | symbols_of(self.a)

    def decide(self, box: Box) -> bool | None:
        """Return True or False when it holds for all or for no values, else None."""
        try:
            quotient = div(self.a, self.n)
        except NotExact:
            return None
        if integral(quotient) or integral(_from_least_powers(quotient, box)):
            return True
        return False if constant(quotient) is not None else None

    def holds(self, env: Env) -> bool:
        """Tell whether it holds at these values; zero divides nothing."""
        n = evaluate(self.n, env)
        return n != 0 and (Fraction(evaluate(self.a, env)) / n).denominator == 1

    def simplified(self, box: Box) -> Divides:
        """Return the same with common factors cancelled."""
        try:
            quotient = div(self.a, self.n)
        except NotExact:
            return self
        below = _denominator(quotient)
        return Divides(below, _shortened(quotient * below, below))

    def phrase(self, box: Box) -> str:
        """Return the condition in words, such as ``16 divides C`` or ``H modulo 192 is 32``."""
        if constant(self.n) is not None and constant(self.a) is not None:
            return f"{self.n} divides {self.a}"
        simple = self.simplified(box)
        shift = terms_of(simple.a).get((), 0)
        if shift and isinstance(simple.n, int) and isinstance(shift, int) and _is_symbol(simple.a - shift):
            return phrase_residues(text(simple.a - shift), [-shift % simple.n], simple.n)
        return f"{text(simple.a)} is whole" if simple.n == 1 else f"{text(simple.n)} divides {text(simple.a)}"


Need = Equal | AtLeast | Divides


def put(need: Need, values: Mapping[str, Num]) -> Need:
    """Return the condition with values put in for some symbols."""
    match need:
        case Equal():
            return Equal(substitute(need.a, values), substitute(need.b, values))
        case AtLeast():
            return AtLeast(substitute(need.a, values), need.least)
        case Divides():
            return Divides(substitute(need.n, values), substitute(need.a, values))


def whole(x: Num) -> Divides:
    """Return the condition that x is an integer."""
    below = _denominator(x)
    return Divides(below, x * below)


def _paired(x: Num) -> Num:
    """Return what is not above x: floor(u) - floor(v), which has names in common, as floor(u - v)."""
    single = [(monomial[0][0], c) for monomial, c in terms_of(x).items() if [e for _, e in monomial] == [1]]
    extents = [(atom, c) for atom, c in single if isinstance(atom, Extent) and not atom.up]
    lower = [(atom, -c) for atom, c in extents if c < 0]
    for upper, c in extents:
        partner = next((pair for pair in lower if pair[1] == c and pair[0].names & upper.names), None)
        if partner is not None:
            lower.remove(partner)
            above, below = (_ratio(atom) for atom in (upper, partner[0]))
            x = x + (floor(above - below) - lift(upper) + lift(partner[0])) * c
    return x


def _ratio(atom: Extent) -> Num:
    return (atom.base + atom.offset) * Fraction(1, atom.divisor)


def _from_least_powers(x: Num, box: Box) -> Num:
    """Return x with every power b**n measured in its least value: C*2**n/4 with n >= 2 is C times a power."""
    terms: dict[Monomial, Number] = {}
    for monomial, c in terms_of(x).items():
        powers = [(atom, exponent) for atom, exponent in monomial if isinstance(atom, Power) and exponent > 0]
        terms[monomial] = exact(c * prod(atom.least(box) ** exponent for atom, exponent in powers))
    return Poly(terms)


def _denominator(x: Num) -> Num:
    """Return the least product that x must be multiplied with to have whole coefficients and no negative exponents."""
    number = lcm(*(Fraction(c).denominator for c in terms_of(x).values()))
    lowest: dict[Atom, int] = {}
    for monomial in terms_of(x):
        for atom, exponent in monomial:
            lowest[atom] = min(lowest.get(atom, 0), exponent)
    return _plain(Poly({tuple(sorted((atom, -e) for atom, e in lowest.items() if e)): number}))


def _shortened(x: Num, divisor: Num) -> Num:
    """Return what the divisor divides iff it divides x: x without multiples of it, and without foreign factors."""
    if not isinstance(divisor, int) or constant(x) is not None or not integral(x):
        return x
    terms = {monomial: c for monomial, c in terms_of(x).items() if c % divisor}
    content = gcd(*map(int, terms.values()))
    return div(Poly(terms), content if content and gcd(content, divisor) == 1 else 1)


def _is_symbol(x: Num) -> bool:
    match [*terms_of(x).items()]:
        case [(((Symbol(), 1),), 1)]:
            return True
    return False


def _short_first(side: str) -> tuple[int, str]:
    return len(side), side


def _plain(x: Poly) -> Num:
    number = constant(x)
    return x if number is None else number


def first_true(test: Callable[[int], bool], start: int = 1, limit: int = 1 << 62) -> int | None:
    """Return the least integer from start on for which a test that never turns back holds."""
    high = start
    while not test(high):
        high *= 2
        if high > limit:
            return None
    low = start - 1 if high == start else high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if test(middle) else (middle, high)
    return high


def common_phrase(joins: list[Equal], box: Box) -> str:
    """Return the least condition under which all of these equalities hold."""
    common = zeros(*(join.a - join.b for join in joins))
    return common or " and ".join(dict.fromkeys(join.phrase(box) for join in joins))
