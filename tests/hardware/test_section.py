"""What a setup says of hardware, and what is missing in it."""

from __future__ import annotations

from fractions import Fraction

import pytest

import symcost
from symcost.errors import SymcostError
from symcost.hardware.section import Hardware


def test_what_is_reached_is_a_share_of_the_peaks() -> None:
    roof = Hardware(device="h100", efficiency="1/2", bandwidth_efficiency=0.8).roof("bf16")
    assert roof.flops == 494_700_000_000_000 and roof.bandwidth == 2_680_000_000_000


def test_dense_and_sparse_peaks_are_asked_for_apart() -> None:
    assert Hardware(device="a100").peak_for("bf16") == 312 * 10**12
    assert Hardware(device="a100", sparse_peak=True).peak_for("bf16") == 624 * 10**12
    assert Hardware(device="a100", products="tf32").peak_for("fp32") == 156 * 10**12


def test_a_device_of_ones_own() -> None:
    own = Hardware(peak=10**14, memory_bandwidth=10**12, power=250)
    assert own.roof("bf16") == (10**14, 10**12) and own.watts == 250


def test_the_products_are_those_of_the_precision() -> None:
    def peak(name: str) -> object:
        setup = symcost.Setup(device="h100", precision=name)
        return setup.hardware.peak_for(setup.precision.precision.computes)

    assert peak("mixed_bf16") == peak("int4") == 989_400_000_000_000
    assert peak("fp8") == peak("int8") == 1_978_900_000_000_000
    assert peak("fp32") == 66_900_000_000_000


def test_it_says_what_is_set() -> None:
    assert Hardware(device="h100", efficiency="1/2").said() == "h100, efficiency = 1/2"
    assert Hardware().said() == "no device"


@pytest.mark.parametrize(
    ("settings", "asked", "message"),
    [
        ({}, "watts", "what it runs on is not said: say device=..., such as device=h100, or power=..."),
        ({"device": "tpu_v5e"}, "watts", "of device 'tpu_v5e' no power is published; say power=..."),
        ({"device": "h100"}, "per_hour", "nobody has said the price: say price=..., $ an hour of a device"),
        ({}, "intensity", "nobody has said the carbon: say carbon=..., kg of CO2 equivalent a kWh, such as 0.385"),
        ({}, "memory", "what it runs on is not said: say device=..., such as device=h100"),
    ],
)
def test_what_nobody_says_is_an_error(settings: dict[str, str], asked: str, message: str) -> None:
    with pytest.raises(SymcostError) as caught:
        getattr(Hardware(**settings), asked)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"device": "h10"}, "there is no device 'h10'; did you mean 'h100'?; known are"),
        ({"efficiency": "3/2"}, "efficiency: 3/2 "),
        ({"pue": -1}, "pue: -1 "),
        ({"devise": "h100"}, "there is no setting 'devise'; did you mean 'device'?"),
    ],
)
def test_settings_that_have_no_meaning(settings: dict[str, object], message: str) -> None:
    with pytest.raises(SymcostError) as caught:
        symcost.Setup(**settings)
    assert str(caught.value).startswith(message)


def test_nothing_of_a_peak_is_no_time() -> None:
    with pytest.raises(SymcostError, match="efficiency is 0: nothing would ever end"):
        Hardware(device="h100", efficiency=0).roof("bf16")


def test_a_price_with_a_source_is_the_devices() -> None:
    assert Hardware(device="h800").per_hour == 2 and Hardware(device="h800", price=3).per_hour == 3
    assert Hardware(device="h800", price=Fraction(5, 2)).per_hour == Fraction(5, 2)
