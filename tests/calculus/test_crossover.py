"""Crossovers against trying every value, and closed forms against the values they give."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from symcost import NoAnswer, UsageError, crossover, load
from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.needs import AtLeast, Divides, Need
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.algebra.rounding import gcd
from symcost.algebra.to_sympy import sympy_symbol
from symcost.calculus.crossing import Crossover
from symcost.spec.symbols import Symbol
from tests.calculus.formulas import C, H, random_formula
from tests.solver.fake import cost_of

B, E, L, T, V = (symbol(name) for name in "BELTV")
ATTENTION = 4 * B * T**2 * E * L
DENSE = 24 * B * T * E**2 * L
TRIED = 300


def relation(gap: int | Fraction) -> str:
    return "<" if gap < 0 else ">" if gap > 0 else "="


def told(found: Crossover, value: int) -> list[str]:
    """Return what the spans say of one value."""
    assert found.spans is not None
    inside = (s for s in found.spans if s.first <= value and (s.last is None or value <= s.last))
    return [s.relation for s in inside if (value - s.first) % s.step == 0]


@pytest.mark.parametrize("seed", range(200))
def test_spans_are_those_found_by_trying(seed: int) -> None:
    r = Random(seed)  # noqa: S311
    f, g, h = random_formula(r), random_formula(r), r.randint(1, 9)
    high = r.choice([TRIED, None])
    try:
        found = crossover(f, g, "C", at={"H": h}, between=(1, high))
    except NoAnswer:
        assert high is None
        found = crossover(f, g, "C", at={"H": h}, between=(1, TRIED))
    for value in range(1, TRIED + 1):
        assert told(found, value) == [relation(evaluate(f - g, {"C": value, "H": h}))]


@pytest.mark.parametrize("seed", range(100))
def test_spans_keep_to_what_a_spec_allows(seed: int) -> None:
    r = Random(seed)  # noqa: S311
    f, g = random_formula(r), random_formula(r)
    needs: list[Need] = [Divides(r.choice([2, 3, 5]), C + r.randint(0, 2)), AtLeast(floor_div(C, 2), r.randint(0, 9))]
    cost = cost_of({}, {"C": Symbol(min=r.choice([None, 7]), max=TRIED, multiple_of=r.choice([1, 2])),
                        "H": Symbol(default=3)}, needs[: r.randint(0, 2)])  # fmt: skip
    allowed = {
        c for c in range(1, TRIED + 1)
        if not cost.symbols["C"].refusal(c) and all(need.holds({"C": c}) for need, _ in cost.needs)
    }  # fmt: skip
    found = crossover(f, g, "C", of=cost, at={})
    for c in allowed:
        assert told(found, c) == [relation(evaluate(f - g, {"C": c, "H": 3}))]
    ends = {end for s in found.spans or () for end in (s.first, s.last)}
    assert ends <= allowed


def test_neighbours_differ_and_leave_no_gap() -> None:
    found = crossover(ceil_div(H, 32) * 40, H + 35, "H", between=(1, 500))
    assert found.spans is not None and len(found.spans) > 5
    for one, other in pairwise(found.spans):
        assert one.relation != other.relation
        assert one.last is not None and other.first == one.last + 1


def test_two_networks_along_the_side_of_an_image() -> None:
    """EfficientNet-B0 ten times over against ResNet-50: it falls behind, and ahead again, as floors come out."""
    resnet, efficient = load("resnet50").cost(), load("efficientnet_b0").cost()
    f, g = resnet.poly("macs"), efficient.poly("macs") * 10
    env = {**resnet.bindings(), **efficient.bindings()}
    found = crossover(f, g, "H", at=env)
    assert [(s.first, s.last, s.relation) for s in found.spans or ()] == [
        (1, 24, "<"), (25, 32, ">"), (33, 48, "<"), (49, None, ">"),
    ]  # fmt: skip
    for side in range(1, 400):
        assert told(found, side) == [relation(evaluate(f - g, {**env, "H": side}))]


def test_attention_equals_dense_work_at_six_widths() -> None:
    t, e = sympy_symbol("T"), sympy_symbol("E")
    assert crossover(ATTENTION, DENSE, "T").closed_form == (6 * e,)
    assert crossover(ATTENTION, DENSE, "E").closed_form == (t / 6,)
    assert crossover(ATTENTION, DENSE, "L").closed_form == ()


def test_a_size_that_is_no_crossing_for_all_values() -> None:
    found = crossover(ATTENTION, DENSE + ATTENTION, "T")
    assert str(found) == "f and g are equal for no T, by the smooth formulas"


def test_the_answer_in_words() -> None:
    found = crossover(ATTENTION, DENSE, "T", at={"B": 1, "E": 768, "L": 12}, names=("attention", "dense"))
    assert str(found) == (
        "attention = dense at T = 6*E, by the smooth formulas\n"
        "at B = 1, E = 768, L = 12: attention < dense for T from 1 to 4607; attention = dense for T = 4608; "
        "attention > dense for T from 4609 on"
    )


@given(st.integers(1, 50), st.integers(-50, 50), st.integers(-200, 200), st.integers(1, 9))
def test_roots_of_squares_are_roots(a: int, b: int, c: int, e: int) -> None:
    """The closed form in other sizes, with values put in, holds every positive zero of the quadratic."""
    f = a * T**2 + b * T * E + c * E**2
    found = crossover(f, 0, "T")
    x = sympy.Symbol("x", positive=True)
    oracle = {r for r in sympy.roots(sympy.Poly(a * x**2 + b * e * x + c * e * e, x), filter="R") if r > 0}
    values = [root.subs(sympy_symbol("E"), e) for root in found.closed_form]
    ours = {v for v in values if v.is_real and v > 0}
    assert found.smooth is not None and found.smooth.complete
    assert all(sympy.expand(a * v**2 + b * e * v + c * e * e) == 0 for v in ours)
    assert len(ours) == len(oracle)


def test_factors_above_a_square_are_said_to_be_missing() -> None:
    found = crossover(T**5 + T * E, 7 * E**5 + 3, "T")
    assert found.closed_form == () and found.smooth is not None and not found.smooth.complete
    assert str(found) == "no formula for the T at which f = g"
    assert crossover(T**3, 8 * E**3, "T").closed_form == (2 * sympy_symbol("E"),)


def test_gcds_have_a_span_for_each_class() -> None:
    found = crossover(gcd(C, 2) * 10, 15, "C")
    assert [(s.first, s.last, s.relation, s.step) for s in found.spans or ()] == [(1, None, "<", 2), (2, None, ">", 2)]


def test_ratios_go_in_their_steps() -> None:
    alpha = symbol("alpha", "ratio")
    found = crossover(100 * alpha, 150 * alpha**2, "alpha")
    assert found.closed_form == (sympy.Rational(2, 3),)
    assert [(s.first, s.last, s.relation) for s in found.spans or ()] == [
        (Fraction(1, 100), Fraction(33, 50), ">"),
        (Fraction(67, 100), None, "<"),
    ]


@pytest.mark.parametrize(
    ("f", "g", "asked", "message"),
    [
        (T * E, T, {"in_": "H"}, "neither formula depends on 'H'; they are in E, T"),
        (T * E, T, {"in_": "T", "at": {}}, "no value for E; give it in at"),
        (T, 3, {"in_": "T", "between": (5, 2)}, "between is empty: 5 is above 2"),
        (sympy.log(sympy_symbol("T")), 3, {"in_": "T"},
         "not a formula of sizes: log(T) is not a sum of products of sizes, floors and rounding rules"),
    ],
)  # fmt: skip
def test_questions_without_meaning(f: Num, g: Num, asked: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        crossover(f, g, **asked)  # type: ignore[arg-type]
    assert str(refused.value) == message


def test_signs_that_change_without_end_ask_for_a_range() -> None:
    saw = ceil_div(C, 7) * 7 - C
    with pytest.raises(NoAnswer) as refused:
        crossover(saw, 3, "C")
    assert str(refused.value) == "gave up on where the two cross along C with no end to C; give a range (between)"
    assert len(crossover(saw, 3, "C", between=(1, 70)).spans or ()) == 30
