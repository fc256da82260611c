"""Budgets of expressions in metrics and sizes."""

from __future__ import annotations

import pytest

import symcost
from symcost.errors import NoAnswer, UsageError


def test_a_multiple_of_a_metric_is_that_metric() -> None:
    network = symcost.load("resnet50").cost()
    plain = symcost.solve(network, for_="C", budgets=["macs <= 2G"])
    twice = symcost.solve(network, for_="C", budgets=["2*macs <= 4G"])
    assert plain.answer == twice.answer == 44
    assert twice.value["2*macs"] == 2 * plain.value["macs"]


def test_weights_and_cache_in_one_budget() -> None:
    """By hand: 2 bytes for each of 8,030,261,248 weights, and 131,072 for each token of each sequence."""
    network = symcost.load("llama3_8b").cost(decode=True)
    text = "2*params + 2*kv_cache <= 80G"
    found = symcost.solve(network, for_="B", budgets=[text], at={"S": 8191})
    assert found.answer == (80 * 10**9 - 2 * 8_030_261_248) // (131_072 * 8192) == 59
    assert found.binding == (text,)
    lines = str(found).splitlines()
    assert lines[0] == "B = 59: 2*params + 2*kv_cache = 79,411,290,112 <= 80,000,000,000; B = 60 gives 80,485,031,936"


def test_a_cache_that_stops_to_grow_has_no_greatest() -> None:
    network = symcost.load("mistral_7b").cost(decode=True)
    with pytest.raises(NoAnswer) as error:
        symcost.solve(network, for_="S", budgets=["2*kv_cache <= 24G"])
    assert str(error.value).startswith("there is no greatest S: every S from 4096 on meets 2*kv_cache <= 24G")


def test_several_budgets_have_names_of_their_own_in_forms() -> None:
    network = symcost.load("llama3_8b").cost("torch", decode=True)
    found = symcost.solve(network, for_="S", budgets=["2*kv_cache <= 24G", "flops <= 30G"])
    assert found.answer == 28_591
    assert found.closed_form is not None
    assert {str(s) for s in found.closed_form.free_symbols} >= {"budget_1", "budget_flops"}


def test_an_optimum_within_an_expression() -> None:
    network = symcost.load("llama3_8b").cost(decode=True)
    most = (80 * 10**9 - 2 * 8_030_261_248) // 131_072  # tokens and one new one for each sequence
    found = symcost.optimize(
        network, "B=1:16,S=10000:80000:10000", maximize="B*S", budgets=["2*params + 2*kv_cache <= 80G"]
    )
    designs = ((B, S) for B in range(1, 17) for S in range(10_000, 90_000, 10_000))
    by_hand = max(B * S for B, S in designs if most >= B * (S + 1))
    assert found.value == by_hand


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "2*kv_cash <= 24G",
            "budget '2*kv_cash': there is no metric or free symbol 'kv_cash'; did you mean 'kv_cache'?; symbols are ",
        ),
        ("2*(macs <= 24G", "budget '2*(macs': '(' at column 3 is never closed"),
    ],
)
def test_refusals(text: str, line: str) -> None:
    network = symcost.load("llama3_8b").cost(decode=True)
    with pytest.raises(UsageError) as error:
        symcost.solve(network, for_="S", budgets=[text])
    assert str(error.value).startswith(line)


def test_a_size_without_effect_is_no_unknown() -> None:
    with pytest.raises(UsageError) as error:
        symcost.solve(symcost.load("llama3_8b").cost(), for_="S", budgets=["2*kv_cache <= 24G"])
    assert str(error.value) == "nothing depends on S with decode = false; change that"
