"""Sizes within budgets in JavaScript against ``symcost.solve``."""

from __future__ import annotations

from pathlib import Path

import pytest

from symcost import load
from symcost.explorer import model
from tests.explorer.points import Faults
from tests.explorer.questions import answered, asked

KINDS = ("resnet50", "llama3-8b", "mobilenet_v1", "unet_valid", "swin_t", "coatnet_0_rw_224", "yolov8n")
ODD = str(Path(__file__).with_name("odd.yaml"))
"""A network whose metrics may turn back along its symbols."""
USUAL = ("params", "macs", "flops", "activations", "infer_bytes")


def test_answers_are_those_of_python(faults: Faults) -> None:
    """The value, what it has, the value beyond, what that breaks; and why there is no answer."""
    costs = [load(name).cost() for name in (*KINDS, ODD)]
    cases = [asked(cost, model(cost, USUAL), 24) for cost in costs]
    questions = [question for found in cases for question in found["questions"]]
    assert sum("found" in question for question in questions) > 90
    assert sum(question.get("found", {}).get("next") is None for question in questions) > 10
    found = faults("solving", cases)
    assert [line for line in found if not line.startswith("weaker")] == []
    assert len(found) < len(questions) // 50


@pytest.mark.parametrize(
    ("symbol", "budgets", "smallest"),
    [
        ("C", ["macs <= 2G"], False),
        ("H", ["macs < 2 GMACs", "params <= 26M params"], False),
        ("H", ["infer_bytes <= 1 GiB"], False),
        ("K", ["params >= 25.5e6"], True),
        ("B", ["params <= 1k"], False),
        ("H", ["macs <= 1k"], False),
        ("C", ["macs <= 1G", "params >= 1G"], False),
    ],
)  # fmt: skip
def test_budgets_are_read_alike(faults: Faults, symbol: str, budgets: list[str], smallest: bool) -> None:
    cost = load("resnet50").cost()
    questions = [answered(cost, symbol, budgets, smallest=smallest)]
    assert faults("solving", [{"model": model(cost, USUAL), "questions": questions}]) == []


@pytest.mark.parametrize("name", ["resnet50", "swin_t", "vit_b_16", "unet_valid"])
@pytest.mark.parametrize("budget", ["macs <= 9G", "activations < 30M", "macs >= 40G", "macs <= 1"])
def test_sizes_may_follow_the_unknown(faults: Faults, name: str, budget: str) -> None:
    cost = load(name).cost()
    height, width = ("h", "w") if name == "unet_valid" else ("H", "W")
    questions = [answered(cost, height, [budget], ties=width, smallest=">" in budget)]
    assert faults("solving", [{"model": model(cost, USUAL[1:4]), "questions": questions}]) == []


def test_a_greatest_value_beyond_sight_is_not_made_up(faults: Faults, tmp_path: Path) -> None:
    """Where a metric turns back for ever, none is answered; Python knows why, by its period."""
    spec = tmp_path / "gcd.yaml"
    spec.write_text(
        "symcost: 1\nname: Gcd\nsymbols: {B: 2, C: 48}\ninputs: {x: [B, 16]}\nmodel: [linear: 'gcd(C, 6)']\n"
    )
    cost = load(str(spec)).cost()
    questions = [answered(cost, "C", [budget]) for budget in ("params < 40", "macs <= 1G", "params >= 30")]
    assert all("refused" in question for question in questions)
    found = faults("solving", [{"model": model(cost, ("params", "macs")), "questions": questions}])
    assert all(line.startswith("weaker") for line in found)
