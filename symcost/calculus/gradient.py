"""Derivatives and elasticities of costs, exact, on their smooth forms.

The elasticity d log f / d log x is x f'/f: the exponents of x in the terms of f, each weighted with the term's share of
f. So it is a quotient of polynomials, and of a sum of parts it is the mean of the parts' elasticities, each weighted
with its share.
"""

from __future__ import annotations

from symcost.algebra.poly import Num, Poly, simplest, symbol
from symcost.calculus.polynomial import polynomial, power_of
from symcost.calculus.ratio import Ratio
from symcost.errors import UsageError


def derivative(x: Num, name: str) -> Num:
    """Return the derivative of the smooth form by a size.

    Raises:
        UsageError: the size stands in an exponent or a maximum, or the formula has no smooth form.
    """
    return simplest(_weighted(polynomial(x), name) * _reciprocal(name, polynomial(x)))


def elasticity(x: Num, name: str) -> Ratio:
    """Return by how many percent the smooth form grows, for one percent of a size, as a formula.

    Raises:
        UsageError: the formula is zero, or as for ``derivative``.
    """
    smooth = polynomial(x)
    if not smooth:
        raise UsageError(f"what is zero has no elasticity in {name}")
    return Ratio.of(simplest(_weighted(smooth, name)), simplest(smooth))


def _weighted(x: Poly, name: str) -> Poly:
    """Return x f'(x): every term times the power of the size in it."""
    powers = ((monomial, c, power_of(monomial, name)) for monomial, c in x.terms.items())
    return Poly({monomial: c * power for monomial, c, power in powers if power})


def _reciprocal(name: str, x: Poly) -> Poly:
    """Return 1/x of the size, with the atom that the polynomial has for it."""
    atoms = (atom for monomial in x.terms for atom, _ in monomial if name in atom.names)
    atom = next(atoms, None)
    return symbol(name) ** -1 if atom is None else Poly({((atom, -1),): 1})
