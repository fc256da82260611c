"""The peak of a training step at sizes: it is the formula's value, and what is in memory adds up to it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import symcost
from symcost.algebra.poly import evaluate
from symcost.training_memory import training_peak

SETUPS: list[dict[str, Any]] = [
    {},
    {"checkpoint": "full", "precision": "mixed_bf16"},
    {"checkpoint": "selective", "micro_batches": 4},
    {"checkpoint": "every", "checkpoint_every": 3, "precision": "bf16"},
]


@pytest.mark.parametrize("setup", SETUPS)
@pytest.mark.parametrize("network", ["resnet50", "gpt2", "t5_small"])
def test_the_formula_and_its_parts(network: str, setup: dict[str, Any]) -> None:
    cost = symcost.load(network).under(**setup).cost()
    for sizes in ({"B": 1}, {"B": 3}):
        found = training_peak(cost, sizes)
        assert found.value == evaluate(cost.poly("step_peak_bytes"), found.at)
        assert sum(Fraction(part.bytes) for part in found.parts) == found.value


def test_what_is_said_of_resnet50() -> None:
    found = training_peak(symcost.load("resnet50").cost(), {"B": 32})
    assert (found.phase, found.node) == ("backward", "stage_4.repeat.block.relu_3")
    assert str(found).startswith("2,774,744,576 bytes at most, first while stage_4.repeat.block.relu_3 runs backward: ")
    assert found.table().total == ("total", "", found.value, None)
    assert {row["what"] for row in found.to_json()["live"]} == {"kept", "gradient", "input"}


def test_depths_at_which_rounds_are_written_out() -> None:
    """Two rounds, six, and many: the same formula."""
    cost = symcost.load("gpt2").cost()
    for L in (1, 2, 6, 7, 40):
        found = training_peak(cost, {"L": L, "T": 64})
        assert found.value == evaluate(cost.poly("step_peak_bytes"), found.at)


def test_the_loss_is_where_logits_are_many() -> None:
    found = training_peak(symcost.load("gpt2").cost())
    assert (found.phase, found.node) == ("loss", "")
    assert "first while the loss runs" in str(found)
