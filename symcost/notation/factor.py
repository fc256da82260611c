"""Formulas as products: what all terms share taken out, and what is left factored where it can be."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from symcost.algebra.atoms import Atom
from symcost.algebra.poly import Num, Poly, atoms_of, constant, terms_of
from symcost.notation.form import Factor, Product, Sum, plain
from symcost.notation.rectangles import rectangles
from symcost.notation.terms import content, rank

if TYPE_CHECKING:
    import sympy

MOST_TERMS = 50
"""Longer sums are not factored: it takes more than a second, and what a network costs is hardly ever a product then."""


def factored(x: Num) -> Sum:
    """Return x as one product: of numbers and atoms that divide every term, and of sums that do not divide further.

    24*B*E**2*L*T + 4*B*E*L*T**2 becomes 4*B*E*L*T*(6*E + T). Of a sum that does not factor, or has more than 50 terms,
    what its terms share is taken out, and what is left is shown with the ``rectangles`` in it. What is found is
    multiplied out and compared with x before it is used.
    """
    if len(terms_of(x)) < 2:
        return plain(x)
    found = _product(x) if len(terms_of(x)) <= MOST_TERMS else None
    return found or taken_out(x)


def taken_out(x: Num) -> Sum:
    """Return x with what its terms share before a bracket, unless they share nothing but a sign."""
    front = content(x, whole=False)
    ((monomial, c),) = front.terms.items()
    if abs(constant(front) or 0) == 1:
        return _in_rectangles(x)
    return Sum((Product(c, monomial, (Factor(_in_rectangles(x * front**-1)),)),))


def _in_rectangles(x: Num) -> Sum:
    found = rectangles(x)
    return found if found.expanded() == x else plain(x)


def _product(x: Num) -> Sum | None:
    """Return x as a product of at least two sums, None where it is none."""
    front = content(x)
    ((monomial, c),) = front.terms.items()
    sign, factors = _irreducible(x * front**-1)
    found = Sum((Product(sign * c, monomial, factors),))
    several = sum(factor.power for factor in factors) > 1
    return found if several and found.expanded() == x else None


def _irreducible(x: Num) -> tuple[int, tuple[Factor, ...]]:
    """Return a sign and the factors of a sum that has coprime whole coefficients and no negative exponents."""
    import sympy

    atoms = sorted(atoms_of(x))
    dummies = [sympy.Dummy() for _ in atoms]
    powers = {tuple(dict(monomial).get(atom, 0) for atom in atoms): c for monomial, c in terms_of(x).items()}
    c, found = sympy.Poly(powers, *dummies, domain=sympy.ZZ).factor_list()
    signed = [(*_upright(_poly(factor, atoms)), power) for factor, power in found]
    factors = [Factor(rest, power) for _, rest, power in signed]
    factors.sort(key=lambda factor: [rank(p.monomial, p.coefficient) for p in factor.sum.products])
    return int(c) * prod(sign**power for sign, _, power in signed), tuple(factors)


def _upright(x: Poly) -> tuple[int, Sum]:
    """Return a sign and a sum whose first term is positive."""
    first = plain(x)
    return (1, first) if first.products[0].coefficient > 0 else (-1, plain(-x))


def _poly(factor: sympy.Poly, atoms: list[Atom]) -> Poly:
    return Poly(
        {tuple((atom, e) for atom, e in zip(atoms, powers, strict=True) if e): int(c) for powers, c in factor.terms()}
    )
