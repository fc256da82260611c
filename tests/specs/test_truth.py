"""Every shipped network against independent tools, at every size they were run at.

``tests/data/models.jsonl`` holds the rows for the networks that a spec names in ``same_as``: parameters, and FLOPs by
torch's FlopCounterMode.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import symcost
from symcost.architecture import Architecture
from symcost.catalog import names

ROWS = Path(__file__).parent.parent / "data" / "models.jsonl"
SIZES = {"B": "batch", "H": "height", "W": "width", "T": "seq_len"}


@cache
def truth() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for line in ROWS.read_text().splitlines():
        row = json.loads(line)
        found.setdefault(f"{row['library']}/{row['model']}", []).append(row)
    return found


def counterparts() -> list[tuple[str, str]]:
    return [(name, other) for name in names() for other in symcost.load(name).same_as if other in truth()]


@cache
def cost(name: str) -> symcost.Cost:
    return symcost.load(name).cost("torch")


@pytest.mark.parametrize(("name", "other"), counterparts())
def test_params_and_flops_are_those_of_torch(name: str, other: str) -> None:
    for row in truth()[other]:
        sizes = {symbol: row[key] for symbol, key in SIZES.items() if key in row}
        totals = cost(name).at(**sizes)
        assert (totals.params, totals.flops) == (row.get("trainable", row["params"]), row["flops_torch"]), sizes


def test_every_network_asked_for_has_a_counterpart() -> None:
    covered = {name for name, _ in counterparts()}
    assert set(ASKED) <= covered, set(ASKED) - covered
    assert len(counterparts()) >= 40


def test_rows_at_hand_are_all_used() -> None:
    assert set(truth()) == {other for _, other in counterparts()}


ASKED = (
    *("alexnet", "vgg11", "vgg16", "vgg19"),
    *("resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "wide_resnet50_2", "resnext50_32x4d"),
    *("mobilenet_v2", "squeezenet1_0", "squeezenet1_1", "googlenet", "inception_v3"),
    *("densenet121", "densenet169", "densenet201", "efficientnet_b0", "shufflenet_v2_x1_0"),
    *("gpt2", "gpt2_medium", "gpt2_xl", "distilgpt2"),
)


def test_an_architecture_says_where_it_is_from() -> None:
    for name in names():
        architecture = symcost.load(name)
        assert isinstance(architecture, Architecture)
        assert architecture.source, name
