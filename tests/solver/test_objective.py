"""Objectives: metrics, and expressions in metrics and symbols."""

from __future__ import annotations

import pytest

from symcost.algebra.extent import floor_div
from symcost.errors import UsageError
from symcost.solver.objective import Objective
from symcost.spec.symbols import Symbol
from tests.solver.fake import B, C, H, K, cost_of, resnet50

COST = resnet50()


def test_a_metric() -> None:
    goal = Objective("macs")
    assert goal.formula(COST) == COST.poly("macs")
    assert (goal.unit, goal.priced, str(goal)) == ("MACs", False, "minimize macs")
    assert Objective("flops").priced


def test_an_expression() -> None:
    goal = Objective("2*macs + C*K", maximize=True)
    assert goal.formula(COST) == 2 * COST.poly("macs") + C * K
    assert (goal.unit, goal.metrics, str(goal)) == ("", ("macs",), "maximize 2*macs + C*K")
    assert Objective("flops/2 + 1").priced
    assert Objective("H // 32").formula(COST) == floor_div(H, 32)


def test_values_are_put_in() -> None:
    at = {"C": 64, "K": 1000}
    assert Objective("params").formula(COST, at) == 5724 * 64**2 + 32 * 64 * 1000 + 977 * 64 + 1000
    assert Objective("params * B").formula(COST, at) == (5724 * 64**2 + 32 * 64 * 1000 + 977 * 64 + 1000) * B
    assert Objective("C * depth").formula(COST, {"depth": 50}) == 50 * C


def test_the_metric_wins_over_a_symbol_of_its_name() -> None:
    cost = cost_of({"params": 3 * H}, {"H": Symbol(), "params": Symbol()})
    assert Objective("params + 0").formula(cost) == 3 * H


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "mac",
            (
                "objective 'mac': there is no metric or free symbol 'mac'; did you mean 'macs'?; "
                "symbols are B, H, W, C, K"
            ),
        ),
        ("C*", "objective 'C*': a value is missing after '*'"),
        (
            "C > 3",
            (
                "objective 'C > 3': cannot decide C > 3 for every value of C; "
                "fix C to decide it, by a value or by kind: constant"
            ),
        ),
        ("3 > 2", "objective '3 > 2' is true or false, and a number is asked for"),
        (
            "macs/params",
            ("objective 'macs/params': the division leaves a rest; divide by a number or by a single product"),
        ),
        (
            "__import__('os')",
            ('objective "__import__(\'os\')": "\'" at column 12 has no meaning in an expression; text has no value'),
        ),
    ],
)
def test_refusals(text: str, line: str) -> None:
    with pytest.raises(UsageError) as refused:
        Objective(text).formula(COST)
    assert str(refused.value) == line
