"""Answers for shipped networks keep to their own certificates."""

from __future__ import annotations

import pytest

import symcost
from symcost.algebra.atoms import Number
from symcost.solver import solve

ASKED = {
    ("resnet50", "C", "macs <= 2G"): 44,
    ("resnet50", "H", "flops <= 8G"): None,
    ("mobilenet_v1", "alpha", "macs <= 300M"): None,
    ("mobilenet_v2", "alpha", "macs <= 200M"): None,
    ("unet", "H", "macs <= 100G"): None,
    ("densenet121", "k", "params <= 5M"): None,
}


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_the_answer_is_within_and_the_next_is_not(asked: tuple[str, str, str]) -> None:
    name, unknown, budget = asked
    cost = symcost.load(name).cost()
    found = solve(cost, unknown, budget)
    metric, limit = found.budgets[0].metric, found.budgets[0].limit

    def total(x: Number) -> Number:
        return cost.at(**{**found.at, unknown: x}).as_dict()[metric]

    assert ASKED[asked] in (None, found.answer)
    assert found.next is not None
    assert total(found.answer) == found.value[metric] <= limit
    assert total(found.next[unknown]) == found.next[metric] > limit


def test_a_network_stands_for_its_cost() -> None:
    resnet = symcost.load("resnet50")
    assert symcost.solve(resnet, for_="C", budgets="macs <= 2G").answer == 44
