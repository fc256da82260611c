"""Limits against exact evaluation at huge sizes and SymPy's limit; orders against what doubling does."""

from __future__ import annotations

import json
from fractions import Fraction
from random import Random

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost import UsageError, asymptotics, limit, load
from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.algebra.power import raised
from symcost.algebra.rounding import gcd, make_divisible
from symcost.algebra.to_sympy import sympy_symbol, to_sympy
from symcost.calculus.orders import CONSTANT, Order, by_order, growing
from symcost.views.asymptotics import asymptotics as answer
from tests.calculus.formulas import C, random_formula
from tests.calculus.test_gradient import laurents

B, T, E, L, V = (symbol(name) for name in "BTELV")
HUGE = 10**12


@pytest.mark.parametrize("seed", range(200))
def test_limits_are_what_huge_sizes_come_near_to(seed: int) -> None:
    """Quotients of exact functions, floors and rounding rules included, at 10**12 and at 10**15."""
    r = Random(seed)  # noqa: S311
    f, g, h = random_formula(r, gcds=False) + C, random_formula(r, gcds=False) + C, r.randint(1, 9)
    found = limit(f, "C", g)
    near, nearer = (
        Fraction(evaluate(f, {"C": c, "H": h})) / evaluate(g, {"C": c, "H": h}) for c in (HUGE, 1000 * HUGE)
    )
    if str(found) == "infinity":
        assert nearer > 900 * near > 900 * 10**6
    elif str(found) == "0":
        assert nearer < near / 900 < Fraction(1, 10**6)
    else:
        end = found.leading.at({"H": h})
        assert abs(nearer / end - 1) < Fraction(1, 10**9)


@given(laurents(), laurents())
@settings(max_examples=40)
def test_limits_of_polynomials_are_those_of_sympy(f: Num, g: Num) -> None:
    t = sympy_symbol("T")
    if not any("T" in atom.names for x in (f, g) for m in x.terms for atom, _ in m):  # type: ignore[union-attr]
        return
    x = sympy.Symbol("x", positive=True)
    oracle = sympy.limit((to_sympy(f) / to_sympy(g)).subs(t, x), x, sympy.oo)
    assert sympy.cancel(limit(f, "T", g).sympy - oracle) == 0 or limit(f, "T", g).sympy == oracle


@given(laurents(), st.integers(1, 3), st.integers(1, 3))
def test_orders_are_what_scaling_multiplies_by(f: Num, b: int, t: int) -> None:
    """With B = t**b and T = t**t, the terms of an order are multiplied by s**degree when t is by s."""
    scaling = {"B": b, "T": t}
    for order, terms in by_order(growing(f, scaling), scaling).items():
        here = evaluate(terms, {"B": 3, "T": 5, "alpha": 7})
        there = evaluate(terms, {"B": 3 * 2**b, "T": 5 * 2**t, "alpha": 7})
        assert there == here * Fraction(2) ** int(order.degree)


def test_the_quotients_of_sizes_that_grow_together_stay() -> None:
    macs = 12 * B * E**2 * L * T + 2 * B * E * L * T**2 + B * E * T * V
    assert str(limit(macs, ["E", "T"], 2 * B * E**2 * L * T)) == "6 + T/E"
    assert str(limit(macs, {"E": 1, "T": 2}, B * E * L * T**2)) == "2"
    assert str(limit(macs, {"E": 2, "T": 1}, B * E * L * T**2)) == "infinity"


def test_what_stands_in_an_exponent_outgrows_all_powers() -> None:
    widths = raised(2, L) * E
    assert str(limit(widths, "L", L**9)) == "infinity"
    assert str(limit(L**9, "L", widths)) == "0"
    assert limit(3 * widths + L**3, "L", widths).sympy == 3
    assert str(limit(raised(3, L), "L", raised(2, L))) == "infinity"
    assert str(limit(raised(Fraction(1, 2), L) + 5, "L")) == "5"


def test_floors_of_sizes_that_stay_are_left() -> None:
    f = C**2 * ceil_div(T, 32) + C * floor_div(T, 2)
    assert limit(f, "C", C**2).sympy == sympy.ceiling(sympy_symbol("T") / 32)
    assert str(limit(f, "T", T)) == "C**2/32 + C/2"


def test_of_a_maximum_stays_what_can_be_the_largest_in_the_end() -> None:
    peak = maximum([C**2 * 3, C * 1000 + E, ceil_div(C, 2) * C * 7], {}) + C
    assert str(limit(peak, "C", C**2)) == "7/2"
    assert str(limit(peak, "E", E)) == "1"
    both = maximum([C * E + 7, C * B + C - 3, E * 5], {})
    assert str(limit(both, "C", C)) == "max(B + 1, E)"
    inside = make_divisible(maximum([3 * C + 1, E + 2], {}) * Fraction(3, 2), 4) + ceil_div(C, 3)
    assert (str(limit(inside, "C", C)), str(limit(C, "C", inside))) == ("29/6", "6/29")
    assert str(limit(both * C + B, "C", C)) == "infinity"
    assert str(limit(both * C + B, "C", C**3)) == "0"


@pytest.mark.parametrize("seed", range(60))
def test_limits_of_maxima_are_what_huge_sizes_come_near_to(seed: int) -> None:
    r = Random(seed)  # noqa: S311
    f = maximum([random_formula(r, gcds=False) for _ in range(3)], {}) + C
    g, h = random_formula(r, gcds=False) + C, r.randint(1, 9)
    found = limit(f, "C", g)
    near, nearer = (Fraction(evaluate(f, {"C": c, "H": h})) / evaluate(g, {"C": c, "H": h}) for c in (HUGE, HUGE**2))
    if found.order == CONSTANT:
        assert abs(nearer / found.leading.at({"H": h}) - 1) < Fraction(1, 10**9)
    else:
        assert (nearer > near * 10**9) if found.order > CONSTANT else (nearer * 10**9 < near)


def test_sympy_quotients_are_taken() -> None:
    cost = load("resnet50").cost()
    h, w = cost.symbol("H"), cost.symbol("W")
    found = limit(6 * cost.macs / cost.params, "C").sympy
    assert found.subs({h: 224, w: 224, cost.symbol("B"): 1}) == sympy.Rational(103 * 224 * 224, 5088)
    assert limit(cost.params / cost.macs, {h: sympy.oo, w: sympy.oo}).sympy == 0


@pytest.mark.parametrize(
    ("f", "to", "message"),
    [
        (T, "E", "nothing depends on 'E' here; there are T"),
        (T, [], "give the size that grows, or several with the power above 0 as which each grows"),
        (T, {"T": 0}, "give the size that grows, or several with the power above 0 as which each grows"),
        (gcd(T, 8) * E, "T", "'gcd(T, 8)' has no limit as T grows"),
        (ceil_div(T, 2) - T * Fraction(1, 2), "T",
         "leading terms cancel, and what is left depends on how floors come out"),
        (raised(2, L * T), "T", "no limit along T, which stands in '2**(L*T)'"),
    ],
)  # fmt: skip
def test_questions_without_meaning(f: Num, to: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        limit(f, to)
    assert str(refused.value) == message


def test_a_gcd_below_the_leading_terms_does_not_matter() -> None:
    assert str(limit(3 * T**2 + T * gcd(T, 8), "T", T**2)) == "3"
    found = asymptotics(load("vgg16"), "flops", "H", per="params")
    assert found.limit.order == Order(Fraction(1), Fraction(1)) and len(found.orders) == 2


def test_the_sign_of_an_infinite_limit_may_follow_from_the_sizes() -> None:
    assert str(limit(C * T - C, "C", box={"T": (2, None)})) == "infinity"
    text = str(asymptotics(load("vgg"), "flops", "B", per="params"))
    assert "(flops)/(params) -> infinity" in text


def test_an_infinite_limit_needs_a_sign() -> None:
    found = limit(T * E - T * B, "T")
    with pytest.raises(UsageError) as refused:
        str(found)
    assert str(refused.value) == "the sign of the infinite limit depends on the sizes: it is that of -B*T + E*T"
    assert str(limit(-T, "T")) == "-infinity"


def test_asymptotics_of_a_gpt_in_words() -> None:
    cost = load("gpt2").cost()
    found = asymptotics(cost, "6*macs", "E", per="params*B*T")
    assert str(found).splitlines() == [
        "6*macs as E grows, all other sizes fixed",
        "grows as  times                  share",
        "--------  ---------------------  --------------",
        "E**2      72*B*L*T               ███▋    59.6 %",
        "E         12*B*L*T**2 + 6*B*T*V  ██▍     40.4 %",
        "6*macs ~ 72*B*E**2*L*T",
        "(6*macs)/(params*B*T) -> 6",
        "here it is 6.866, and the limit is 6",
    ]
    assert found.limit.sympy == 6
    assert found.ratio_at() == Fraction(6 * cost.at().macs, cost.at().params * 1024)


def test_asymptotics_as_json_and_page() -> None:
    network = load("gpt2")
    found = asymptotics(network, "flops", "T", per="B*T", at={"T": 512})
    data = json.loads(json.dumps(answer(network, network.cost(), found).data))
    assert [term["order"] for term in data["orders"]] == ["T**2", "T"]
    assert data["per_unit"] == {"per": "B*T", "limit": "infinity", "order": "T", "at": str(found.ratio_at())}
    assert data["bindings"]["T"] == 512
    assert max(map(len, str(answer(network, network.cost(), found)).splitlines())) <= 100


def test_what_does_not_grow() -> None:
    with pytest.raises(UsageError) as refused:
        asymptotics(load("resnet50"), "elementwise.erf", "C")
    assert str(refused.value) == "resnet50: elementwise.erf is 0, so it does not grow"
    with pytest.raises(UsageError) as refused:
        asymptotics(load("resnet50"), "params", "H")
    assert str(refused.value) == "nothing depends on 'H' here; there are C, K"
