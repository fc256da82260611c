"""The interpreter in JavaScript against Python: to the last digit, and in what is refused."""

from __future__ import annotations

import json
from pathlib import Path

from symcost import load
from tests.explorer.points import Faults, case

KINDS = (
    "resnet50",
    "llama3-8b",
    "mobilenet_v1",
    "mobilenet_v3_large",
    "unet_valid",
    "swin_t",
    "regnet_line",
    "edgenext",
)
"""Networks that have every kind of condition among them."""
ODD = str(Path(__file__).with_name("odd.yaml"))
"""A network with sizes of every kind."""


def test_numbers_and_refusals_are_those_of_python(faults: Faults) -> None:
    cases = [case(load(name).cost(), 100) for name in (*KINDS, ODD)]
    kinds = {atom[0] for found in cases for atom in found["model"]["atoms"]}
    asked = {need["is"][0] for found in cases for need in found["model"]["needs"]}
    assert kinds == {"floor", "ceil", "round", "gcd", "power", "max"}
    assert asked >= {"at_least", "divides"}
    assert faults("check", cases) == []
    points = [point for found in cases for point in found["points"]]
    refused = [point for point in points if point["refused"]]
    assert len(points) // 10 < len(refused) < len(points) // 2
    assert any(
        int(total) > 2**53 for p in points if not p["refused"] for total in p["totals"].values() if "/" not in total
    )
    assert len(json.dumps(cases[0]["model"], separators=(",", ":"))) < 8_000
