"""Budgets that hold a metric from both sides: all values that meet them, and the answer among these."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
import sympy

import symcost
from symcost.algebra.extent import floor
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.cost import Cost
from symcost.errors import NoAnswer
from symcost.solver import Budget, solve
from symcost.spec.symbols import Symbol
from tests.solver.fake import C, cost_of, resnet50
from tests.solver.test_brute_force import TRIED, random_total

ALPHA = symbol("alpha", "ratio")
RESNET = resnet50()
PUBLISHED = {"569M": "1", "325M": "3/4", "149M": "1/2", "41M": "1/4"}
"""MobileNetV1, Table 6: mult-adds at 224 x 224 by width multiplier."""


def one(macs: Num, **fields: object) -> Cost:
    return cost_of({"macs": macs}, {"alpha": Symbol(kind="ratio", **fields)})


@pytest.mark.parametrize("figure", PUBLISHED)
def test_the_width_of_mobilenet_v1_is_recovered_from_its_published_count(figure: str) -> None:
    cost = symcost.load("mobilenet_v1").cost()
    found = solve(cost, "alpha", f"macs ~ {figure}")
    assert found.answer == Fraction(PUBLISHED[figure])
    assert found.admissible is not None
    assert found.admissible.interval.single
    counted = cost.at(alpha=Fraction(found.answer)).macs
    assert solve(cost, "alpha", f"macs == {counted}").answer == found.answer
    for side in (found.admissible.before, found.next):
        assert side is not None
        assert not found.budgets[0].meets(side["macs"])


def test_a_width_that_is_rounded_is_recovered_with_all_that_give_the_same() -> None:
    """MobileNetV2, as its authors publish it: 300M at 1, 209M at 0.75, 97M at 0.5."""
    cost = symcost.load("mobilenet_v2").cost()
    for figure, text in {"300M": "1", "209M": "3/4", "97M": "1/2"}.items():
        alpha = Fraction(text)
        found = solve(cost, "alpha", f"macs ~ {figure}")
        assert found.answer == alpha
        assert found.admissible is not None
        assert found.admissible.whole
        assert found.alike is not None
        assert alpha in found.alike


@pytest.mark.parametrize("seed", range(80))
def test_all_whole_numbers_that_meet_a_figure_are_found(seed: int) -> None:
    r = Random(seed)  # noqa: S311
    formula = random_total(r, r.choice([0, 0.3]))
    cost = cost_of({"macs": formula}, {"C": Symbol(max=TRIED), "H": Symbol(default=5)})
    near = Fraction(evaluate(formula, {"C": r.randint(1, 200), "H": 5}))
    budget = Budget("macs", "~", near, within=abs(near) * r.randint(1, 30) / 100 + 1)
    met = [c for c in range(1, TRIED + 1) if budget.meets(evaluate(formula, {"C": c, "H": 5}))]
    try:
        found = solve(cost, "C", budget, smallest=seed % 2 == 1)
    except NoAnswer as refused:
        line = str(refused)
    else:
        assert found.admissible is not None
        assert not found.admissible.values or list(found.admissible.values) == met
        assert found.answer == met[0 if seed % 2 else -1]
        assert found.admissible.whole == (found.admissible.whole and len(met) == met[-1] - met[0] + 1)
        before = found.admissible.before
        assert (before is None) == (met[0] == 1)
        assert (found.admissible.after is None) == (met[-1] == TRIED)
        return
    assert line.startswith(("gave up", "no budget depends on C"))


def test_in_words_and_for_programs() -> None:
    found = solve(RESNET, "C", "macs ~ 2.0G")
    first, second, *_ = str(found).splitlines()
    assert first == (
        "C = 45: 2,046,692,160 MACs ~ 2,000,000,000 (over 1,900,000,000, under 2,100,000,000); "
        "C = 43 gives 1,872,392,000 and C = 46 gives 2,136,749,312"
    )
    assert second == "C = 44, 45 all do"
    data = found.to_json()
    assert data["previous"] == {"C": 43, "macs": "1872392000"}
    least = solve(RESNET, "C", "macs ~ 2.0G", smallest=True)
    assert str(least).startswith("C = 44: ")
    assert f"; {first.partition('; ')[2]}\n" in str(least)
    assert [least.to_json()[side] for side in ("previous", "next")] == [data["previous"], data["next"]]
    assert data["admissible"] == {"from": "44", "to": "45", "count": 2, "values": [44, 45]}
    assert "all 23 values of C from 32 to 54 do" in str(solve(RESNET, "C", "macs ~ 2G"))
    wide = solve(cost_of({"macs": C}, {"C": Symbol()}), "C", "macs ~ 2M")
    assert wide.admissible is not None
    assert (wide.answer, wide.admissible.count, wide.admissible.values) == (2_999_999, None, ())
    assert "every C from 1000001 to 2999999 does" in str(wide)


def test_an_unmet_figure_names_its_neighbours() -> None:
    with pytest.raises(NoAnswer) as refused:
        solve(RESNET, "C", "macs ~ 2.00G")
    line = "no C meets macs ~ 2.00G: C = 44 gives 1,958,573,056 and C = 45 gives 2,046,692,160"
    assert str(refused.value) == line
    with pytest.raises(NoAnswer, match=r"^no C meets macs ~ 1k: the least is 2,844,992 MACs, at C = 1$"):
        solve(RESNET, "C", "macs ~ 1k")
    with pytest.raises(NoAnswer, match=r"^there is no greatest C: every C from 2 on meets macs ~ 5; "):
        solve(cost_of({"macs": 5 - C**-1}, {"C": Symbol()}), "C", "macs ~ 5")


# --- ratios that may be any fraction ------------------------------------------------------------------------


def test_the_simplest_fraction_is_found_where_any_would_do() -> None:
    cost = one(539_492_352 * ALPHA**2 + 29_248_000 * ALPHA)
    for figure, alpha in PUBLISHED.items():
        found = solve(cost, "alpha", f"macs ~ {figure}")
        assert found.answer == Fraction(alpha)
        assert found.admissible is not None
        tried = [Fraction(n, d) for d in range(1, Fraction(alpha).denominator + 1) for n in range(1, 2 * d)]
        met = [x for x in tried if found.budgets[0].meets(evaluate(cost.poly("macs"), {"alpha": x}))]
        assert met == [found.answer]
        interval = found.admissible.interval
        assert interval.high is not None
        for end, step in ((interval.low, -1), (interval.high, 1)):
            beyond = end + Fraction(step, 10**6)
            assert found.budgets[0].meets(evaluate(cost.poly("macs"), {"alpha": end}))
            assert not found.budgets[0].meets(evaluate(cost.poly("macs"), {"alpha": beyond}))


@pytest.mark.parametrize("seed", range(40))
def test_a_fraction_is_recovered_from_its_exact_cost(seed: int) -> None:
    r = Random(seed)  # noqa: S311
    x = Fraction(r.randint(1, 400), r.randint(1, 400))
    formula = r.randint(1, 99) * ALPHA ** r.choice([1, 2, 3]) + Fraction(r.randint(0, 50), 7) * ALPHA + r.randint(0, 9)
    limit = evaluate(formula, {"alpha": x})
    found = solve(one(formula), "alpha", Budget("macs", "==", limit))
    assert (found.answer, found.value["macs"]) == (x, limit)
    assert "the search of the Stern-Brocot tree is exact" in found.proof


def test_an_irrational_root_is_no_fraction() -> None:
    with pytest.raises(NoAnswer) as refused:
        solve(one(2 * ALPHA**2), "alpha", "macs == 1")
    assert str(refused.value) == "no fraction meets macs == 1: its alpha is irrational; ask for <= or ~"
    form = solve(one(2 * ALPHA**2), "alpha", "macs <= 1").closed_form
    assert form is not None
    assert form.subs(next(iter(form.free_symbols)), 1) == sympy.sqrt(2) / 2
    with pytest.raises(NoAnswer, match=r"^no alpha with a denominator up to 1,000,000,000,000 meets macs == 5$"):
        solve(one(ALPHA**2 * floor(7 * ALPHA)), "alpha", "macs == 5")


def test_budgets_that_exclude_each_other() -> None:
    cost = cost_of({"macs": ALPHA**2, "params": 3 * ALPHA}, {"alpha": Symbol(kind="ratio")})
    with pytest.raises(NoAnswer, match=r"^no fraction meets macs ~ 9 and params <= 1$"):
        solve(cost, "alpha", ["macs ~ 9", "params <= 1"])
    assert solve(cost, "alpha", ["macs ~ 9", "params <= 9"]).answer == 3
    assert solve(cost, "alpha", ["macs ~ 9"], between=("28/10", "29/10")).answer == Fraction(17, 6)


def test_what_turns_back_is_searched_in_steps() -> None:
    found = solve(one(ALPHA**2 - 2 * ALPHA + 5), "alpha", "macs == 4.01", between=(0, 5))
    assert found.answer == Fraction(9, 10)
    assert found.admissible is not None
    assert found.admissible.values == (Fraction(9, 10), Fraction(11, 10))
