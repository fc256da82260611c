"""SymPy sees the same numbers, in the forms it would reach itself."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings

from symcost.algebra.atoms import Env, Part, lift
from symcost.algebra.extent import ceil, ceil_div, floor, floor_div
from symcost.algebra.poly import Num, Poly, evaluate, symbol
from symcost.algebra.rounding import gcd, make_divisible
from symcost.algebra.to_sympy import IntegerGcd, MakeDivisible, from_sympy, sympy_symbol, to_sympy
from tests.algebra.twins import C, H, R, Twin, W, envs, laurents, towers

h, w, c, r = sympy_symbol("H"), sympy_symbol("W"), sympy_symbol("C"), sympy_symbol("r", "ratio")


@settings(max_examples=60, deadline=None)
@given(a=towers() | laurents())
def test_there_and_back(a: Twin) -> None:
    assert from_sympy(to_sympy(a.num)) == a.num


@settings(max_examples=60, deadline=None)
@given(a=towers() | laurents(), env=envs)
def test_the_same_numbers(a: Twin, env: Env) -> None:
    bound = {h: env["H"], w: env["W"], c: env["C"], r: sympy.Rational(env["r"].numerator, env["r"].denominator)}
    value = to_sympy(a.num).subs(bound)
    assert value.is_Rational
    assert Fraction(int(value.p), int(value.q)) == evaluate(a.num, env)


@settings(max_examples=60, deadline=None)
@given(a=towers() | laurents())
def test_the_form_that_sympy_reaches(a: Twin) -> None:
    """Floors are built without SymPy's slow evaluation, which would change nothing; sums are expanded."""
    expr = to_sympy(a.num)
    assert expr.replace(lambda e: isinstance(e, (sympy.floor, sympy.ceiling)), lambda e: e.func(e.args[0])) == expr
    assert sympy.expand(expr) == expr


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (ceil_div(H, 32), sympy.ceiling(h / 32)),
        (floor_div(H + 1, 8), sympy.floor((h + 1) / 8)),
        (floor_div(3 * H + 2, 4), sympy.floor((3 * h + 2) / 4)),
        (ceil_div(H + W, 2) ** 2, sympy.ceiling((h + w) / 2) ** 2),
        (floor_div(H - 7, 2), sympy.ceiling(h / 2) - 4),
        (ceil(R * C), sympy.ceiling(r * c)),
        (floor(R * C + Fraction(1, 2)), sympy.floor(r * c + sympy.Rational(1, 2))),
        (floor_div(3 * floor_div(H, 2), 4), sympy.floor(3 * sympy.floor(h / 2) / 4)),
        (C**2 * H**-1 * Fraction(3, 2), sympy.Rational(3, 2) * c**2 / h),
        (lift(Part.of("H", 16)), h / 16),
        (make_divisible(64 * R, 8), MakeDivisible(64 * r, 8, 8)),
        (gcd(H, 6), IntegerGcd(h, 6)),
        (7, sympy.Integer(7)),
    ],
    ids=str,
)
def test_forms(x: Num, expected: sympy.Expr) -> None:
    assert to_sympy(x) == expected


def test_assumptions_are_those_of_sizes() -> None:
    assert to_sympy(H).is_integer
    assert to_sympy(H).is_positive
    assert not to_sympy(R).is_integer
    assert to_sympy(R).is_positive
    assert to_sympy(symbol("i", "index")).is_nonnegative
    assert from_sympy(to_sympy(symbol("i", "index"))) == symbol("i", "index")
    assert to_sympy(make_divisible(64 * R, 8)).is_integer
    assert from_sympy(sympy.Symbol("x", positive=True)) == symbol("x", "ratio")


def test_make_divisible_is_a_function_of_sympy() -> None:
    rounded = to_sympy(make_divisible(64 * R, 8, 16))
    assert rounded.subs(r, sympy.Rational(3, 10)) == 24
    assert rounded.subs(r, sympy.Rational(1, 100)) == 16
    assert to_sympy(gcd(H, 6)).subs(h, 9) == 3
    assert from_sympy(rounded + 1) == make_divisible(64 * R, 8, 16) + 1


def test_from_sympy_of_native_expressions() -> None:
    assert from_sympy((h + 1) * (h - 1)) == H**2 - 1
    assert from_sympy(c**2 / (2 * h)) == Fraction(1, 2) * C**2 * H**-1
    assert from_sympy(sympy.floor((h + 3) / 2)) == floor_div(H + 3, 2)
    assert from_sympy(5) == 5
    assert type(from_sympy(sympy.Integer(0))) is int


@pytest.mark.parametrize("expr", [sympy.log(h), sympy.sqrt(h), sympy.pi, h**c, sympy.Min(h, w)], ids=str)
def test_what_is_not_of_the_domain(expr: sympy.Expr) -> None:
    with pytest.raises(TypeError, match="is not a sum of products of sizes, floors and rounding rules"):
        from_sympy(expr)


def test_results_of_sums_are_expanded() -> None:
    total = to_sympy((H + W) * (H - W) * C)
    assert total == sympy.expand(total)
    assert isinstance((H + W) * C, Poly)
