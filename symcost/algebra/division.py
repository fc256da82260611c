"""Exact division: by numbers, by products, and by sums that divide without rest."""

from __future__ import annotations

from fractions import Fraction

from symcost.algebra.atoms import Atom, exact
from symcost.algebra.poly import Monomial, NotExact, Num, Poly, atoms_of, constant, simplest


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

    The order is compatible with multiplication, so each step removes the leading term for good: exactness is decided after
    finitely many steps when exponents are bounded below, and the step limit covers Laurent cases that would run on.
    """
    order, own = sorted(atoms_of(a) | atoms_of(b)), sorted(atoms_of(b))
    rest, quotient = a if isinstance(a, Poly) else Poly({(): a}), Poly({})
    lead, lead_coefficient = _leading(b, order)
    for _ in range(1000):
        if not rest:
            return simplest(quotient)
        monomial, c = _leading(rest, order)
        step = Poly({monomial: exact(Fraction(c) / lead_coefficient)}) * Poly({lead: 1}) ** -1
        quotient, rest = quotient + step, rest - step * b
        if rest and _exponents(_leading(rest, order)[0], order) >= _exponents(monomial, order):
            break
        if any(e < 0 for e in _exponents(next(iter(step.terms)), own)):
            break
    raise NotExact(f"({a}) / ({b}) is not exact; divide by a number or by a single product")


def _leading(p: Poly, order: list[Atom]) -> tuple[Monomial, int | Fraction]:
    return max(p.terms.items(), key=lambda term: _exponents(term[0], order))


def _exponents(monomial: Monomial, order: list[Atom]) -> tuple[int, ...]:
    exponents = dict(monomial)
    return tuple(exponents.get(atom, 0) for atom in order)
