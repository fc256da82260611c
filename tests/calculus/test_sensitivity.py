"""Sensitivities of shipped networks: parts weighted with shares are the whole, steps are what evaluation gives."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import lru_cache
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost import SpecError, UsageError, load, sensitivity
from symcost.algebra.extent import floor_div
from symcost.algebra.maximum import maximum
from symcost.algebra.needs import Equal
from symcost.algebra.poly import evaluate
from symcost.algebra.power import raised
from symcost.algebra.rounding import make_divisible
from symcost.calculus.response import Part, Sensitivity
from symcost.cost import Cost
from symcost.graph.listing import telling_depth
from symcost.spec.symbols import Symbol
from symcost.views.sensitivity import sensitivity as answer
from tests.solver.fake import C, H, cost_of

NETWORKS = ("gpt2", "resnet50", "mobilenet_v2", "unet", "densenet121", "squeezenet1_0")
cost_named = lru_cache(lambda name: load(name).cost())


@given(
    st.sampled_from(NETWORKS), st.sampled_from(["params", "macs", "flops", "activations"]),
    st.sampled_from(["block", "node", "op"]), st.integers(1, 8), st.integers(1, 40),
)  # fmt: skip
@settings(max_examples=60)
def test_parts_weighted_with_their_shares_are_the_whole(name: str, metric: str, by: str, b: int, k: int) -> None:
    cost: Cost = cost_named(name)
    at: dict[str, Any] = {"B": b} | ({"L": k} if name == "gpt2" else {"H": 32 * k})
    found = sensitivity(cost, metric, at, by=by, depth=2)
    assert sum(part.amount for part in found.parts) == found.total.amount
    for size in found.sizes:
        weighted = ((part.elasticity_at(size) or 0) * Fraction(part.amount) for part in found.parts)
        assert sum(weighted) == (found.total.elasticity_at(size) or 0) * found.total.amount


@pytest.mark.parametrize("name", NETWORKS)
def test_steps_are_what_evaluation_gives(name: str) -> None:
    cost: Cost = cost_named(name)
    found = sensitivity(cost, "macs")
    here = cost.at().macs
    for step in found.steps:
        beyond = first_allowed(cost, step.size, step.value)
        assert step.next == beyond
        if beyond is not None:
            assert step.change == Fraction(cost.at(**{step.size: beyond}).macs) / here - 1
        if step.double is not None:
            assert step.double == Fraction(cost.at(**{step.size: 2 * step.value}).macs) / here


def first_allowed(cost: Cost, size: str, value: int | Fraction) -> int | Fraction | None:
    """Return the first greater value that evaluation takes, trying a few hundred."""
    step = Fraction(1, 100) if cost.symbols[size].kind == "ratio" else 1
    for i in range(1, 800):
        try:
            cost.bindings({size: value + i * step})
        except SpecError:
            continue
        return value + i * step
    return None


def test_the_elasticity_of_a_gpt_in_its_length() -> None:
    cost = cost_named("gpt2")
    e, ell, t, v = (cost.symbol(name) for name in "ELTV")
    found = sensitivity(cost, "macs").elasticity("T").sympy
    assert found == (12 * ell * e + 4 * ell * t + v) / (12 * ell * e + 2 * ell * t + v)


def test_the_parts_of_resnet_rise_with_the_square_of_the_width() -> None:
    found = sensitivity(cost_named("resnet50"), "macs", by="block")
    parts = {part.name: part for part in found.parts}
    assert [parts[f"stage_{i}"].elasticity_at("C") for i in (2, 3, 4)] == [2, 2, 2]
    assert parts["linear"].elasticity_at("C") == parts["linear"].elasticity_at("K") == 1
    assert parts["max_pool2d"].elasticity_at("C") is None
    assert sympy.limit(found.elasticity("C").sympy, cost_named("resnet50").symbol("C"), sympy.oo) == 2


def test_how_far_the_smooth_form_is_off() -> None:
    cost = cost_named("resnet50")
    assert sensitivity(cost, "macs").rounding == 0
    found = sensitivity(cost, "macs", {"H": 225})
    assert found.rounding == Fraction(found.total.amount) / cost.at(H=225).macs - 1 < 0


def test_tables_and_json() -> None:
    found = sensitivity(cost_named("gpt2"), "flops", by="op")
    text = str(answer(load("gpt2"), cost_named("gpt2"), found, formulas=True))
    assert max(map(len, text.splitlines())) <= 100
    assert "T cannot grow here: it needs P >= T" in text
    assert "d log flops / d log B = 1" in text
    data = json.loads(json.dumps(found.to_json()))
    assert Fraction(data["elasticity"]["T"]) == found.total.elasticity_at("T")
    assert [row["op"] for row in data["rows"]] == [part.name for part in found.parts]
    assert data["formula"]["P"] == "0" and data["elasticity"]["P"] == "0"
    assert "text/html" in found._repr_mimebundle_()
    assert len(str(found).splitlines()) == len(found.parts) + 5


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"sizes": ["X"]}, "there is no free symbol 'X'; free are B, H, W, C, K"),
        ({"by": "layer"}, "there is no break-down by 'layer'; there are total, block, node and op"),
        ({"metric": "elementwise.erf"}, "resnet50: elementwise.erf is 0 here, so it has no elasticities"),
    ],
)
def test_questions_without_meaning(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        sensitivity(cost_named("resnet50"), **asked)
    assert str(refused.value) == message


def test_a_size_with_a_greatest_value_cannot_grow() -> None:
    cost = cost_of({"macs": C * H}, {"C": Symbol(default=8, max=8), "H": Symbol(default=2)})
    first = sensitivity(cost, "macs").steps[0]
    assert (first.next, first.change, first.double, first.barred) == (None, None, None, "C <= 8")


def test_a_search_that_gave_up_is_not_a_size_that_cannot_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symcost.solver.search.LIMIT", 20)
    need = Equal(make_divisible(C, 8) ** 2, C**2 - floor_div(C, 9))
    cost = cost_of({"macs": C * H}, {"C": Symbol(default=8), "H": Symbol(default=2)}, [need])
    found = sensitivity(cost, "macs", sizes=["C"])
    assert (found.steps[0].next, found.steps[0].open, found.steps[0].barred) == (None, True, "")
    text = str(answer(load("gpt2"), cost, found))
    assert "gave up on the next value of C that is allowed" in text and "cannot grow" not in text


def test_of_a_maximum_it_is_that_of_the_largest() -> None:
    peak = maximum([C**2 * H, 64 * C * H**2], {})
    cost = cost_of({"macs": peak}, {"C": Symbol(default=8), "H": Symbol(default=8)})
    assert [sensitivity(cost, "macs").total.elasticity_at(size) for size in "CH"] == [1, 2]
    assert [sensitivity(cost, "macs", {"C": 1000}).total.elasticity_at(size) for size in "CH"] == [2, 1]
    with pytest.raises(UsageError) as refused:
        sensitivity(cost, "macs", {"C": 512})
    assert str(refused.value) == "'max(64*C*H**2, C**2*H)' has a kink here: 2 of these are as large"


def test_a_size_in_an_exponent_has_steps_and_no_elasticity() -> None:
    """d log 2**n / d log n is n log 2, which is not rational: it is refused, and the exact step is shown."""
    cost = cost_of({"macs": raised(2, H) * C}, {"C": Symbol(default=8), "H": Symbol(default=3)})
    found = sensitivity(cost, "macs")
    assert [found.total.elasticity_at(size) for size in "CH"] == [1, None]
    assert [(step.change, step.double) for step in found.steps] == [
        (Fraction(1, 8), Fraction(2)),
        (Fraction(1), Fraction(8)),
    ]
    assert found.to_json()["formula"] == {"C": "1", "H": None}
    with pytest.raises(UsageError) as refused:
        found.elasticity("H")
    assert str(refused.value) == "the formula is no polynomial in H, which stands in '2**H'"


def test_a_part_of_nothing_has_no_elasticity() -> None:
    part = Part("relu", 0, {"C": 3})
    assert part.elasticity_at("C") is None
    assert isinstance(sensitivity(load("lenet5")), Sensitivity)
    assert evaluate(part.smooth, {}) == 0 and telling_depth(cost_named("unet").graph) > 0
