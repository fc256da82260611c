"""Members and sizes that the truth does not hold: what torch counts of the libraries' own networks.

``tests/data/members.jsonl`` holds a row per network of torchvision 0.28.0, timm 1.0.31 and ultralytics 8.4.190, as it
was made, or as one calls it: trainable parameters, FLOPs by FlopCounterMode of torch 2.13.0 in eval mode, and in train
mode of a forward and a backward pass of the sum of all outputs, with convolutions in groups put right. ``set`` is our
structure and ``at`` our sizes for the same network; widths, depths and classes are mostly those of no shipped member.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import symcost
from symcost.algebra.poly import evaluate

ROWS = [json.loads(line) for line in (Path(__file__).parent.parent / "data" / "members.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['name']}-{row['made']}" for row in ROWS])
def test_networks_cost_what_torch_counts_of_those_of_libraries(row: dict[str, Any]) -> None:
    network = symcost.load(row["name"]).cost("torch", **row.get("set", {}))
    env = network.bindings(row["at"])
    expected = {metric: row[metric] for metric in ("params", "flops", "train_flops") if metric in row}
    assert {metric: evaluate(network.poly(metric), env) for metric in expected} == expected
