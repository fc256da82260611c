"""The cheapest knob against trying every value downwards."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import lru_cache
from typing import Any

import pytest

from symcost import NoAnswer, SpecError, UsageError, elasticity, knobs, load
from symcost.algebra.poly import evaluate
from symcost.cost import Cost
from symcost.spec.symbols import Symbol
from symcost.views.knobs import knobs as answer
from tests.solver.fake import B, C, H, cost_of

cost_named = lru_cache(lambda name: load(name).cost())


@pytest.mark.parametrize("by", [Fraction(1, 10), Fraction(1, 3)])
@pytest.mark.parametrize("name", ["resnet50", "densenet121", "squeezenet1_0", "gpt2", "word_lm"])
def test_each_size_goes_just_as_far_as_it_must(name: str, by: Fraction) -> None:
    cost: Cost = cost_named(name)
    found = knobs(cost, "macs", by, "params")
    assert {knob.size for knob in found.found} | found.others.keys() == cost.symbols.keys()
    env = cost.bindings()
    for size in cost.symbols:
        first = first_that_cuts(cost, size, env, by)
        knob = next((knob for knob in found.found if knob.size == size), None)
        assert (None if knob is None else knob.to) == first
        if knob is not None:
            to = {**env, size: knob.to}
            parts = [Fraction(evaluate(cost.poly(m), to)) / evaluate(cost.poly(m), env) for m in ("macs", "params")]
            assert [knob.cut, knob.kept] == [part - 1 for part in parts]
            rates = [elasticity(cost.poly(m), size).at(env) for m in ("params", "macs")]
            assert knob.rate == Fraction(rates[0]) / rates[1]
    assert [knob.kept for knob in found.found] == sorted((knob.kept for knob in found.found), reverse=True)


def first_that_cuts(cost: Cost, size: str, env: dict[str, Any], by: Fraction) -> int | None:
    limit = evaluate(cost.poly("macs"), env) * (1 - by)
    for value in range(env[size], 0, -1):
        if evaluate(cost.poly("macs"), {**env, size: value}) <= limit and allowed(cost, {**env, size: value}):
            return value
    return None


def allowed(cost: Cost, env: dict[str, Any]) -> bool:
    try:
        cost.bindings(env)
    except SpecError:
        return False
    return True


def test_a_size_may_have_to_grow() -> None:
    """With C channels in g groups, work is C**2/g: more groups are less of it."""
    g = Symbol(default=4, max=8)
    cost = cost_of(
        {"macs": C**2 * H**-1 * 100, "params": C * B}, {"C": Symbol(default=64), "H": g, "B": Symbol(default=1)}
    )
    found = {knob.size: knob for knob in knobs(cost, "macs", Fraction(1, 10), "params").found}
    assert (found["H"].to, found["H"].cut, found["H"].kept) == (5, Fraction(-1, 5), Fraction(0))
    assert (found["C"].to, found["C"].rate) == (60, Fraction(1, 2))


def test_the_cheapest_knob_of_resnet50_in_words() -> None:
    found = knobs(cost_named("resnet50"), by="10%")
    assert str(found).splitlines() == [
        "10 % less macs by one size, the least loss of params first",
        "size  value   to     macs   params   rate",
        "----  -----  ---  -------  -------  -----",
        "H       224  192  -14.3 %     +0 %      0",
        "W       224  192  -14.3 %     +0 %      0",
        "C        64   60  -11.9 %  -11.6 %  0.973",
        "B cannot: no B meets macs <= 3,680,265,830: the least is 4,089,184,256 MACs, at B = 1",
        "K cannot: no K meets macs <= 3,680,265,830: the least is 4,087,138,304 MACs, at K = 1",
    ]
    assert found.cheapest.size == "H"
    page = answer(load("resnet50"), cost_named("resnet50"), found)
    assert max(map(len, str(page).splitlines())) <= 100
    data = json.loads(json.dumps(page.data))
    assert data["knobs"][2]["to"] == "60" and Fraction(data["knobs"][2]["kept"]) == found.found[2].kept


def test_no_size_alone_may_do() -> None:
    cost = cost_of({"macs": B + 1000, "params": B}, {"B": Symbol(default=5)})
    found = knobs(cost, "macs", Fraction(1, 2))
    assert list(found.others) == ["B"]
    with pytest.raises(NoAnswer) as refused:
        found.cheapest  # noqa: B018 - it raises
    assert str(refused.value) == "no size alone brings macs down by 50 %"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"by": 2}, "a cut is by a part between 0 and 1, such as 1/10 or 10%, got 2"),
        ({"by": "100%"}, "a cut is by a part between 0 and 1, such as 1/10 or 10%, got 100%"),
        ({"by": "much"}, "by: takes a number: unknown name 'much'"),
        ({"cut": "elementwise.erf"}, "resnet50: elementwise.erf is 0 here, so no part of it can be cut or lost"),
    ],
)
def test_questions_without_meaning(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        knobs(cost_named("resnet50"), **asked)
    assert str(refused.value) == message
