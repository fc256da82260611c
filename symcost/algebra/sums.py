"""Closed sums over a loop counter (Faulhaber), so that depth stays a symbol and costs nothing."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import comb

from symcost.algebra.atoms import Symbol, exact
from symcost.algebra.poly import Monomial, NotExact, Num, Poly, terms_of, total


def sum_over(x: Num, index: str, count: Num) -> Num:
    """Return the sum of x for index = 0 .. count - 1 as a closed expression.

    Raises:
        NotExact: x depends on the index other than as a polynomial.
    """
    counter = Symbol.of(index, "index")
    by_power: dict[int, Poly] = {}
    for monomial, c in terms_of(x).items():
        power, rest = _split(monomial, counter)
        by_power[power] = by_power.get(power, Poly({})) + Poly({rest: c})
    return total((coefficient, power_sum(power, count)) for power, coefficient in by_power.items())


def _split(monomial: Monomial, counter: Symbol) -> tuple[int, Monomial]:
    power = 0
    for atom, exponent in monomial:
        if atom is counter:
            power = exponent
        elif counter.name in atom.names:
            raise NotExact(f"no closed sum: {atom!r} depends on the repetition")
    if power < 0:
        raise NotExact("no closed sum: the repetition's index is in a denominator")
    return power, tuple(pair for pair in monomial if pair[0] is not counter)


def power_sum(power: int, count: Num) -> Num:
    """Return 0**power + 1**power + ... + (count - 1)**power by Faulhaber's formula."""
    if power == 0:
        return count
    numbers = _bernoulli(power)
    weights = ((j, exact(Fraction(comb(power + 1, j), power + 1) * b)) for j, b in enumerate(numbers))
    return total((count ** (power + 1 - j), weight) for j, weight in weights if weight)


@lru_cache
def _bernoulli(last: int) -> tuple[Fraction, ...]:
    """Return the Bernoulli numbers B_0 .. B_last with B_1 = -1/2."""
    numbers = [Fraction(1)]
    for m in range(1, last + 1):
        numbers.append(-sum(comb(m + 1, j) * b for j, b in enumerate(numbers)) / Fraction(m + 1))
    return tuple(numbers)
