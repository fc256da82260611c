"""The way to SymPy and back. The only module of the algebra that imports SymPy, and nothing imports it early."""

from __future__ import annotations

from functools import lru_cache

import sympy

from symcost.algebra.atoms import Atom, Number, Part, Symbol
from symcost.algebra.division import div
from symcost.algebra.extent import Extent, ceil, floor
from symcost.algebra.maximum import Max, maximum
from symcost.algebra.poly import Num, Poly, simplest, terms_of, total
from symcost.algebra.poly import symbol as poly_symbol
from symcost.algebra.power import Power, raised
from symcost.algebra.rounding import Gcd, Rounded, gcd, make_divisible, round_channels


class MakeDivisible(sympy.Function):
    """make_divisible(v, divisor, least) as a SymPy function; numbers evaluate at once."""

    is_integer = True
    is_positive = True

    @classmethod
    def eval(cls, v: sympy.Expr, divisor: sympy.Expr, least: sympy.Expr) -> sympy.Expr | None:
        """Return the rounded number of a number, and nothing otherwise, as SymPy asks of a function."""
        if v.is_Rational:
            return sympy.Integer(round_channels(_number(v), int(divisor), int(least)))
        return None


class IntegerGcd(sympy.Function):
    """gcd of two integers as a SymPy function; SymPy's own gcd is one of polynomials and would give 1."""

    is_integer = True
    is_positive = True

    @classmethod
    def eval(cls, x: sympy.Expr, n: sympy.Expr) -> sympy.Expr | None:
        """Return the divisor of two numbers, and nothing otherwise."""
        return sympy.igcd(x, n) if x.is_Integer and n.is_Integer else None


@lru_cache(maxsize=4096)
def sympy_symbol(name: str, kind: str = "dimension") -> sympy.Symbol:
    """Return the SymPy symbol of a size: a positive integer, or a positive rational for ``ratio``."""
    if kind == "ratio":
        return sympy.Symbol(name, positive=True, rational=True)
    if kind == "index":
        return sympy.Symbol(name, nonnegative=True, integer=True)
    return sympy.Symbol(name, positive=True, integer=True)


def to_sympy(x: Num) -> sympy.Expr:
    """Return x as an expanded SymPy expression."""
    terms = []
    for monomial, c in terms_of(x).items():
        factors = [_power(atom, exponent) for atom, exponent in monomial]
        terms.append(sympy.Mul(sympy.Rational(c.numerator, c.denominator), *factors))
    return sympy.Add(*terms)


def _power(atom: Atom, exponent: int) -> sympy.Expr:
    """Return a power of an atom; (2**n)**2 as 4**n, which SymPy does not take for 2**(2*n)."""
    if not isinstance(atom, Power):
        return _atom(atom) ** exponent
    base, inner = atom.times(abs(exponent))
    return sympy.Integer(base) ** (to_sympy(inner) * (1 if exponent > 0 else -1))


@lru_cache(maxsize=4096)
def _atom(atom: Atom) -> sympy.Expr:
    match atom:
        case Symbol():
            return sympy_symbol(atom.name, atom.kind)
        case Part():
            return sympy_symbol(atom.name) / atom.divisor
        case Extent():
            return _extent(atom)
        case Rounded():
            return MakeDivisible(to_sympy(atom.inner), atom.divisor, atom.least)
        case Gcd():
            return IntegerGcd(to_sympy(atom.inner), atom.n)
        case Power():
            return sympy.Integer(atom.base) ** to_sympy(atom.exponent)
        case Max():
            return sympy.Max(*map(to_sympy, atom.options), evaluate=False)
    raise TypeError(f"no SymPy form for {atom!r}")


def _extent(atom: Extent) -> sympy.Expr:
    """Build floor or ceiling without letting SymPy evaluate it (2 to 3 ms each); the form is the one it would reach."""
    s = sympy.Integer(atom.divisor)
    if atom.offset == atom.divisor - 1 and atom.divisor > 1:
        return sympy.ceiling(sympy.expand(to_sympy(atom.base) / s), evaluate=False)
    offset = sympy.Rational(atom.offset.numerator, atom.offset.denominator)
    if atom.up:
        return sympy.ceiling(sympy.expand(to_sympy(atom.base) + offset), evaluate=False)
    return sympy.floor(sympy.expand((to_sympy(atom.base) + offset) / s), evaluate=False)


def from_sympy(expr: sympy.Expr | int) -> Num:
    """Return a SymPy expression as a number of the domain.

    Understands sums, products, integer powers, powers of numbers, floor, ceiling, Max, and the functions of this
    module.

    Raises:
        TypeError: the expression holds something else, such as a logarithm.
    """
    expr = sympy.Integer(expr) if isinstance(expr, int) else expr
    if expr.is_Rational:
        return simplest(Poly({(): _number(expr)}) if expr else 0)
    if expr.is_Symbol:
        return poly_symbol(expr.name, _kind(expr))
    if expr.is_Add:
        return total((from_sympy(arg), 1) for arg in expr.args)
    if expr.is_Mul:
        return _product([from_sympy(arg) for arg in expr.args])
    if expr.is_Pow and expr.exp.is_Integer:
        base = from_sympy(expr.base)
        return base ** int(expr.exp) if int(expr.exp) >= 0 else div(1, base ** -int(expr.exp))
    if expr.is_Pow and expr.base.is_Rational:
        return raised(_number(expr.base), from_sympy(expr.exp))
    return _function(expr)


def _kind(symbol: sympy.Symbol) -> str:
    if not symbol.is_integer:
        return "ratio"
    return "index" if symbol.is_nonnegative and not symbol.is_positive else "dimension"


def _function(expr: sympy.Expr) -> Num:
    arguments = [from_sympy(arg) for arg in expr.args]
    match expr:
        case sympy.floor():
            return floor(arguments[0])
        case sympy.ceiling():
            return ceil(arguments[0])
        case sympy.Max():
            return maximum(arguments, None)
        case MakeDivisible():
            return make_divisible(arguments[0], int(expr.args[1]), int(expr.args[2]))
        case IntegerGcd():
            return gcd(arguments[0], int(expr.args[1]))
    raise TypeError(f"{expr} is not a sum of products of sizes, floors and rounding rules")


def _product(factors: list[Num]) -> Num:
    result: Num = 1
    for factor in factors:
        result = result * factor
    return result


def _number(x: sympy.Rational) -> Number:
    from fractions import Fraction

    return Fraction(int(x.p), int(x.q)) if x.q != 1 else int(x.p)


__all__ = ["IntegerGcd", "MakeDivisible", "from_sympy", "sympy_symbol", "to_sympy"]
