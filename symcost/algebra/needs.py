"""Conditions on sizes: proved, refuted, or stated as the least condition on the symbols.

Everything here is exact. What cannot be decided for all values stays open (``None``), with a phrase a person can act on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from symcost.algebra.atoms import Atom, Box, Env, Number
from symcost.algebra.division import div
from symcost.algebra.extent import Extent, integral
from symcost.algebra.poly import NotExact, Num, Poly, constant, evaluate, symbols_of, terms_of
from symcost.algebra.printing import text
from symcost.algebra.ranges import bounds, lower_bound, rises
from symcost.algebra.residues import phrase_residues

LONGEST_PERIOD = 1 << 16


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
        found = _solutions(gap, box)
        return None if found is None else (True if found == "always" else False if found == "never" else None)

    def holds(self, env: Env) -> bool:
        """Tell whether it holds at these values."""
        return evaluate(self.a, env) == evaluate(self.b, env)

    def phrase(self, box: Box) -> str:
        """Return the least condition on the symbols, such as ``H is even``."""
        found = _solutions(self.a - self.b, box)
        return found if found is not None else f"{text(self.a)} = {text(self.b)}"


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
        low = lower_bound(self.a, box)
        if low is not None and low >= self.least:
            return True
        high = bounds(self.a, box)[1]
        return False if high is not None and high < self.least else None

    def holds(self, env: Env) -> bool:
        """Tell whether it holds at these values."""
        return evaluate(self.a, env) >= self.least

    def phrase(self, box: Box) -> str:
        """Return the least value of the symbol that works, where there is one symbol and the size rises with it."""
        names = sorted(symbols_of(self.a))
        if len(names) == 1 and rises(self.a):
            least = first_true(lambda v: self.holds({names[0]: v}))
            if least is not None:
                return f"{names[0]} >= {least}"
        return f"{text(self.a)} >= {self.least}"


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
        if integral(quotient):
            return True
        return False if constant(quotient) is not None else None

    def holds(self, env: Env) -> bool:
        """Tell whether it holds at these values."""
        return (Fraction(evaluate(self.a, env)) / Fraction(evaluate(self.n, env))).denominator == 1

    def phrase(self, box: Box) -> str:
        """Return the condition with common factors cancelled, such as ``16 divides C``."""
        try:
            quotient = div(self.a, self.n)
        except NotExact:
            return f"{text(self.n)} divides {text(self.a)}"
        below = _denominator(quotient)
        if below == 1:
            return f"{text(quotient)} is whole"
        return f"{text(below)} divides {text(quotient * below)}"


Need = Equal | AtLeast | Divides


def whole(x: Num) -> Divides:
    """Return the condition that x is an integer."""
    below = _denominator(x)
    return Divides(below, x * below)


def _denominator(x: Num) -> Num:
    """Return the least product that x must be multiplied with to have integer coefficients and no negative exponents."""
    number = lcm(*(Fraction(c).denominator for c in terms_of(x).values()))
    lowest: dict[Atom, int] = {}
    for monomial in terms_of(x):
        for atom, exponent in monomial:
            lowest[atom] = min(lowest.get(atom, 0), exponent)
    return _plain(Poly({tuple(sorted((atom, -e) for atom, e in lowest.items() if e)): number}))


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


def _solutions(gap: Num, box: Box) -> str | None:
    """Return when a difference is zero: ``always``, ``never``, a phrase, or None when this is not known.

    A sum of floors of one symbol x shifts by a constant when x grows by the period P. If the constant is zero, one period decides; if
    not, the difference leaves zero for good beyond a bound, and the values below it decide.
    """
    names = sorted(symbols_of(gap))
    period = _period(gap)
    if len(names) != 1 or period is None or period > LONGEST_PERIOD:
        return None
    name = names[0]

    def at(v: int) -> Number:
        return evaluate(gap, {name: v})

    drift = at(1 + period) - at(1)
    if drift == 0:
        return phrase_residues(name, [v % period for v in range(1, period + 1) if at(v) == 0], period)
    reach = max(abs(Fraction(at(v))) for v in range(1, period + 1)) / abs(drift)
    last = min((int(reach) + 2) * period, 8 * LONGEST_PERIOD)
    values = [str(v) for v in range(1, last + 1) if at(v) == 0]
    return f"{name} is {' or '.join(values)}" if values else "never"


def _period(gap: Num) -> int | None:
    """Return a shift of the one symbol under which a linear sum of floors changes by a constant; None if not linear."""
    period = 1
    for monomial in terms_of(gap):
        if not monomial:
            continue
        if len(monomial) > 1 or monomial[0][1] != 1:
            return None
        atom = monomial[0][0]
        inner = _period(atom.base) if isinstance(atom, Extent) else _divisor(atom)
        if inner is None:
            return None
        period = lcm(period, inner * atom.divisor if isinstance(atom, Extent) else inner)
    return period


def _divisor(atom: Atom) -> int | None:
    return getattr(atom, "divisor", 1) if atom.rank in (0, 1) and atom.integral else None


def common_phrase(joins: list[Equal], box: Box) -> str:
    """Return the least condition under which all of these equalities hold."""
    names = frozenset().union(*(symbols_of(join.a - join.b) for join in joins))
    periods = [_period(join.a - join.b) for join in joins]
    if len(names) != 1 or None in periods:
        return " and ".join(dict.fromkeys(join.phrase(box) for join in joins))
    (name,) = names
    period = lcm(*(p for p in periods if p is not None))
    if period > LONGEST_PERIOD or any(_drifts(join, name, period) for join in joins):
        return " and ".join(dict.fromkeys(join.phrase(box) for join in joins))
    residues = [v % period for v in range(1, period + 1) if all(join.holds({name: v}) for join in joins)]
    return phrase_residues(name, residues, period)


def _drifts(join: Equal, name: str, period: int) -> bool:
    gap = join.a - join.b
    return evaluate(gap, {name: 1 + period}) != evaluate(gap, {name: 1})


def strongest(phrases: Iterable[str]) -> tuple[str, ...]:
    """Return phrases without repetition: of several lower bounds on a size the greatest, of several divisors their multiple."""
    kept: dict[str, str] = {}
    for phrase in phrases:
        size, at_least, bound = phrase.partition(" >= ")
        divisor, divides, whole_size = phrase.partition(" divides ")
        if at_least and bound.isdigit():
            key = f"{size} >="
            bound = str(max(int(bound), int(kept[key].rpartition(" ")[2]))) if key in kept else bound
            kept[key] = f"{size} >= {bound}"
        elif divides and divisor.isdigit():
            key = f"divides {whole_size}"
            common = lcm(int(divisor), int(kept[key].partition(" ")[0])) if key in kept else divisor
            kept[key] = f"{common} divides {whole_size}"
        else:
            kept[phrase] = phrase
    return tuple(kept.values())
