"""Energy, carbon and money of published runs, at their last printed digit."""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from pathlib import Path

import pytest

from symcost.hardware.spending import DAY, HOUR, carbon_kg, energy_kwh, money, petaflops_days

ROWS = {
    row["id"]: row
    for row in csv.DictReader((Path(__file__).parent.parent / "data" / "published.csv").read_text().splitlines())
}
LLAMA_1 = [name for name in ROWS if name.startswith("llama1_co2_")]
LLAMA_2 = [name for name in ROWS if name.startswith("llama2_co2_")]
PUE, GRID = Fraction("1.1"), Fraction("0.385")


def printed(value: Fraction, text: str) -> bool:
    """Tell whether a value is printed so: rounded or cut off at the last digit."""
    digit = Fraction(1, 10 ** len(text.partition(".")[2]))
    return abs(value - Fraction(text)) < digit


def tonnes(hours: int, watts: int, pue: Fraction = PUE) -> Fraction:
    return Fraction(carbon_kg(energy_kwh(watts, hours * HOUR, pue=pue), GRID)) / 1000  # type: ignore[arg-type]


@pytest.mark.parametrize("name", LLAMA_1)
def test_carbon_of_llama(name: str) -> None:
    """Touvron et al. 2023, Table 15, at 400 W and a PUE of 1.1, for OPT and BLOOM too."""
    (hours,) = map(int, re.findall(r"(\d+) GPU", ROWS[name]["inputs"]))
    assert printed(tonnes(hours, 400), ROWS[name]["value"])


@pytest.mark.parametrize("name", LLAMA_2)
def test_carbon_of_llama_2(name: str) -> None:
    hours, watts = map(int, re.findall(r"(\d+)(?: h @|W)", ROWS[name]["inputs"]))
    assert printed(tonnes(hours, watts), ROWS[name]["value"])


def test_energy_is_power_times_time() -> None:
    assert energy_kwh(1000, HOUR) == 1 and energy_kwh(700, DAY, Fraction(1, 2), Fraction(6, 5)) == Fraction("10.08")


def test_the_price_of_deepseek_v3() -> None:
    """2.788 million hours of an H800 at 2 $ (arXiv:2412.19437, Table 1)."""
    assert money(2_788_000 * HOUR, 2) == Fraction(ROWS["dsv3_cost"]["value"])


def test_compute_of_a_network_from_its_passes() -> None:
    """Amodei and Hernandez 2018, appendix: examples x epochs x MACs x 2 x 3."""
    petaflops = Fraction(1_200_000 * 74 * 16 * 10**9 * 2 * 3, 10**15)
    assert printed(petaflops, ROWS["oa_vgg"]["value"])
    assert printed(Fraction(petaflops_days(petaflops * 10**15)), ROWS["oa_vgg_d"]["value"])  # type: ignore[arg-type]
    dqn = Fraction(2_500_000 * 5_000_000 * 32 * 2 * 3, 10**15)
    assert float(dqn) == 2.4 and not printed(dqn, ROWS["oa_dqn"]["value"] + "0")  # printed 2.3


def test_compute_of_a_network_from_its_hardware() -> None:
    """4 Titan Black for 15 days at a third of 5.1 TFLOP/s; the page prints 0.12 and multiplies out to 0.101."""
    found = Fraction(petaflops_days(4 * 15 * DAY * 51 * 10**11 * Fraction("0.33")))  # type: ignore[arg-type]
    assert found == Fraction("0.10098") and not printed(found, ROWS["oa_vgg_m2"]["value"])
