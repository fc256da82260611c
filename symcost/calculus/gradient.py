"""Derivatives and elasticities of costs, exact, on their smooth forms.

The elasticity d log f / d log x is x f'/f: the exponents of x in the terms of f, each weighted with the term's share of
f. So it is a quotient of polynomials, and of a sum of parts it is the mean of the parts' elasticities, each weighted
with its share.
"""

from __future__ import annotations

from symcost.algebra.poly import Num, Poly, simplest
from symcost.calculus.polynomial import polynomial, power_of, size_in
from symcost.calculus.ratio import Ratio
from symcost.errors import UsageError


def derivative(x: Num, name: str) -> Num:
    """Return the derivative of the smooth form by a size.

    Raises:
        UsageError: the size stands in an exponent or a maximum, or the formula has no smooth form.
    """
    smooth = polynomial(x)
    return simplest(_weighted(smooth, name) * size_in(smooth, name) ** -1)


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
