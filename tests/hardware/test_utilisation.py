"""Published utilisations, from the FLOPs of shipped networks: each at its last printed digit, or why it is not."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

import symcost
from symcost.algebra.poly import evaluate
from symcost.devices import device
from symcost.hardware.utilisation import utilization

ROWS = {
    row["id"]: row
    for row in csv.DictReader((Path(__file__).parent.parent / "data" / "published.csv").read_text().splitlines())
}
A100, H100 = (device(name).peak("bf16") for name in ("a100", "h100"))


def percent(flops: Fraction, seconds: Fraction, peak: int, devices: int) -> Fraction:
    return 100 * Fraction(utilization(flops, seconds, peak, devices))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [name for name in ROWS if name.startswith("l3_mfu_")])
def test_utilisation_of_llama_3(name: str) -> None:
    """Table 4: TFLOP/s of a device over its peak. 400 is printed with 41, and comes to 40.4."""
    rate = int(ROWS[name]["inputs"].split()[0]) * 10**12
    found = percent(Fraction(rate), Fraction(1), H100, 1)
    told = {"l3_mfu_430": "43.5", "l3_mfu_400": "40.4", "l3_mfu_380": "38.4"}[name]
    assert round(found, 1) == Fraction(told)
    assert (abs(found - Fraction(ROWS[name]["value"])) < 1) or name == "l3_mfu_400"


def test_utilisation_of_mt_nlg() -> None:
    """65.43 thousand tokens/s of 6 N, N = 530 billion, on 2,240 A100: 29.77, printed as 29.7."""
    found = percent(Fraction(6 * 530 * 10**9 * 65_430), Fraction(1), A100, 2240)
    assert 0 <= found - Fraction(ROWS["mtnlg_mfu"]["value"]) < Fraction(1, 10)


@pytest.mark.parametrize(
    ("size", "rate"),
    [("1.7", 137), ("3.6", 138), ("7.5", 142), ("18.4", 135), ("39.1", 138), ("76.1", 140), ("145.6", 148),
     ("310.1", 155), ("529.6", 163), ("1008", 163)],
)  # fmt: skip
def test_rates_of_a_device_add_up(size: str, rate: int) -> None:
    """Narayanan et al. 2021 (arXiv:2104.04473), Table 1: TFLOP/s of a device, rounded, times their number."""
    row = ROWS[f"meg1_agg_{size}"]
    devices = int(row["inputs"].removeprefix("n="))
    printed = Fraction(row["value"]) * 10**15
    rounded = percent(Fraction(devices, 2) * 10**12 + Fraction(10**15, 20), Fraction(1), A100, devices)
    found = percent(printed, Fraction(1), A100, devices)
    assert abs(found - percent(Fraction(rate) * 10**12, Fraction(1), A100, 1)) <= rounded


@pytest.mark.parametrize(
    ("row", "batch", "steps", "devices", "rate", "unit"),
    [
        ("lla_MT-NLG_60.0", 1920, 1, 2240, 126, 1),
        ("lla_MT-NLG_50.2", 1920, 1, 2800, 121, 1),
        ("lla_MT-NLG_156", 1, 300 * 10**9 // 2048, 560, 171, 86_400),
    ],
)
def test_time_of_mt_nlg_from_the_rate_of_a_device(
    row: str, batch: int, steps: int, devices: int, rate: int, unit: int
) -> None:
    """Smith et al. 2022 (arXiv:2201.11990): all layers run again, so that a step is four passes.

    A rate that is printed in whole TFLOP/s gives seconds within half a percent.
    """
    cost = symcost.load("gpt2").cost("megatron:recompute=full")
    env = cost.bindings({"L": 105, "E": 20480, "h": 128, "B": batch, "T": 2048, "V": 51200, "P": 2048})
    work = Fraction(evaluate(cost.poly("train_flops") + cost.poly("recompute_flops"), env)) * steps
    found = work / (devices * rate * 10**12 * unit)
    assert float(found) == pytest.approx(float(ROWS[row]["value"]), rel=0.5 / rate + 0.001)
