"""Dominance against trying every place of a small box."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from symcost import UsageError, dominance, load
from symcost.algebra.extent import ceil_div
from symcost.algebra.needs import AtLeast
from symcost.algebra.poly import evaluate, symbol
from symcost.spec.symbols import Symbol
from tests.calculus.formulas import C, H, random_formula
from tests.solver.fake import cost_of

SIDE = 24


@pytest.mark.parametrize("seed", range(300))
def test_the_verdict_is_that_of_trying(seed: int) -> None:
    r = Random(seed)  # noqa: S311
    f, g = random_formula(r), random_formula(r)
    found = dominance(f, g, between=dict.fromkeys(_names(f, g), (1, SIDE)))
    places = [{"C": c, "H": h} for c, h in product(range(1, SIDE + 1), repeat=2)]
    holds = all(evaluate(f - g, place) >= 0 for place in places)
    assert found.verdict is holds
    if found.witness is not None and found.values is not None:
        place = {"C": 1, "H": 1, **found.witness}
        assert found.values == (evaluate(f, place), evaluate(g, place)) and found.values[0] < found.values[1]


def _names(f: object, g: object) -> list[str]:
    from symcost.algebra.poly import symbols_of

    return sorted(symbols_of(f - g))  # type: ignore[operator]


def test_without_end() -> None:
    assert str(dominance(C * H, ceil_div(H, 2))) == "f >= g for all C >= 1, H >= 1: proved, in 1 step"
    assert dominance(3 * C**2, C**2 + 2 * C).verdict is True
    assert str(dominance(C**2, 100 * C)) == "not f >= g: at C = 1 f is 1 and g is 100"


def test_work_is_limited_where_asked() -> None:
    f, g = C**2 + 10**9, 1000 * ceil_div(C, 3) * H
    assert dominance(f, g, between={"C": (1, 500), "H": (1, 90)}, work=1).boxes == 1
    found = dominance(f, g, between={"C": (1, 500), "H": (1, 90)})
    assert found.verdict is True
    assert str(dominance(f, g, between={"C": (1, 10**5), "H": (10, 90)}, work=1)).endswith("gave up after 1 step")


def test_one_size_far_out_is_found_at_once() -> None:
    found = dominance(10**5 * C, C + H)
    assert (found.verdict, found.witness) == (False, {"C": 1, "H": 10**5})


def test_a_place_is_one_that_the_spec_allows() -> None:
    cost = cost_of({}, {"C": Symbol(multiple_of=8, max=64), "H": Symbol(default=1)}, [AtLeast(C, 30)])
    assert dominance(C, 32, of=cost).verdict is True
    found = dominance(C, 33, of=cost)
    assert found.witness == {"C": 32}


def test_wider_resnets_do_more_work() -> None:
    wide, narrow = load("resnet50").cost(), load("resnet18").cost()
    assert dominance(wide.poly("params"), narrow.poly("params"), of=wide, names=("resnet50", "resnet18"))
    found = dominance(wide.poly("macs"), narrow.poly("macs"), of=wide)
    assert found.verdict is True
    assert found.to_json()["witness"] is None


def test_a_range_for_another_size_is_refused() -> None:
    with pytest.raises(UsageError) as refused:
        dominance(C, 3, between={"T": (1, 2)})
    assert str(refused.value) == "the difference does not depend on 'T'; give no range for it"


def test_a_size_that_falls_out_of_the_difference_has_a_value_all_the_same() -> None:
    found = dominance(C + H, 9 + H)
    assert (found.verdict, found.witness, found.values) == (False, {"C": 1}, (2, 10))
    cost = cost_of({}, {"C": Symbol(), "H": Symbol(default=5)})
    assert dominance(C + H, 9 + H, of=cost).values == (6, 14)


def test_ratios_are_real() -> None:
    alpha = symbol("alpha", "ratio")
    assert dominance(alpha, alpha**2, between={"alpha": (0, 1)}).verdict is not False
    assert dominance(alpha, alpha**2, between={"alpha": (0, 2)}).verdict is False
