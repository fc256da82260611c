"""Budgets: the grammar, exact numbers, and what is refused."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost.algebra.scales import SCALES
from symcost.errors import UsageError
from symcost.solver.budget import Budget

READ: dict[str, int | Fraction] = {
    "0": 0,
    "7": 7,
    "2_000_000": 2_000_000,
    "2e9": 2_000_000_000,
    "2E9": 2_000_000_000,
    "2.5e-1": Fraction(1, 4),
    "0.1": Fraction(1, 10),
    "25.5M": 25_500_000,
    "1.5k": 1500,
    "2G": 2 * 10**9,
    "2 G": 2 * 10**9,
    "3T": 3 * 10**12,
    "3P": 3 * 10**15,
    "2E": 2 * 10**18,
    "2e3k": 2_000_000,
    "16Ki": 16 * 2**10,
    "16Mi": 16 * 2**20,
    "80Gi": 80 * 2**30,
    "1Ti": 2**40,
    "1Pi": 2**50,
    "1Ei": 2**60,
    "2 GMACs": 2 * 10**9,
    "2GMAC": 2 * 10**9,
    "2 G MACs": 2 * 10**9,
    "2 MACs": 2,
    "2 MMACs": 2_000_000,
    "2MMAC": 2_000_000,
    "2M": 2_000_000,
    "4 KiMACs": 4096,
    "1e60": 10**60,
}


@pytest.mark.parametrize("text", READ)
def test_a_number_is_read_exactly(text: str) -> None:
    limit = Budget.parse(f"macs <= {text}").limit
    assert limit == READ[text]
    assert type(limit) is type(READ[text])


@pytest.mark.parametrize("relation", ["<=", "<", ">=", ">", "==", "="])
def test_a_relation_decides_what_meets_the_budget(relation: str) -> None:
    budget = Budget.parse(f"params{relation}10")
    assert budget == Budget("params", "==" if relation == "=" else relation, 10, f"params{relation}10")
    met = {"<=": [9, 10], "<": [9], ">=": [10, 11], ">": [11], "==": [10], "=": [10]}[relation]
    assert [value for value in (9, 10, 11) if budget.meets(value)] == met


def test_text_is_kept_with_single_spaces() -> None:
    assert str(Budget.parse("  params   <=  25.5M\tparams ")) == "params <= 25.5M params"
    assert str(Budget("macs", "<", Fraction(1, 2))) == "macs < 1/2"


def test_a_name_may_have_dots() -> None:
    assert Budget.parse("elementwise.exp <= 1M").limit == 10**6


def test_a_budget_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Budget.parse("macs <= 1").limit = 2  # type: ignore[misc]


@settings(deadline=None)
@given(st.integers(0, 10**12), st.integers(0, 999), st.integers(-20, 20), st.sampled_from(["", *SCALES]))
def test_any_decimal_is_exact(whole: int, part: int, exponent: int, scale: str) -> None:
    limit = Budget.parse(f"macs <= {whole}.{part:03}e{exponent}{scale}").limit
    assert limit == (whole + Fraction(part, 1000)) * Fraction(10) ** exponent * SCALES.get(scale, 1)


PRINTED = {
    "569M": (568 * 10**6, 570 * 10**6),
    "3.8G": (3_700_000_000, 3_900_000_000),
    "3.80G": (3_790_000_000, 3_810_000_000),
    "1.50e9": (1_490_000_000, 1_510_000_000),
    "2_000": (1999, 2001),
    "0.5k": (400, 600),
    "1Ki": (0, 2048),
    "7": (6, 8),
}


@pytest.mark.parametrize("text", PRINTED)
def test_a_published_figure_is_all_within_one_of_its_last_digit(text: str) -> None:
    budget = Budget.parse(f"macs ~ {text}")
    low, high = PRINTED[text]
    assert budget.ends == ((">", low), ("<", high))
    assert budget.meets(budget.limit)
    assert not budget.meets(low)
    assert not budget.meets(high)


@pytest.mark.parametrize(("printed", "found"), [("569", 568_740_352), ("290", 290_675_200), ("418", 418_121_728)])
def test_figures_that_papers_round_and_cut_off_are_met(printed: str, found: int) -> None:
    """MobileNetV1, Table 7: rounded up, cut off where it should be rounded up, and rounded down."""
    assert Budget.parse(f"macs ~ {printed}M").meets(found)


FORM = "is not of the form 'METRIC <= NUMBER', such as 'macs <= 2G'"
NUMBER = "is not a number such as 2G, 25.5M, 2e9 or 16Gi"
REACH = "the limit is out of reach; exponents go from -60 to 60"
REFUSED = {
    "": f"budget '' {FORM}",
    "macs": f"budget 'macs' {FORM}",
    "2G": f"budget '2G' {FORM}",
    "2G >= macs": f"budget '2G >= macs': 'macs' {NUMBER}",
    "macs ? 2G": f"budget 'macs ? 2G' {FORM}",
    "macs ~ ": f"budget 'macs ~': '' {NUMBER}",
    "macs <= ": f"budget 'macs <=': '' {NUMBER}",
    "macs <= -2": f"budget 'macs <= -2': '-2' {NUMBER}",
    "macs <= C": f"budget 'macs <= C': 'C' {NUMBER}",
    "macs <= inf": f"budget 'macs <= inf': 'inf' {NUMBER}",
    "macs <= ٣": f"budget 'macs <= ٣': '٣' {NUMBER}",
    "macs <= 1e61": f"budget 'macs <= 1e61': {REACH}",
    "macs <= 1e-61": f"budget 'macs <= 1e-61': {REACH}",
    "macs <= 1e999999": f"budget 'macs <= 1e999999': {REACH}",
    "macs <= 1e60k": f"budget 'macs <= 1e60k': {REACH}",
    "macs <= 2 GFLOPs": "budget 'macs <= 2 GFLOPs': macs is counted in MACs, not in FLOPs",
    "2*params <= 2 GB": "budget '2*params <= 2 GB': 'GB' is not a scale (k M G T P E Ki Mi Gi Ti Pi Ei); "
    "2*params has no unit",
    "macs <= 2 GiB": "budget 'macs <= 2 GiB': macs is counted in MACs, not in bytes",
    "params <= 2 MMACs": "budget 'params <= 2 MMACs': params is counted in params, not in MACs",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_budget_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        Budget.parse(text)
    assert str(refused.value) == REFUSED[text]


@pytest.mark.parametrize("tail", ["Q", "K", "m", "g", "_", "e9.5", "GG", "1", "é"])
def test_what_follows_a_number_is_a_scale_and_a_unit(tail: str) -> None:
    scales = "k M G T P E Ki Mi Gi Ti Pi Ei"
    with pytest.raises(UsageError) as refused:
        Budget.parse(f"macs <= 2 {tail}")
    line = f"budget 'macs <= 2 {tail}': '{tail}' is neither a scale ({scales}) nor the unit, MACs"
    assert str(refused.value) == line


@pytest.mark.parametrize(
    ("text", "way_out"),
    [
        ("params <= 8B", "a billion is G"),
        ("kv_cache <= 40GiB", "for bytes say how many each takes, as in '2*kv_cache <= 1Gi'"),
        ("params <= 16 MB", "for bytes say how many each takes, as in '2*params <= 1M'"),
    ],
)
def test_billions_and_bytes_have_a_way_out(text: str, way_out: str) -> None:
    with pytest.raises(UsageError) as refused:
        Budget.parse(text)
    assert str(refused.value).endswith(f"; {way_out}")


def test_a_metric_that_is_not_there_is_named_with_the_closest() -> None:
    with pytest.raises(UsageError, match=r"^there is no metric 'mac'; did you mean 'macs'\?; known are params, "):
        Budget.parse("mac <= 2G")


def test_a_budget_made_in_python_is_checked_too() -> None:
    with pytest.raises(UsageError, match=r"^'!=' is not a relation of a budget: write <=, <, >=, >, == or ~$"):
        Budget("macs", "!=", 1)
    with pytest.raises(
        UsageError, match=r"^a budget with ~, and no other, says within what: Budget\('macs', '~', 569, "
    ):
        Budget("macs", "~", 1)
    with pytest.raises(UsageError, match=r"^a budget with ~, and no other, says within what: "):
        Budget("macs", "<=", 1, within=1)
    with pytest.raises(UsageError, match=r"^a budget's limit is an exact number, and 2e\+16 is not$"):
        Budget("macs", "<=", 2e16)  # type: ignore[arg-type]


def test_a_hostile_text_costs_nothing() -> None:
    with pytest.raises(UsageError, match="is not of the form"):
        Budget.parse("macs <= " + "9" * 1_000_000)
