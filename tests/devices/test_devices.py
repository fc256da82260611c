"""Devices against what their makers' architectures give, against published tables, and against one another."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from symcost.devices import Device, device, devices
from symcost.devices.device import giga, tera
from symcost.errors import UsageError

ROWS = {
    row["id"]: Fraction(row["value"])
    for row in csv.DictReader(
        (Path(__file__).parent.parent / "data" / "published.csv").read_text(encoding="utf-8").splitlines()
    )
    if row["id"].startswith(("hw_", "mamf_"))
}
PUBLISHED = {"A100": "a100", "H100": "h100", "MI300X": "mi300x", "Gaudi2": "gaudi2", "B200": "b200"}
ALL = sorted(devices())


def test_the_list_is_what_was_asked_for() -> None:
    assert set(ALL) >= {
        "v100", "a100", "a100_40gb", "h100", "h100_pcie", "h200", "b200", "l4", "l40s", "rtx4090", "t4", "mi250x",
        "mi300x", "gaudi2", "tpu_v3", "tpu_v4", "tpu_v5e", "tpu_v5p", "tpu_v6e", "xeon_8480",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["A100", "H100", "MI300X", "Gaudi2"])
def test_a_peak_is_the_published_one_at_its_last_digit(name: str) -> None:
    ours = Fraction(device(PUBLISHED[name]).peak("bf16"), 10**12)
    assert abs(ours - ROWS[f"hw_{name}"]) < 1


@pytest.mark.parametrize(
    ("name", "dtype", "units", "each", "hertz"),
    [
        ("v100", "fp16", 640, 64, 1_530_000_000),
        ("a100", "bf16", 432, 256, 1_410_000_000),
        ("a100", "fp32", 6912, 1, 1_410_000_000),
        ("h100", "bf16", 528, 512, 1_830_000_000),
        ("h100", "fp32", 16896, 1, 1_980_000_000),
        ("rtx4090", "bf16", 512, 64, 2_520_000_000),
        ("rtx4090", "fp32", 16384, 1, 2_520_000_000),
        ("t4", "fp16", 320, 64, 1_590_000_000),
        ("mi250x", "bf16", 880, 128, 1_700_000_000),
        ("mi300x", "bf16", 1216, 256, 2_100_000_000),
        ("gaudi2", "bf16", 2, 65536, 1_650_000_000),
        ("tpu_v3", "bf16", 4, 16384, 940_000_000),
        ("tpu_v4", "bf16", 8, 16384, 1_050_000_000),
        ("tpu_v5e", "bf16", 4, 16384, 1_500_000_000),
        ("tpu_v5p", "bf16", 8, 16384, 1_750_000_000),
        ("xeon_8480", "fp32", 56, 32, 2_000_000_000),
    ],
)
def test_a_peak_is_units_times_multiply_adds_times_clock(
    name: str, dtype: str, units: int, each: int, hertz: int
) -> None:
    """What is printed is rounded from this product, or cut off."""
    assert Fraction(units * each * 2 * hertz, device(name).peak(dtype)) == pytest.approx(1, abs=4e-3)


@pytest.mark.parametrize("name", ["A100", "H100", "B200", "MI300X", "Gaudi2"])
def test_no_product_was_measured_above_its_peak(name: str) -> None:
    assert ROWS[f"mamf_{name}"] * 10**12 < device(PUBLISHED[name]).peak("bf16")


@pytest.mark.parametrize("name", ALL)
def test_sparse_peaks_are_twice_dense_ones_up_to_rounding(name: str) -> None:
    found = device(name)
    for dtype, peak in found.sparse.items():
        assert peak / found.dense[dtype] == pytest.approx(2, abs=0.03), dtype


@pytest.mark.parametrize("name", ALL)
def test_narrower_formats_are_no_slower(name: str) -> None:
    found = device(name).dense
    order = [found[d] for d in ("fp64", "fp32", "tf32", "bf16", "fp8", "fp4") if d in found]
    assert order == sorted(order)
    assert found.get("fp16", found.get("bf16")) == found.get("bf16", found.get("fp16"))


@pytest.mark.parametrize("name", ALL)
def test_links_are_slower_the_farther_they_reach(name: str) -> None:
    found = device(name)
    speeds = [found.bandwidth, *(link.bandwidth for link in (found.intra, found.inter) if link)]
    assert speeds == sorted(speeds, reverse=True)


def test_what_other_pages_say() -> None:
    assert device("h100").peak("bf16") // 10**12 == 989 and device("h100").bandwidth == 3_350_000_000_000
    assert device("a100").peak("bf16") == 312 * 10**12 and device("a100").bandwidth == 2_039 * 10**9
    assert device("h200").bandwidth == 4_800 * 10**9 and device("h200").peak("bf16") == device("h100").peak("bf16")
    assert int(device("h100").ridge("bf16")) == 295
    assert device("h100").peak("bf16", sparse=True) == 1_978_900_000_000_000


def test_figures_are_exact() -> None:
    assert tera(bf16=989.4) == {"bf16": 989_400_000_000_000}
    assert giga(3.125) == 3_125_000_000


def test_an_unknown_device_is_an_error() -> None:
    with pytest.raises(UsageError) as caught:
        device("h10")
    assert str(caught.value).startswith("there is no device 'h10'; did you mean 'h100'?; known are mi250x, mi300x, ")


def test_a_format_without_a_peak_is_an_error() -> None:
    with pytest.raises(UsageError) as caught:
        device("v100").peak("bf16")
    assert str(caught.value) == "device 'v100' has no dense peak for 'bf16'; there are fp64, fp32, fp16"
    with pytest.raises(UsageError) as caught:
        device("v100").peak("fp16", sparse=True)
    assert str(caught.value) == "device 'v100' has no 2:4-sparse peak for 'fp16'; there are none"


@pytest.mark.parametrize("name", ALL)
def test_every_device_says_where_its_figures_stand(name: str) -> None:
    found: Device = device(name)
    assert len(found.source) > 60 and found.memory > found.bandwidth / 1000 and found.name == name
