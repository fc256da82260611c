"""Steps along a counter: after how many rounds floors repeat, and from which round on a rounding rule is one.

floor(P(i)/s) with a polynomial P of whole coefficients is, along i = s q + r, a polynomial in q and a floor without q:
(s q + r)**k = r**k + a multiple of s. make_divisible(v, d) is d floor((v + d/2)/d) once v >= 5 d and v >= least: what
is taken off by rounding is at most d/2, and then no more than a tenth of v.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import lcm

from symcost.algebra.atoms import Atom, Symbol, lift
from symcost.algebra.division import div
from symcost.algebra.extent import Extent, ceil, floor, integral
from symcost.algebra.needs import first_true
from symcost.algebra.poly import (
    Monomial,
    NotExact,
    Num,
    atoms_of,
    evaluate,
    substitute,
    symbol,
    symbols_of,
    terms_of,
    total,
)
from symcost.algebra.power import Power
from symcost.algebra.ranges import rises
from symcost.algebra.rounding import Gcd, Rounded

LATEST = 10_000


def cycle(x: Num, index: str) -> int:
    """Return a number m such that x is without floors of the index along every class m q + r of it.

    Raises:
        NotExact: none is known.
    """
    return lcm(*(_cycle(atom, index) for atom in atoms_of(x) if index in atom.names))


@lru_cache(maxsize=1 << 12)
def _cycle(atom: Atom, index: str) -> int:
    match atom:
        case Symbol():
            return 1
        case Extent() if integral(atom.base):
            return cycle(atom.base, index) * atom.divisor
        case Gcd():
            return cycle(atom.inner, index) * atom.n
        case Power():
            return cycle(atom.exponent, index)
    raise NotExact(f"no closed sum: {atom!r} depends on the repetition")


def settles(x: Num, index: str) -> int:
    """Return the round from which on ``settled(x)`` is x; 0 where no rounding rule depends on the index.

    Raises:
        NotExact: a rounding rule depends on more than the index, or does not rise with it.
    """
    return max((_settles(atom, index) for atom in atoms_of(x) if index in atom.names), default=0)


@lru_cache(maxsize=1 << 12)
def _settles(atom: Atom, index: str) -> int:
    match atom:
        case Extent():
            return settles(atom.base, index)
        case Rounded():
            return _first(atom, index)
    return 0


def settled(x: Num, index: str) -> Num:
    """Return x with the rounding rules in which the index occurs as floors, which they are from some round on."""
    if not any(index in atom.names and isinstance(atom, (Extent, Rounded)) for atom in atoms_of(x)):
        return x
    return total((_product(monomial, index), c) for monomial, c in terms_of(x).items())


def _product(monomial: Monomial, index: str) -> Num:
    result: Num = 1
    for atom, exponent in monomial:
        image = _plain(atom, index) if index in atom.names else lift(atom)
        result = div(result, image**-exponent) if exponent < 0 else result * image**exponent
    return result


@lru_cache(maxsize=1 << 12)
def _plain(atom: Atom, index: str) -> Num:
    """Return a rounding rule as d floor((v + d/2)/d), and a floor with what is rounded inside it so."""
    match atom:
        case Rounded():
            d = atom.divisor
            return floor((settled(atom.inner, index) + Fraction(d, 2)) * Fraction(1, d)) * d
        case Extent():
            inner = (settled(atom.base, index) + atom.offset) * Fraction(1, atom.divisor)
            return ceil(inner) if atom.up else floor(inner)
    return lift(atom)


@lru_cache(maxsize=1 << 12)
def _first(atom: Rounded, index: str) -> int:
    """Return the least index from which on the rule is the floor that it comes to."""
    if symbols_of(atom.inner) != {index} or not rises(atom.inner):
        raise NotExact(f"no closed sum: {atom!r} depends on the repetition")

    def large(i: int) -> bool:
        return i >= settles(atom.inner, index) and evaluate(atom.inner, {index: i}) >= max(5 * atom.divisor, atom.least)

    first = 0 if large(0) else first_true(large, limit=LATEST)
    if first is None:
        raise NotExact(f"no closed sum: {atom!r} is no plain rounding for the first {LATEST:,} rounds")
    plain = _plain(atom, index)
    while first and atom.value({index: first - 1}) == evaluate(plain, {index: first - 1}):
        first -= 1
    return first


def vanishes(x: Num, index: str) -> bool:
    """Tell whether x is seen to be 0 for every index, along each of its classes."""
    try:
        period = cycle(x, index)
    except NotExact:
        return False
    step = symbol(index, "index") * period
    return period <= LATEST and all(substitute(x, {index: step + r}) == 0 for r in range(period))
