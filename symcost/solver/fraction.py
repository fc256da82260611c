"""The simplest fraction that meets budgets, where a ratio may be any fraction.

Each budget is a formula that never turns back as the ratio grows, so the ratios that meet them all form one interval,
with ends that are roots and seldom rational. The Stern-Brocot tree holds every positive fraction once, simpler ones
nearer to the root; walking down it needs nothing but whether a fraction is too small or too large.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import lcm

from symcost.algebra.atoms import Number, exact
from symcost.algebra.poly import Num, evaluate
from symcost.algebra.ranges import rises
from symcost.errors import NoAnswer
from symcost.solver.admissible import Admissible
from symcost.solver.budget import Budget, compare
from symcost.solver.form import by_power
from symcost.solver.interval import Interval
from symcost.solver.track import K

LARGEST = 10**12
"""Denominators tried where nothing bounds them."""
DIGITS = 6
Side = Callable[[Fraction], int]


class Fractions:
    """The fractions that meet budgets on metrics which never turn back.

    Attributes:
        budgets: what is asked.
        formulas: the budgets' metrics, in the ratio k.
        ends: least and greatest fraction to consider.
    """

    def __init__(
        self, budgets: tuple[Budget, ...], formulas: Mapping[str, Num], ends: tuple[Number, Number | None]
    ) -> None:
        self.budgets, self.formulas, self.ends = budgets, formulas, ends
        self._ways = {metric: _way(formula) for metric, formula in formulas.items()}

    @property
    def ordered(self) -> bool:
        """Whether no metric turns back, so that too small and too large have a meaning."""
        return None not in self._ways.values()

    def side(self, x: Fraction) -> int:
        """Return -1 where x is too small, 1 where it is too large, 0 where it meets all budgets.

        Raises:
            NoAnswer: it is too small for one and too large for another.
        """
        low, high = self.ends
        sides = {-1} if x <= 0 or x < low else {1} if high is not None and x > high else set()
        for b in self.budgets:
            value = evaluate(self.formulas[b.metric], {K: x})
            for relation, limit in b.ends:
                if not compare(relation, value, limit):
                    above = value > limit or (value == limit and relation == "<")
                    sides.add((1 if above else -1) * (self._ways[b.metric] or 1))
        if len(sides) > 1:
            raise NoAnswer(f"no fraction meets {' and '.join(b.text for b in self.budgets)}")
        return sides.pop() if sides else 0

    def simplest(self) -> Number | None:
        """Return the simplest fraction that meets all budgets; None where its denominator would be beyond the bound."""
        return simplest(self.side, self.largest)

    @property
    def largest(self) -> int:
        """The greatest denominator that a fraction may have: proved for equalities with polynomials."""
        proved = [_denominator(self.formulas[b.metric], b.limit) for b in self.budgets if b.relation == "=="]
        return min((n for n in proved if n is not None), default=LARGEST)

    @property
    def proved(self) -> bool:
        """Whether that bound is proved."""
        return any(_denominator(self.formulas[b.metric], b.limit) for b in self.budgets if b.relation == "==")

    def admissible(self, x: Number) -> Admissible:
        """Return all fractions that meet the budgets, their ends cut to decimals towards the inside."""
        scale = 10**DIGITS
        inside = [i for i in (int(x * scale), int(x * scale) + 1) if self.side(Fraction(i, scale)) == 0]
        if not inside:
            return Admissible(Interval(x, x))
        low, high = self._last(inside[0], -1, scale), self._last(inside[-1], 1, scale)
        return Admissible(Interval(exact(Fraction(low, scale)), exact(Fraction(high, scale))), digits=DIGITS)

    def _last(self, start: int, way: int, scale: int) -> int:
        """Return the last i, going one way, for which i/scale meets the budgets."""
        width = 1
        while self.side(Fraction(start + way * width, scale)) == 0:
            width *= 2
        inside, outside = 0, width
        while outside - inside > 1:
            middle = (inside + outside) // 2
            met = self.side(Fraction(start + way * middle, scale)) == 0
            inside, outside = (middle, outside) if met else (inside, middle)
        return start + way * inside


def simplest(side: Side, largest: int) -> Number | None:
    """Return the fraction nearest to the root of the Stern-Brocot tree that is neither too small nor too large.

    Args:
        side: -1 for too small, 1 for too large, 0 for right; rising.
        largest: the greatest denominator to try.
    """
    (a, b), (c, d) = (0, 1), (1, 0)
    while b + d <= largest and a + c <= largest * largest:
        where = side(Fraction(a + c, b + d))
        if not where:
            return exact(Fraction(a + c, b + d))
        if where < 0:
            t = _run(lambda t, a=a, b=b, c=c, d=d: side(Fraction(a + t * c, b + t * d)) < 0, largest)  # type: ignore[misc]
            a, b = a + t * c, b + t * d
        else:
            t = _run(lambda t, a=a, b=b, c=c, d=d: side(Fraction(c + t * a, d + t * b)) > 0, largest)  # type: ignore[misc]
            c, d = c + t * a, d + t * b
    return None


def _run(alike: Callable[[int], bool], largest: int) -> int:
    """Return the last t from 1 on for which a test that holds at 1, and ends once, holds."""
    high = 2
    while alike(high) and high <= largest * largest:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if alike(middle) else (low, middle)
    return low


def _way(formula: Num) -> int | None:
    """Return 1 where a formula never falls as k grows from 0, -1 where it never rises, None where neither is proved."""
    box = {K: (0, None)}
    return 1 if rises(formula, box) else -1 if rises(formula * -1, box) else None


def _denominator(formula: Num, limit: Number) -> int | None:
    """Return a number that every denominator divides at which a polynomial takes a value; None for another formula.

    A fraction p/q in lowest terms that is the root of a polynomial with whole coefficients has a q that divides the
    leading one.
    """
    powers = by_power(formula, K)
    if powers is None or max(powers, default=0) < 1:
        return None
    numbers = [Fraction(evaluate(c, {})) for c in (*powers.values(), limit)]
    return int(abs(Fraction(evaluate(powers[max(powers)], {}))) * lcm(*(n.denominator for n in numbers)))
