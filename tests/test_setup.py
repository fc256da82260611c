"""Setups: what is given, symbols in place of quantities, and what is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import symcost
from symcost.algebra.poly import symbol
from symcost.algebra.scales import SCALES
from symcost.cli import main
from symcost.errors import SpecError, UsageError
from symcost.metrics.metric import set_up
from symcost.section import Quantity
from symcost.setup import SECTIONS, Setup, settings
from symcost.solver.budget import Budget

SCALED = "k M G T P E Ki Mi Gi Ti Pi Ei"


def test_settings_have_one_home() -> None:
    fields = [field for section in SECTIONS.values() for field in section.model_fields]
    assert sorted(fields) == sorted(settings())


def test_settings_say_what_they_are() -> None:
    bare = [name for section in SECTIONS.values() for name, f in section.model_fields.items() if not f.description]
    assert not bare


def test_what_is_given_is_what_is_not_as_usual() -> None:
    assert Setup().given() == {}
    assert Setup(micro_batches="4").given() == {"micro_batches": 4}
    assert Setup(micro_batches=1) == Setup()
    assert repr(Setup(micro_batches=4)) == "Setup(micro_batches='4')"


def test_a_quantity_can_be_a_formula() -> None:
    setup = Setup(micro_batches="2*m")
    assert setup["micro_batches"] == 2 * symbol("m")
    assert setup.symbols["m"].default is None


def test_a_freed_quantity_has_its_value_as_default() -> None:
    setup = Setup(micro_batches=4).free("micro_batches")
    assert setup["micro_batches"] == symbol("micro_batches")
    assert setup.symbols["micro_batches"].default == 4


def test_symbols_of_a_setup_are_those_of_the_cost() -> None:
    cost = symcost.load("resnet50").under(micro_batches="m").cost()
    assert set(cost.symbols) == {"B", "H", "W", "C", "K", "m"}


def test_a_symbol_that_counts_rounds_is_refused() -> None:
    with pytest.raises(SpecError) as error:
        symcost.load("gpt2").under(zero=3, data_parallel="2*i").cost()
    assert str(error.value) == (
        "GPT-2: data_parallel = 2*i: i counts the rounds of a repetition of the network; give it another letter"
    )
    assert "i" in symcost.load("lenet5").under(data_parallel="i").cost().symbols


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"micro_batch": 4}, "there is no setting 'micro_batch'; did you mean 'micro_batches'?"),
    ],
)
def test_what_has_no_meaning(given: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as error:
        Setup(**given)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (0, "micro_batches: 0 is below the least value, 1"),
        ("1/2", "micro_batches: 1/2 is not a whole number, and the kind is dimension"),
        (True, "micro_batches: takes a number, got True"),
        ("1 < 2", "micro_batches: takes a number, and '1 < 2' is true or false"),
        ("m +", "micro_batches: takes a number or a formula: 'm +': a value is missing after '+'"),
    ],
)
def test_values_that_are_refused(value: object, message: str) -> None:
    with pytest.raises(SpecError) as error:
        Setup(micro_batches=value)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"drop_last": "maybe"}, "drop_last takes true or false, got 'maybe'"),
        ({"products": 3}, "products takes text, got '3'"),
        ({"density": -1}, "density: -1 is below the least value, 0"),
        ({"link_latency": -1}, "link_latency: -1 is below the least value, 0"),
        ({"tokens": "15B"}, f"tokens: 'B' is not a scale ({SCALED}); a billion is G; a product is '15*B'"),
        ({"examples": "8K"}, f"examples: 'K' is not a scale ({SCALED}); a product is '8*K'"),
        ({"examples": "1.2345k"}, "examples: 2469/2 is not a whole number, and the kind is dimension"),
    ],
)
def test_values_that_no_section_takes(given: dict[str, object], message: str) -> None:
    with pytest.raises(SpecError) as error:
        Setup(**given)
    assert str(error.value) == message


@given(st.integers(0, 10**9), st.integers(0, 999), st.sampled_from(sorted(SCALES)), st.sampled_from(["", " "]))
def test_scales_are_those_of_budgets(whole: int, part: int, scale: str, space: str) -> None:
    text = f"{whole}.{part:03}{space}{scale}"
    assert Quantity("ratio", 0).read(text) == Budget.parse(f"2*macs <= {text}").limit
    assert Quantity("ratio", 0).read(f"{whole}e-3{scale}") == Fraction(whole, 1000) * SCALES[scale]


def test_a_scale_stands_after_a_number_alone() -> None:
    assert Setup(tokens="15T", link_bandwidth="50G", power="700")["tokens"] == 15 * 10**12
    assert Quantity("dimension", 1).read("2*M") == 2 * symbol("M")


def test_settings_without_part_in_an_answer_are_named() -> None:
    setup = Setup(zero=2, data_parallel=8, density="1/2")
    assert set_up(setup, ["macs"]) == "no part in this: data_parallel = 8, zero = 2, density = 1/2"
    assert set_up(setup, ["nonzero_params"]) == "with density 1/2; no part in this: data_parallel = 8, zero = 2"
    assert set_up(Setup(density="1/2"), ["sparse_macs"]) == "with density 1/2" and not set_up(Setup(), ["macs"])


def test_decimals_are_what_they_spell() -> None:
    assert Quantity("ratio", 0, 1).read(0.1) == Quantity("ratio", 0, 1).read("0.1") == Fraction(1, 10)


def test_a_frontier_goes_over_settings_too() -> None:
    network = symcost.load("gpt2").under(checkpoint="every", checkpoint_every="k")
    found = symcost.pareto(network, {"train_bytes": "min", "B": "max"}, {"B": "1:4", "k": [1, 2, 3]})
    assert found.size == 12
    assert {point.designs[0]["k"] for point in found.points} <= {1, 2, 3}


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("device", "h1000", "there is no device 'h1000'; did you mean 'h100'?"),
        ("optimizer", "adamm", "optimizer: there is no optimizer 'adamm'; did you mean 'adam'?"),
        ("precision", "bf61", "there is no precision 'bf61'; did you mean 'bf16'?"),
        ("density", "3/2", "density: 3/2 is above the greatest value, 1"),
        ("zero", "4", "zero is one of 0, 1, 2 or 3; got '4'"),
    ],
)
def test_what_a_setting_does_not_take_ends_with_code_3(
    capsys: pytest.CaptureFixture[str], setting: str, value: str, message: str
) -> None:
    assert main(["eval", "lenet5", f"{setting}={value}"]) == 3
    assert capsys.readouterr().err.startswith(message)
