"""Exact division: by numbers, by products, and by sums that divide without rest."""

from __future__ import annotations

from fractions import Fraction

from symcost.algebra.atoms import Atom, exact
from symcost.algebra.poly import Monomial, NotExact, Num, Poly, atoms_of, constant, simplest, terms_of

MOST_STEPS = 1000


def div(a: Num, b: Num) -> Num:
    """Return a / b exactly, never as a float.

    b is a nonzero number, a product of atoms, or a sum that divides a without rest.

    Raises:
        ZeroDivisionError: b is zero.
        NotExact: b is a sum that does not divide a.
    """
    number = constant(b)
    if number is not None:
        if number == 0:
            raise ZeroDivisionError("division by zero")
        if isinstance(a, int) and isinstance(number, int) and a % number == 0:
            return a // number
        return simplest(a * (Fraction(1) / number))
    if not isinstance(b, Poly):
        raise TypeError(f"cannot divide by {b!r}")
    if len(b.terms) == 1:
        return simplest(a * b**-1)
    return _long_division(a, b)


def _long_division(a: Num, b: Poly) -> Num:
    """Divide by repeatedly cancelling the leading term, in lexicographic order of exponents.

    First the greatest product that divides all terms is taken out of a and of b: b divides a iff what is left of b
    divides what is left of a without negative exponents. The order is compatible with multiplication, so each step
    removes the leading term for good.
    """
    order = sorted(atoms_of(a) | atoms_of(b))
    out_of_a, out_of_b = _common(a), _common(b)
    divisor, rest, quotient = b * out_of_b**-1, a * out_of_a**-1, Poly({})
    lead, lead_coefficient = _leading(divisor, order)
    for _ in range(MOST_STEPS):
        if not rest:
            return simplest(quotient * out_of_a * out_of_b**-1)
        monomial, c = _leading(rest, order)
        step = Poly({monomial: exact(Fraction(c) / lead_coefficient)}) * Poly({lead: 1}) ** -1
        if any(exponent < 0 for m in step.terms for _, exponent in m):
            break
        quotient, rest = quotient + step, rest - step * divisor
    raise NotExact(f"({a}) / ({b}) is not exact; divide by a number or by a single product")


def _common(x: Num) -> Poly:
    """Return the greatest product of atoms that divides every term, which has negative powers where a term has."""
    powers = [dict(monomial) for monomial in terms_of(x)]
    lowest = ((atom, min(power.get(atom, 0) for power in powers)) for atom in sorted(atoms_of(x)))
    return Poly({tuple((atom, exponent) for atom, exponent in lowest if exponent): 1})


def _leading(p: Poly, order: list[Atom]) -> tuple[Monomial, int | Fraction]:
    return max(p.terms.items(), key=lambda term: _exponents(term[0], order))


def _exponents(monomial: Monomial, order: list[Atom]) -> tuple[int, ...]:
    exponents = dict(monomial)
    return tuple(exponents.get(atom, 0) for atom in order)
