"""What has no answer or no meaning is refused in one line that says what would have one."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.needs import Divides, Equal
from symcost.algebra.poly import Num, symbol
from symcost.algebra.rounding import gcd
from symcost.cost import Cost
from symcost.errors import NoAnswer, SpecError, SymcostError, UsageError
from symcost.solver import solve
from symcost.spec.symbols import Symbol
from tests.solver.fake import C, H, cost_of, resnet50

RESNET = resnet50()
Arguments = dict[str, Any]


def macs(formula: Num, *needs: Divides | Equal, **fields: Any) -> Cost:
    return cost_of({"macs": formula, "params": 3 * C}, {"C": Symbol(**fields)}, needs)


def small(*needs: Divides | Equal) -> Cost:
    symbols = {"C": Symbol(default=64), "H": Symbol(default=32), "alpha": Symbol(kind="ratio", default=1)}
    return cost_of({"macs": C * H * symbol("alpha", "ratio")}, symbols, needs)


NO_ANSWER: dict[str, tuple[Callable[[], Cost], Arguments]] = {
    "no C meets macs <= 1k: the least is 2,844,992 MACs, at C = 1": (lambda: RESNET, {"budgets": "macs <= 1k"}),
    "no C meets macs < 36: the least is 36 MACs, at C = 6": (
        lambda: macs(C**2 - 12 * C + 72),
        {"budgets": "macs < 36"},
    ),
    "no C meets macs >= 1k: the greatest is 25 MACs, at C = 5": (lambda: macs(C**2, max=5), {"budgets": "macs >= 1k"}),
    "no C meets macs >= 300: the greatest is 225 MACs, at C = 15": (
        lambda: macs(30 * C - C**2),
        {"budgets": "macs >= 300"},
    ),
    "no C meets macs = 2G: C = 44 gives 1,958,573,056 and C = 45 gives 2,046,692,160": (
        lambda: RESNET,
        {"budgets": "macs = 2G"},
    ),
    "no C meets macs == 0: the least is 1 MACs, at C = 1": (lambda: macs(C), {"budgets": "macs == 0"}),
    "no C meets params <= 2: the least is 3 params, at C = 1": (
        lambda: macs(C),
        {"budgets": ["macs <= 9", "params <= 2"]},
    ),
    "no C meets all budgets: macs >= 2G takes C >= 45; params <= 1M takes C <= 10": (
        lambda: RESNET,
        {"budgets": ["macs >= 2G", "params <= 1M"]},
    ),
    "no C meets all budgets: macs == 9 takes C = 3; macs >= 10 takes C >= 4": (
        lambda: macs(C**2),
        {"budgets": ["macs == 9", "macs >= 10"]},
    ),
    "there is no greatest C: every C from 1 on meets macs >= 1k; ask for the smallest, or give a range": (
        lambda: RESNET,
        {"budgets": "macs >= 1k"},
    ),
    "there is no greatest C: every C from 46 on meets macs > 2046692160; ask for the smallest, or give a range": (
        lambda: RESNET,
        {"budgets": "macs > 2046692160"},
    ),
    "there is no greatest C: C without end meets macs <= 9; ask for the smallest, or give a range": (
        lambda: macs((gcd(C, 2) - 1) * C),
        {"budgets": "macs <= 9"},
    ),
    "no budget depends on H: 25,557,032 params for every H": (lambda: RESNET, {"for_": "H", "budgets": "params <= 1M"}),
    "no C from 17 to 31 is allowed: it must be a multiple of 16": (
        lambda: macs(C, multiple_of=16),
        {"budgets": "macs <= 9", "between": (17, 31)},
    ),
    "no C from 1 on is allowed: it needs 2 divides C and it needs C is odd": (
        lambda: macs(C, Divides(2, C), Equal(2 * floor_div(C, 2) + 1, C)),
        {"budgets": "macs <= 9"},
    ),
    "gave up on C after 300 steps, with values left that are neither proved nor ruled out; "
    "a range (between) makes the search shorter": (
        lambda: macs(C * (2 * ceil_div(C, 2) - C)),
        {"budgets": "macs <= 9"},
    ),
}
USAGE: dict[str, Arguments] = {
    "there is no free symbol 'c'; did you mean 'C'?; free are C, H, alpha": {"for_": "c"},
    "C is the unknown, and is given as 3 too; leave one out": {"at": {"C": 3}},
    "give at least one budget, such as 'macs <= 2G'": {"budgets": []},
    "budget 'macs < x': 'x' is not a number such as 2G, 25.5M, 2e9 or 16Gi": {"budgets": "macs < x"},
    "C is a whole number: give multiple_of in place of step": {"step": 1},
    "multiple_of must be a positive whole number for C, got 0": {"multiple_of": 0},
    "multiple_of must be a positive whole number for C, got 3/2": {"multiple_of": Fraction(3, 2)},
    "multiple_of: takes exact numbers; write 8.0 as text or as a fraction": {"multiple_of": 8.0},
    "multiple_of takes a number, got 'True'": {"multiple_of": True},
    "between is empty: 9 is above 8": {"between": (9, 8)},
    "alpha is a ratio: give step, such as '1/8', in place of multiple_of": {"for_": "alpha", "multiple_of": 2},
    "step must be above 0, got -1": {"for_": "alpha", "step": -1},
}
WITH = {"for_": "C", "budgets": "macs <= 9"}


@pytest.mark.parametrize("line", NO_ANSWER)
def test_no_answer(line: str) -> None:
    make, arguments = NO_ANSWER[line]
    with pytest.raises(NoAnswer) as refused:
        solve(make(), **{**WITH, **arguments})
    assert str(refused.value) == line
    assert refused.value.exit_code == 1


@pytest.mark.parametrize("line", USAGE)
def test_no_meaning(line: str) -> None:
    with pytest.raises(UsageError) as refused:
        solve(small(), **{**WITH, **USAGE[line]})
    assert str(refused.value) == line
    assert refused.value.exit_code == 2


def test_a_value_of_another_size_is_checked_as_elsewhere() -> None:
    def line(at: dict[str, Any], *needs: Divides) -> str:
        with pytest.raises(SymcostError) as refused:
            solve(small(*needs), "C", "macs <= 9", at)
        assert isinstance(refused.value, SpecError)
        return str(refused.value)

    assert line({"h": 3}) == "net: there is no free symbol 'h'; did you mean 'H'?; free are H, alpha"
    assert line({"H": 0}).startswith("net: H = 0 is not ")
    assert line({"H": 20}, Divides(16, H)) == "net: H = 20 is refused at node 'node': needs 16 divides H"


def test_a_condition_on_the_unknown_is_no_matter_of_the_others() -> None:
    assert solve(small(Divides(H, 8 * C)), "C", "macs <= 1k", {"H": 32}).answer == 28
