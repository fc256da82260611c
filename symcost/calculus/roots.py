"""Where a polynomial is zero, as formulas: what factors, and what is of degree 2 at most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from symcost.algebra.poly import Poly, simplest
from symcost.calculus.polynomial import by_powers, common_product

if TYPE_CHECKING:
    import sympy

MOST_FACTORED = 50
"""Terms up to which a polynomial is factored: SymPy's time grows fast beyond."""


class Roots(NamedTuple):
    """Formulas for the positive zeros of a polynomial in one size.

    Attributes:
        found: in the other sizes, each of them where it is real and positive.
        complete: whether every positive zero is among them; else a factor is of a degree above 2.
    """

    found: tuple[sympy.Expr, ...]
    complete: bool


def positive_roots(x: Poly, name: str) -> Roots:
    """Return formulas for the positive zeros of a polynomial in one size, all sizes being positive.

    Raises:
        UsageError: the size stands inside an atom that has no power of it.
    """
    powers = by_powers(x, name)
    if len(powers) < 2:
        return Roots((), complete=True)
    found: list[sympy.Expr] = []
    complete = True
    for coefficients in _factors(x, powers, name):
        roots = _of_factor(coefficients)
        complete = complete and roots is not None
        found += [root for root in roots or () if root not in found]
    return Roots(tuple(found), complete)


def _factors(x: Poly, powers: dict[int, Poly], name: str) -> Iterator[list[sympy.Expr]]:
    """Yield the coefficients of each factor by power of the size, the constant one first."""
    import sympy

    from symcost.algebra.to_sympy import to_sympy

    if len(x.terms) > MOST_FACTORED:
        least = min(powers)
        yield [to_sympy(simplest(powers.get(least + i, Poly({})))) for i in range(max(powers) - least + 1)]
        return
    expression = to_sympy(x * Poly({common_product(x.terms): 1}) ** -1)
    unknown = next(symbol for symbol in expression.free_symbols if symbol.name == name)
    for factor, _ in sympy.factor_list(expression)[1]:
        if factor.has(unknown):
            yield sympy.Poly(factor, unknown).all_coeffs()[::-1]


def _of_factor(coefficients: list[sympy.Expr]) -> tuple[sympy.Expr, ...] | None:
    """Return the zeros of a factor that can be positive; None where there is no formula for them."""
    signs = [_sign(c) for c in coefficients if c != 0]
    if None not in signs and len(set(signs)) == 1:
        return ()
    if len(coefficients) == 2:
        return (_quotient(-coefficients[0], coefficients[1]),)
    return _of_square(*coefficients) if len(coefficients) == 3 else None


def _of_square(c: sympy.Expr, b: sympy.Expr, a: sympy.Expr) -> tuple[sympy.Expr, ...]:
    """Return the zeros of a x**2 + b x + c that can be positive: only one where a and c have different signs."""
    import sympy

    if _sign(a) == -1:
        a, b, c = -a, -b, -c
    root = sympy.sqrt(sympy.factor(b**2 - 4 * a * c))
    upper, lower = (root - b) / (2 * a), (-root - b) / (2 * a)
    return (upper,) if _sign(a) == 1 and _sign(c) == -1 else (lower, upper)


def _quotient(above: sympy.Expr, below: sympy.Expr) -> sympy.Expr:
    import sympy

    turn = -1 if _sign(below) == -1 else 1
    return sympy.expand(turn * above) / sympy.expand(turn * below)


def _sign(x: sympy.Expr) -> int | None:
    """Return the sign of an expanded sum of products of positive sizes where its form tells it."""
    import sympy

    signs = {term.as_coeff_Mul()[0].is_positive for term in sympy.Add.make_args(sympy.expand(x))}
    return (1 if signs.pop() else -1) if len(signs) == 1 else None
