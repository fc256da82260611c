"""The least value of a x + b/x + c: against SymPy's derivative, and against trying every whole number."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost import UsageError, least
from symcost.algebra.extent import ceil
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.algebra.to_sympy import sympy_symbol, to_sympy

MORE = "has more than one power of k that grows or falls: there is no formula for its least value"
L, a, b, k, p, G, m = (symbol(name) for name in ("L", "a", "b", "k", "p", "G", "m"))


def test_checkpoints_every_square_root_of_the_depth() -> None:
    """Chen et al. 2016, section 4: a k + b L/k is least at sqrt(b L/a), which is sqrt(L) where a = b."""
    depth = sympy_symbol("L")
    assert least(k + L * k**-1, "k").where == sympy.sqrt(depth)
    found = least(a * k + b * L * k**-1, "k")
    assert sympy.simplify(found.where - sympy.sqrt(sympy_symbol("b") * depth / sympy_symbol("a"))) == 0
    assert sympy.simplify(found.value - 2 * sympy.sqrt(depth * sympy_symbol("a") * sympy_symbol("b"))) == 0


def test_micro_batches_of_a_pipeline() -> None:
    """Time (m + p - 1)(o + w G/m), p stages, o per micro-batch, w per example: the bubble against the overhead."""
    o, w = symbol("o"), symbol("w")
    found = least((m + p - 1) * (o + w * G * m**-1), "m", box={"p": (2, None)})
    x = {name: sympy_symbol(name) for name in "pGow"}
    assert sympy.simplify(found.where**2 - x["w"] * x["G"] * (x["p"] - 1) / x["o"]) == 0
    best = found.at({"o": 3, "w": 1, "G": 512, "p": 8})
    assert (best.answer, best.tried) == (35, (35, 35))  # sqrt(512 * 7/3) = 34.56


def test_a_sympy_formula_will_do() -> None:
    x, y = sympy_symbol("x"), sympy_symbol("y")
    assert least(3 * x**2 + y / x, "x").where == sympy.root(y / 6, 3)


@given(st.integers(1, 300), st.integers(1, 3000), st.integers(0, 9), st.integers(1, 3), st.integers(1, 2))
@settings(max_examples=100)
def test_no_whole_number_is_better(x: int, y: int, rest: int, up: int, down: int) -> None:
    def cost(at: int) -> Fraction:
        return x * Fraction(at) ** up + Fraction(y, at**down) + rest

    found = least(a * k**up + b * k**-down + rest, "k")
    best = found.at({"a": x, "b": y})
    assert best.answer == min(range(1, 3100), key=cost)
    assert best.value == cost(best.answer)
    assert best.below == (cost(best.answer - 1) if best.answer > 1 else None)
    assert best.above == cost(best.answer + 1)
    slope = sympy.diff(to_sympy(found.formula), sympy_symbol("k"))
    assert sympy.simplify(slope.subs(sympy_symbol("k"), found.where)) == 0
    least_real = found.value.subs({sympy_symbol("a"): x, sympy_symbol("b"): y})
    assert sympy.N(least_real) <= sympy.Float(best.value.numerator) / best.value.denominator + 1e-9


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 120), st.integers(1, 130))
@settings(max_examples=100)
def test_with_whole_segments(x: int, y: int, depth: int, most: int) -> None:
    """a k + b ceil(L/k), which goes up and down: all k whose smooth cost is not above the best are compared."""

    def cost(at: int) -> int:
        return x * at - y * (-depth // at)

    best = least(a * k + b * L * k**-1, "k").at({"a": x, "b": y, "L": depth}, most=most, exactly=cost)
    assert best.answer == min(range(1, most + 1), key=cost)
    assert best.value == min(map(cost, range(1, most + 1)))


def test_floors_of_other_sizes_stay() -> None:
    H = symbol("H")
    found = least(ceil(H * Fraction(1, 4)) * k + b * k**-1, "k")
    assert evaluate(found.rising[0], {"H": 9}) == 3


@pytest.mark.parametrize(
    ("cost", "message"),
    [
        (a * k, "'a*k' is not divided by k anywhere: it has no least value between its ends"),
        (a * k**-1, "'a/k' does not grow with k anywhere: it has no least value between its ends"),
        (a + b, "'a + b' does not depend on k"),
        (k**2 + k + k**-1, f"'k**2 + k + 1/k' {MORE}"),
        ((a - b) * k + k**-1, "the sign of 'a - b', which stands with k, is not known"),
    ],
)  # fmt: skip
def test_refusals(cost: Num, message: str) -> None:
    with pytest.raises(UsageError) as error:
        least(cost, "k")
    assert str(error.value) == message


def test_values_are_asked_for() -> None:
    with pytest.raises(UsageError, match=r"^no value for b$"):
        least(a * k + b * k**-1, "k").at({"a": 1})
