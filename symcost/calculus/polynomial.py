"""The polynomial that calculus works on: the smooth form of a formula, in nothing but sizes."""

from __future__ import annotations

from fractions import Fraction

from symcost.algebra.atoms import Part, Symbol
from symcost.algebra.poly import Monomial, NotExact, Num, Poly, atoms_of, simplest, symbol, total
from symcost.algebra.smooth import smooth
from symcost.errors import UsageError, quoted


def polynomial(x: Num) -> Poly:
    """Return the smooth form of a formula as a polynomial in its sizes, parts such as H/16 written in H.

    Raises:
        UsageError: a floor stands in a denominator, where its smooth form is no product.
    """
    try:
        smoothed = smooth(x)
    except NotExact as error:
        raise UsageError(f"the formula has no smooth form that is a sum of products: {error}") from None
    if any(isinstance(atom, Part) for atom in atoms_of(smoothed)):
        assert isinstance(smoothed, Poly)
        smoothed = total((_without_parts(monomial), c) for monomial, c in smoothed.terms.items())
    return smoothed if isinstance(smoothed, Poly) else Poly({(): smoothed} if smoothed else {})


def power_of(monomial: Monomial, name: str) -> int:
    """Return the power of a size in a product.

    Raises:
        UsageError: the size stands inside an atom that has no power of it, such as an exponent or a maximum.
    """
    power = 0
    for atom, exponent in monomial:
        if name not in atom.names:
            continue
        if not isinstance(atom, Symbol):
            raise UsageError(f"the formula is no polynomial in {name}, which stands in {quoted(repr(atom))}")
        power = exponent
    return power


def by_powers(x: Poly, name: str) -> dict[int, Poly]:
    """Return the coefficients of a polynomial by power of one size.

    Raises:
        UsageError: the size stands inside an atom that has no power of it.
    """
    found: dict[int, dict[Monomial, int | Fraction]] = {}
    for monomial, c in x.terms.items():
        power = power_of(monomial, name)
        rest = tuple((atom, exponent) for atom, exponent in monomial if name not in atom.names)
        found.setdefault(power, {})[rest] = c
    return {power: Poly(terms) for power, terms in found.items()}


def _without_parts(monomial: Monomial) -> Num:
    result: Num = 1
    for atom, exponent in monomial:
        base = symbol(atom.name) * Fraction(1, atom.divisor) if isinstance(atom, Part) else Poly({((atom, 1),): 1})
        result = result * base**exponent
    return simplest(result)
