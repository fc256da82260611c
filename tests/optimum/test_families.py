"""Compound scaling and curves of equal cost, against costs counted one by one."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import pytest

import symcost
from symcost.cost import Cost
from symcost.errors import NoAnswer, UsageError
from symcost.optimum import compound_scaling, iso


@pytest.fixture(scope="module")
def b0() -> symcost.Architecture:
    return symcost.load("efficientnet_b0")


def test_efficientnet_is_scaled_as_in_its_paper(b0: symcost.Architecture) -> None:
    found = compound_scaling(b0, depth="d", width="w", resolution="H,W", steps=5)
    cost = b0.free("d").cost()
    assert found.growth == Fraction("1.2") * Fraction("1.1") ** 2 * Fraction("1.15") ** 2 == Fraction("1.92027")
    assert [step.phi for step in found.steps] == [0, 1, 2, 3, 4]
    base = cost.at(d=1).macs
    for step in found.steps:
        assert step.sizes["d"] == Fraction("1.2") ** step.phi and step.sizes["w"] == Fraction("1.1") ** step.phi
        assert abs(step.sizes["H"] - 224 * Fraction("1.15") ** step.phi) <= Fraction(1, 2)
        assert step.sizes["W"] == step.sizes["H"]
        assert step.value == cost.at(**step.sizes).macs
        assert step.target == base * 2**step.phi
        sizes = {**step.sizes, "H": step.fits, "W": step.fits}
        beyond = {name: x + 1 if name in "HW" else x for name, x in sizes.items() if x is not None}
        assert cost.at(**{n: x for n, x in sizes.items() if x is not None}).macs <= step.target
        assert cost.at(**beyond).macs > step.target


def test_depths_are_rounded_up_and_widths_by_the_channel_rule() -> None:
    network = symcost.load("resnet50")
    found = compound_scaling(network, depth="L1,L2,L3,L4", width="C", resolution=["H", "W"], steps=[2], metric="flops")
    (step,) = found.steps
    depths = {f"L{i}": ceil(n * Fraction("1.44")) for i, n in enumerate((3, 4, 6, 3), 1)}
    assert step.sizes == {**depths, "C": 80, "H": 296, "W": 296}  # 64 * 1.21 = 77.44, 224 * 1.3225 = 296.24
    assert step.value == network.free("L1", "L2", "L3", "L4").cost().at(**step.sizes).flops
    assert str(found).startswith("alpha = 6/5, beta = 11/10, gamma = 23/20; alpha beta**2 gamma**2 = ~ 1.920\n")
    assert found.to_json()[0]["C"] == "80"
    assert "text/html" in found._repr_mimebundle_()


def test_a_budget_that_no_resolution_meets(b0: symcost.Architecture) -> None:
    found = compound_scaling(b0, depth="d", width="w", resolution="H,W", steps=[1], alpha=1000)
    assert found.steps[0].fits is None


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ({"width": "v"}, "there is no free symbol 'v'"),
        ({"alpha": 0}, "alpha, beta and gamma are above 0, got 0, 11/10, 23/20"),
        ({"steps": 0}, "steps names no phi"),
        ({"depth": ""}, "depth names no symbol"),
        ({"metric": "mac"}, "there is no metric 'mac'; did you mean 'macs'?"),
    ],
)
def test_scaling_that_has_no_meaning(b0: symcost.Architecture, asked: dict[str, str], line: str) -> None:
    with pytest.raises(UsageError) as refused:
        compound_scaling(b0, **{"depth": "d", "width": "w", "resolution": "H,W", **asked})  # type: ignore[arg-type]
    assert str(refused.value).startswith(line)


@pytest.fixture(scope="module")
def family() -> Cost:
    return symcost.load("resnet50").free("L3").cost()


def test_depth_against_width_at_equal_flops(family: Cost) -> None:
    found = iso(family, "L3=2:40:2", "C=8::8", "flops <= 8G")
    assert [design["L3"] for design in found.designs] == list(range(2, 41, 2))
    for design in found.designs:
        sizes = {name: design[name] for name in ("L3", "C")}
        assert family.at(**sizes).flops == design["flops"] <= 8 * 10**9
        assert family.at(**{**sizes, "C": sizes["C"] + 8}).flops > 8 * 10**9
    assert str(found).startswith("the largest C with flops <= 8G\n")


def test_width_against_resolution(family: Cost) -> None:
    found = iso(family, "C=16:512:16", "H", ["macs <= 1G", "params <= 30M"], {"W": "H", "L3": 6})
    for design in found.designs:
        at = family.at(C=design["C"], H=design["H"], W=design["H"], L3=6)
        assert (at.macs, at.params) == (design["macs"], design["params"])
        assert family.at(C=design["C"], H=design["H"] + 1, W=design["H"] + 1, L3=6).macs > 10**9
    assert found.without == tuple(c for c in range(16, 513, 16) if family.at(C=c, L3=6).params > 30 * 10**6)
    assert "; there is none for C = 80, 96, " in str(found)
    assert found.to_json()[0] == {name: str(x) for name, x in found.designs[0].items()}


def test_equal_cost_that_has_no_meaning(family: Cost) -> None:
    with pytest.raises(NoAnswer, match=r"^no design meets macs <= 1k: the least is "):
        iso(family, "L3=2:4", "C", "macs <= 1k")
    with pytest.raises(UsageError, match=r"^iso makes one size as large as can be, got C, H$"):
        iso(family, "L3=2:4", "C, H", "macs <= 1G")
    with pytest.raises(UsageError, match=r"^give at least one budget"):
        iso(family, "L3=2:4", "C", [])
