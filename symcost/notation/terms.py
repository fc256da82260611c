"""The terms of a formula in the order in which they are read, and what they have in common."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from symcost.algebra.atoms import Atom, Number, Symbol, exact
from symcost.algebra.poly import Monomial, Num, Poly, terms_of


def ordered(x: Num) -> list[tuple[Monomial, Number]]:
    """Return the terms of x, highest degree first; among those with the same symbols the largest coefficient first."""
    return sorted(terms_of(x).items(), key=lambda term: rank(*term))


def rank(monomial: Monomial, c: Number = 1) -> tuple[object, ...]:
    """Return the key of a term in the order of ``ordered``."""
    degree = sum(exponent for _, exponent in monomial)
    keys = [(atom.key, -exponent) for atom, exponent in monomial]
    symbols = [key for key, (atom, _) in zip(keys, monomial, strict=True) if isinstance(atom, Symbol)]
    return -degree, symbols, -c if c > 0 else c, keys


def over_one(x: Num) -> tuple[Num, Num]:
    """Return x as above/below: above has whole coefficients and no negative exponents, below is a single product."""
    number = lcm(*(c.denominator for c in terms_of(x).values()))
    lowest: dict[Atom, int] = {}
    for monomial in terms_of(x):
        for atom, exponent in monomial:
            lowest[atom] = min(lowest.get(atom, 0), exponent)
    below = Poly({tuple(sorted((atom, -e) for atom, e in lowest.items() if e)): number})
    return x * below, below


def content(x: Num, *, whole: bool = True) -> Poly:
    """Return the product that all terms of x have in common: divided by it, x has coprime whole coefficients.

    The term of x that is read first is positive then, and no atom divides all terms.

    Args:
        x: a sum of at least one term.
        whole: whether atoms below a fraction bar are taken out, so that x becomes a polynomial; otherwise only where
            they stand there in every term.
    """
    terms = ordered(x)
    powers = [dict(monomial) for monomial, _ in terms]
    spans = {atom: [power.get(atom, 0) for power in powers] for atom in sorted(set().union(*powers))}
    shared = ((atom, min(span)) for atom, span in spans.items() if whole or min(span) > 0 or max(span) < 0)
    numbers = [c for _, c in terms]
    number = Fraction(gcd(*(c.numerator for c in numbers)), lcm(*(c.denominator for c in numbers)))
    return Poly({tuple((atom, e) for atom, e in shared if e): exact(-number if numbers[0] < 0 else number)})
