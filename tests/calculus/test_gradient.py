"""Derivatives against SymPy's, elasticities against finite differences of exact evaluation."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from symcost import UsageError, derivative, elasticity
from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.algebra.power import raised
from symcost.algebra.smooth import smooth
from symcost.algebra.to_sympy import sympy_symbol, to_sympy

B, T, E, L, V = (symbol(name) for name in "BTELV")
alpha = symbol("alpha", "ratio")
NAMES = ("B", "T", "alpha")
VALUES = st.fractions(Fraction(1, 4), 50, max_denominator=20)


@st.composite
def laurents(draw: st.DrawFn) -> Num:
    """Sums of products with positive coefficients and powers from -2 to 3."""
    result: Num = 0
    for _ in range(draw(st.integers(1, 5))):
        term: Num = draw(st.fractions(Fraction(1, 3), 40, max_denominator=6))
        for atom in (B, T, alpha):
            term = term * atom ** draw(st.integers(-2, 3))
        result = result + term
    return result


@given(laurents(), st.sampled_from(NAMES))
def test_derivatives_are_those_of_sympy(f: Num, name: str) -> None:
    by = sympy_symbol(name, "ratio" if name == "alpha" else "dimension")
    assert sympy.expand(to_sympy(derivative(f, name)) - sympy.diff(to_sympy(f), by)) == 0


@given(laurents(), st.sampled_from(NAMES))
def test_elasticities_are_those_of_sympy(f: Num, name: str) -> None:
    by = sympy_symbol(name, "ratio" if name == "alpha" else "dimension")
    oracle = by * sympy.diff(to_sympy(f), by) / to_sympy(f)
    assert sympy.cancel(elasticity(f, name).sympy - oracle) == 0


@given(laurents(), st.sampled_from(NAMES), VALUES, VALUES, VALUES)
def test_elasticities_are_what_a_small_step_does(f: Num, name: str, b: Fraction, t: Fraction, a: Fraction) -> None:
    """The central difference is off by less than a million squared steps allow, on exact numbers."""
    env = {"B": b, "T": t, "alpha": a}
    h = Fraction(1, 10**6)
    up, down = (evaluate(f, {**env, name: env[name] * (1 + s * h)}) for s in (1, -1))
    step = (Fraction(up) - down) / (2 * h) / evaluate(f, env)
    assert abs(step - elasticity(f, name).at(env)) < 100 * h**2


@given(laurents(), laurents(), st.sampled_from(NAMES), VALUES, VALUES, VALUES)
def test_laws(f: Num, g: Num, name: str, b: Fraction, t: Fraction, a: Fraction) -> None:
    """Of a product elasticities add up; of a sum they are weighted with shares; of a power they are multiplied."""
    env = {"B": b, "T": t, "alpha": a}
    of_f, of_g = (elasticity(x, name).at(env) for x in (f, g))
    assert elasticity(f * g, name).at(env) == of_f + of_g
    whole = evaluate(f + g, env)
    shares = (Fraction(evaluate(x, env)) / whole for x in (f, g))
    assert elasticity(f + g, name).at(env) == sum(s * e for s, e in zip(shares, (of_f, of_g), strict=True))
    assert elasticity(f * f, name).at(env) == 2 * of_f


def test_floors_are_taken_where_they_come_out_even() -> None:
    f = 3 * ceil_div(T, 32) * floor_div(T, 4) + T
    assert derivative(f, "T") == derivative(smooth(f), "T") == Fraction(3, 64) * T + 1
    assert str(elasticity(f, "T")) == "(6*T + 128)/(3*T + 128)"


def test_the_gpt_result() -> None:
    """Of counting attention over all pairs, 12 L E of 12 L E + 2 L T + V per token do not depend on T."""
    macs = 12 * B * E**2 * L * T + 2 * B * E * L * T**2 + B * E * T * V
    e, ell, t, v = (sympy_symbol(name) for name in "ELTV")
    assert elasticity(macs, "T").sympy == (12 * ell * e + 4 * ell * t + v) / (12 * ell * e + 2 * ell * t + v)


def test_a_size_that_does_not_occur_has_elasticity_zero() -> None:
    assert elasticity(3 * T, "E").at({}) == 0
    assert derivative(3 * T, "E") == 0


def test_what_has_no_elasticity() -> None:
    with pytest.raises(UsageError) as refused:
        elasticity(0, "T")
    assert str(refused.value) == "what is zero has no elasticity in T"
    with pytest.raises(UsageError) as refused:
        elasticity(raised(2, L) * T + T, "L")
    assert str(refused.value) == "the formula is no polynomial in L, which stands in '2**L'"
    assert str(elasticity(raised(2, L) * T + E, "T")) == "T*2**L/(T*2**L + E)"
