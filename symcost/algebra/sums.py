"""Closed sums over a loop counter, so that depth stays a symbol and costs nothing.

Powers of the counter i sum by Faulhaber's formula, and i**p R**i by its own antidifference. What repeats in its steps,
such as floor((18 i + 7)/5), is a polynomial along each residue class i = m q + r, and is summed class by class.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import lru_cache
from math import comb

from symcost.algebra.atoms import Number, Symbol, exact, lift
from symcost.algebra.extent import ceil_div
from symcost.algebra.poly import Monomial, NotExact, Num, Poly, constant, substitute, symbol, terms_of, total
from symcost.algebra.power import Power, raised
from symcost.algebra.steps import cycle, settled, settles

MOST_CLASSES = 64
MOST_LOOPED = 1024


def sum_over(x: Num, index: str, count: Num) -> Num:
    """Return the sum of x for index = 0 .. count - 1 as a closed expression.

    It holds from a count of ``settles(x, index)`` on, which is 0 unless x holds rounding rules.

    Raises:
        NotExact: x depends on the index in a way that has no closed sum.
    """
    first, rounds = settles(x, index), constant(count)
    if rounds is not None and rounds <= max(first, 1):
        return total((substitute(x, {index: i}), 1) for i in range(int(rounds)))
    steady = settled(x, index)
    whole = _by_classes(steady, index, count)
    return total([(whole, 1), *((substitute(x, {index: i}) - substitute(steady, {index: i}), 1) for i in range(first))])


def added_up(x: Num, index: str, count: Num) -> Num:
    """Return the sum of x for index = 0 .. count - 1: closed, or term by term where there are plainly so many.

    Raises:
        NotExact: there is no closed sum, and the count is a symbol or large.
    """
    try:
        return sum_over(x, index, count)
    except NotExact:
        rounds = constant(count)
        if rounds is None or rounds > MOST_LOOPED:
            raise
        return total((substitute(x, {index: i}), 1) for i in range(int(rounds)))


def _by_classes(x: Num, index: str, count: Num) -> Num:
    """Sum along every residue class of a period by itself."""
    period, rounds = cycle(x, index), constant(count)
    if period == 1:
        return _smooth_sum(x, index, count)
    if rounds is not None and rounds <= min(2 * period, MOST_LOOPED):
        return total((substitute(x, {index: i}), 1) for i in range(int(rounds)))
    if period > (MOST_CLASSES if rounds is None else MOST_LOOPED):
        raise NotExact(f"no closed sum: it repeats after {period:,} rounds only")
    step = symbol(index, "index") * period
    classes = [substitute(x, {index: step + r}) for r in range(period)]
    common = _in_common(classes, index)
    rest = ((part - substitute(common, {index: step + r}), r) for r, part in enumerate(classes))
    sums = ((_smooth_sum(part, index, ceil_div(count - r, period)), 1) for part, r in rest if part != 0)
    return total([(_smooth_sum(common, index, count), 1), *sums])


def _in_common(classes: list[Num], index: str) -> Num:
    """Return the polynomial of the index that most classes agree on, term by term; what is left is of lower degree."""
    places = [(symbol(index, "index") - r) * Fraction(1, len(classes)) for r in range(len(classes))]
    try:
        terms = [terms_of(substitute(part, {index: i})) for part, i in zip(classes, places, strict=True)]
    except NotExact:
        return 0
    monomials = dict.fromkeys(monomial for part in terms for monomial in part)
    return Poly({m: c for m in monomials if (c := Counter(part.get(m, 0) for part in terms).most_common(1)[0][0])})


def _smooth_sum(x: Num, index: str, count: Num) -> Num:
    """Sum terms i**p R**i."""
    parts = by_growth(x, index).items()
    return total((coefficient, power_sum(power, count, ratio)) for (power, ratio), coefficient in parts)


def by_growth(x: Num, index: str) -> dict[tuple[int, Fraction], Poly]:
    """Return the coefficients of i**p R**i in x by (p, R).

    Raises:
        NotExact: x depends on the index in another way too.
    """
    counter = Symbol.of(index, "index")
    alike: dict[tuple[int, Fraction], Poly] = {}
    for monomial, c in terms_of(x).items():
        power, ratio, rest = _split(monomial, counter)
        alike[power, ratio] = alike.get((power, ratio), Poly({})) + Poly({rest: c})
    return alike


def _split(monomial: Monomial, counter: Symbol) -> tuple[int, Fraction, Monomial]:
    """Return a term's power of the counter, what it is multiplied by from round to round, and its other factors."""
    power, ratio, rest = 0, Fraction(1), []
    for atom, exponent in monomial:
        if atom is counter:
            power = exponent
        elif isinstance(atom, Power) and atom.exponent == lift(counter):
            ratio *= Fraction(atom.base) ** exponent
        elif counter.name in atom.names:
            raise NotExact(f"no closed sum: {atom!r} depends on the repetition")
        else:
            rest.append((atom, exponent))
    if power < 0:
        raise NotExact("no closed sum: the repetition's index is in a denominator")
    return power, ratio, tuple(rest)


def power_sum(power: int, count: Num, ratio: Fraction = Fraction(1)) -> Num:
    """Return the sum of i**power * ratio**i for i = 0 .. count - 1.

    For ratio 1 by Faulhaber's formula. Otherwise it is ratio**n Q(n) - Q(0) for the polynomial Q of the same degree
    with ratio Q(n + 1) - Q(n) = n**power, since that difference telescopes.

    Raises:
        NotExact: ratio**count has no exact form.
    """
    if ratio != 1:
        numbers = _antidifference(power, ratio)
        last = total((count**k, c) for k, c in enumerate(numbers)) if power else numbers[0]
        return total([(last, raised(exact(ratio), count)), (numbers[0], -1)])
    if power == 0:
        return count
    weights = ((j, exact(Fraction(comb(power + 1, j), power + 1) * b)) for j, b in enumerate(_bernoulli(power)))
    return total((count ** (power + 1 - j), weight) for j, weight in weights if weight)


@lru_cache
def _antidifference(power: int, ratio: Fraction) -> tuple[Number, ...]:
    """Return the coefficients of Q, the constant first, from the highest down: a triangular system."""
    found: dict[int, Fraction] = {}
    for k in range(power, -1, -1):
        above = sum((comb(j, k) * found[j] for j in range(k + 1, power + 1)), Fraction(0))
        found[k] = (int(k == power) - ratio * above) / (ratio - 1)
    return tuple(exact(found[k]) for k in range(power + 1))


@lru_cache
def _bernoulli(last: int) -> tuple[Fraction, ...]:
    """Return the Bernoulli numbers B_0 .. B_last with B_1 = -1/2."""
    numbers = [Fraction(1)]
    for m in range(1, last + 1):
        numbers.append(-sum(comb(m + 1, j) * b for j, b in enumerate(numbers)) / Fraction(m + 1))
    return tuple(numbers)
