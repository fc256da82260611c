"""The inverse as a formula, for people to read."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from symcost.algebra.atoms import Atom, Part, Symbol, exact
from symcost.algebra.poly import Monomial, Num, Poly, terms_of

if TYPE_CHECKING:
    import sympy


def positive_root(formula: Num, unknown: str) -> sympy.Expr | None:
    """Return the positive x with ``formula(x) = budget`` in the other symbols and ``budget``.

    None unless the formula is a polynomial of degree 1 or 2 in the unknown whose leading coefficient is positive
    by its form.
    """
    powers = by_power(formula, unknown)
    if powers is None or max(powers, default=0) not in (1, 2):
        return None
    leading = powers[max(powers)]
    if any(c < 0 for c in leading.terms.values()):
        return None
    return _root(*(powers.get(power, 0) for power in (2, 1, 0)))


def by_power(formula: Num, unknown: str) -> dict[int, Poly] | None:
    """Return the coefficients of a formula by power of one symbol; None where it is not a polynomial in it."""
    found: dict[int, Poly] = {}
    for monomial, c in terms_of(formula).items():
        own = tuple((atom, exponent) for atom, exponent in monomial if unknown in atom.names)
        if any(not isinstance(atom, (Symbol, Part)) or exponent < 0 for atom, exponent in own):
            return None
        power = sum(exponent for _, exponent in own)
        rest = tuple(pair for pair in monomial if pair not in own)
        term = Poly({rest: exact(c / _divisor(own))})
        found[power] = found.get(power, Poly({})) + term
    return found


def _divisor(own: Monomial) -> Fraction:
    result = Fraction(1)
    for atom, exponent in own:
        result *= _scale(atom) ** exponent
    return result


def _scale(atom: Atom) -> int:
    return atom.divisor if isinstance(atom, Part) else 1


def _root(a: Num, b: Num, c: Num) -> sympy.Expr:
    import sympy

    from symcost.algebra.to_sympy import sympy_symbol, to_sympy

    quadratic, linear, rest = map(to_sympy, (a, b, c))
    gap = sympy_symbol("budget", "ratio") - rest
    if not quadratic:
        return gap / linear
    return (sympy.sqrt(linear**2 + 4 * quadratic * gap) - linear) / (2 * quadratic)
