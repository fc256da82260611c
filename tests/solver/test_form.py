"""The inverse as a formula agrees with the exact answer, or differs from it for a reason that it states."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from symcost.algebra.atoms import Part
from symcost.algebra.extent import ceil_div
from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num, Poly, evaluate, symbol, total
from symcost.algebra.rounding import make_divisible
from symcost.algebra.smooth import smooth
from symcost.solver import solve
from symcost.solver.form import _in_turn, form, options
from symcost.solver.radical import Radical
from tests.solver.fake import C, H, resnet50

RESNET = resnet50()


@pytest.mark.parametrize("limit", [10**8, 2 * 10**9, 4_089_184_256, 10**15])
def test_the_floor_of_the_root_is_the_answer(limit: int) -> None:
    found = solve(RESNET, "C", f"macs <= {limit}")
    assert found.closed_form is not None
    values = {symbol: found.at.get(symbol.name, limit) for symbol in found.closed_form.free_symbols}
    assert sympy.floor(found.closed_form.subs(values).doit()) == found.answer


def test_the_formula_is_in_the_other_sizes_and_the_budget() -> None:
    root = solve(RESNET, "C", "params <= 10M").closed_form
    assert root is not None
    assert {symbol.name for symbol in root.free_symbols} == {"K", "budget"}
    budget, k = (next(s for s in root.free_symbols if s.name == name) for name in ("budget", "K"))
    size = sympy.Symbol("C", positive=True)
    assert sympy.expand((5724 * size**2 + (32 * k + 977) * size + k).subs(size, root) - budget) == 0


def test_several_budgets_give_the_least_of_their_roots() -> None:
    both = solve(RESNET, "C", ["macs <= 2G", "params <= 10M"])
    assert isinstance(both.closed_form, sympy.Min)
    limits = {"budget_macs": 2 * 10**9, "budget_params": 10**7, **both.at}
    root = both.closed_form.subs({s: limits[s.name] for s in both.closed_form.free_symbols})
    assert sympy.floor(root) == both.answer == 39
    least = solve(RESNET, "C", ["macs >= 2G", "params >= 10M", "params >= 1M"], smallest=True)
    assert isinstance(least.closed_form, sympy.Max)
    assert [(f.metric, f.limit) for f in least.forms] == [("macs", 2 * 10**9), ("params", 10**7)]
    root = least.closed_form.subs({s: limits[s.name] for s in least.closed_form.free_symbols})
    assert sympy.ceiling(root) == least.answer == 45


def test_only_budgets_on_the_side_asked_for_have_a_root() -> None:
    found = solve(RESNET, "C", ["macs <= 2G", "params >= 1M"])
    assert [f.metric for f in found.forms] == ["macs"]
    assert str(found.closed_form).count("budget") == 1


def test_a_divided_size_counts_as_the_size() -> None:
    part = Poly({((Part.of("C", 4), 2),): 1})
    divided, plain = (form(x, "C", 100, {"H": 3}) for x in (part * 32 + H, 2 * C**2 + H))
    assert divided is not None
    assert plain is not None
    assert divided.expression == plain.expression


NONE: list[Num] = [5, H, H - C, C**-1, H * C**2 - C**3, H * C**3 - C**2, C * H**-1 - C]


@pytest.mark.parametrize("formula", NONE)
def test_other_formulas_have_none(formula: Num) -> None:
    assert form(formula, "C", 10, {"H": 7}) is None


def test_a_linear_formula_is_divided() -> None:
    alpha = symbol("alpha", "ratio")
    found = form(Fraction(3, 2) * alpha * H + 1, "alpha", 10, {"H": 4})
    assert found is not None
    assert str(found.expression) == "2*(budget - 1)/(3*H)"
    assert found.text == "(budget - 1)/6"
    assert (found.near, found.exactly) == ("1.5", True)


def test_floors_of_the_unknown_are_taken_as_ratios_and_that_is_said() -> None:
    found = solve(RESNET, "H", "macs <= 2G", {"W": 64})
    (made,) = found.forms
    assert (made.view, made.taken) == ("smooth", "floors taken as ratios")
    assert made.text in str(found)
    assert str(found).splitlines()[1].endswith(", floors taken as ratios")
    # the root is that of the polynomial on sizes that come out even, and the answer is exact
    even = evaluate(smooth(RESNET.poly("macs")), {**found.at, "H": 1024})
    assert made.radical(1024) == even == evaluate(RESNET.poly("macs"), {**found.at, "H": 1024})
    assert found.answer <= int(made.near.split(".")[0])
    exact = form(C * ceil_div(H, 2), "C", 10, {"H": 3})
    assert exact is not None
    assert exact.view == "exact"


def test_rounding_is_left_out_and_that_is_said() -> None:
    made = form(make_divisible(3 * C, 8) * ceil_div(C, 2), "C", 1500, {})
    assert made is not None
    assert made.taken == "floors taken as ratios and make_divisible taken as what it rounds"
    assert made.text == "sqrt(2*budget/3)"


def test_above_degree_two_it_is_a_stated_root() -> None:
    made = form(C**3 * H + 2 * C, "C", 1000, {"H": 3})
    assert made is not None
    assert made.text == "the root of 3*C**3 + 2*C = budget"
    assert isinstance(made.expression, sympy.polys.rootoftools.ComplexRootOf)
    x = sympy.Symbol("x")
    assert sympy.minimal_polynomial(made.expression, x) == 3 * x**3 + 2 * x - 1000
    assert sympy.floor(made.expression) == 6 == int(made.near.split(".")[0])
    assert str(made.polynomial) == "C**3*H + 2*C - budget"
    power = form(2 * C**3 + 4, "C", 1000, {})
    assert power is not None
    assert power.text == "((budget - 4)/2)**(1/3)"


@given(
    st.dictionaries(st.integers(0, 5), st.fractions(0, 50, max_denominator=6), min_size=2),
    st.fractions(0, 10**6, max_denominator=6),
)
def test_decimals_are_those_of_the_root(powers: dict[int, Fraction], limit: Fraction) -> None:
    found = Radical(powers)
    if not found.has_one or found(0) > limit:
        return
    shown = found.decimals(limit).replace(",", "")
    places = max(0, 4 - len(shown.partition(".")[0])) + (shown.partition(".")[0] == "0")
    low = Fraction(shown)
    assert found(low) <= limit < found(low + Fraction(1, 10**places))
    assert found.exactly(limit) == (found(low) == limit)


@given(st.integers(1, 60), st.integers(-60, 60), st.integers(-60, 60), st.integers(0, 10**6))
def test_a_quadratic_in_text_is_the_root(a: int, b: int, c: int, limit: int) -> None:
    found = Radical({2: a, 1: b, 0: c})
    text = found.text("C", "budget")
    root = sympy.sympify(text).subs("budget", limit)
    assert sympy.expand(a * root**2 + b * root + c - limit) == 0
    other = -sympy.Rational(b, a) - root
    assert not root.is_real or root >= other


@pytest.mark.parametrize("seed", range(20))
def test_the_answer_is_the_floor_of_the_root_where_nothing_rounds(seed: int) -> None:
    """Compared on the polynomial itself: SymPy's floor of an exact root is not to be trusted near whole numbers."""
    limit = 10 ** (seed % 10) * 977 + seed
    if limit < 44_492_800:
        return
    found = solve(RESNET, "C", f"macs <= {limit}")
    (made,) = found.forms
    answer = int(found.answer)
    assert made.radical(answer) <= limit < made.radical(answer + 1)


@given(st.lists(st.tuples(*[st.integers(1, 30)] * 4), min_size=1, max_size=5), st.integers(1, 40))
def test_turns_find_the_least_root_of_all_choices(parts: list[tuple[int, int, int, int]], more: int) -> None:
    """Of a sum of largest of two lines each, beside all choices of one line each."""
    x = symbol("x")
    whole = total((maximum((a + b * x, c + d * x), {"x": (1, None)}), 1) for a, b, c, d in parts)
    limit = sum(max(a + b, c + d) for a, b, c, d in parts) + more
    all_choices = [form(one, "x", limit, {}) for one in options(whole, "x")]
    least = min(one.approximate for one in all_choices if one is not None and one.near)
    turned = _in_turn(whole, "x", limit, {}, "", "budget")
    assert turned is not None and turned.taken == "each largest as it is there"
    assert float(turned.approximate) == pytest.approx(float(least), rel=2e-3), "but for decimals that are cut off"
