"""One metric as a formula: units, convention and conditions come with it, in every notation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from symcost import Spec, UsageError, load
from symcost.algebra.poly import evaluate
from symcost.architecture import variant_of
from symcost.cost import Cost
from symcost.graph.assumptions import conditions
from symcost.views.formula import formula
from symcost.views.written import NOTATIONS


@pytest.fixture(scope="module")
def resnet() -> Cost:
    return load("resnet50").cost()


@pytest.fixture(scope="module")
def alexnet() -> Cost:
    return load("alexnet").cost()


def test_text(resnet: Cost) -> None:
    assert formula(resnet, "macs").to("text") == (
        "# resnet50: macs in MACs, multiply-accumulates of contractions\n"
        "# where B: images per batch; H: image height; W: image width; C: base width; K: classes\n"
        "macs = 3520*B*C**2*ceil(H/32)*ceil(W/32)\n"
        "     + 1824*B*C**2*ceil(H/16)*ceil(W/16)\n"
        "     + 320*B*C**2*ceil(H/8)*ceil(W/8)\n"
        "     + 60*B*C**2*ceil(H/4)*ceil(W/4)\n"
        "     + 147*B*C*ceil(H/2)*ceil(W/2)\n"
        "     + 32*B*C*K\n"
    )


def test_priced_metrics_name_their_convention(resnet: Cost) -> None:
    second = str(formula(resnet, "flops")).splitlines()[1]
    assert second == "# convention symcost: 2 FLOPs per MAC, 1 per elementwise operation of any kind"


def test_conditions_come_with_the_formula(alexnet: Cost) -> None:
    assert "# holds for H >= 63, W >= 63" in str(formula(alexnet, "macs")).splitlines()


def test_collected(resnet: Cost) -> None:
    assert str(formula(resnet, "params", collect=["C"])).splitlines()[-1] == "params = 5724*C**2 + C*(32*K + 977) + K"


def test_latex(resnet: Cost) -> None:
    lines = formula(resnet, "params").to("latex").splitlines()
    assert lines[-6:] == [
        r"\begin{aligned}",
        r"\mathrm{params} &= 5724\,C^{2} \\",
        r"&\quad + 32\,C\,K \\",
        r"&\quad + 977\,C \\",
        r"&\quad + K",
        r"\end{aligned}",
    ]


def test_json(resnet: Cost) -> None:
    found = json.loads(formula(resnet, "params").to("json"))
    assert found["text"] == "5724*C**2 + 32*C*K + 977*C + K"
    assert found["terms"][0] == {"coefficient": "5724", "factors": [{"symbol": "C", "power": 2}]}
    assert (found["schema"], found["unit"], found["convention"], found["view"]) == (1, "params", "symcost", "exact")
    assert found["symbols"]["C"] == {"kind": "dimension", "default": 64, "about": "base width"}


@pytest.mark.parametrize("notation", NOTATIONS)
def test_constants_have_a_formula_too(notation: str) -> None:
    fixed = load("lenet5").fix(B=1, H=32, W=32, C=6, K=10).cost()
    assert "61706" in formula(fixed, "params").to(notation)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"name": "mac"}, "there is no metric 'mac'; did you mean 'macs'?"),
        ({"name": "macs", "collect": ["Q"]}, "there is no free symbol 'Q' to collect; free are B, H, W, C, K"),
    ],
)
def test_refusals(resnet: Cost, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        formula(resnet, **asked)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("notation", "message"),
    [
        ("xyz", "there is no notation 'xyz'; there are text, latex, mathml, python, numpy, c, js, json"),
        ("jsno", "there is no notation 'jsno'; did you mean 'json'?"),
    ],
)
def test_notations_refused(resnet: Cost, notation: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        formula(resnet, "macs").to(notation)
    assert str(refused.value).startswith(message)


def test_only_the_strongest_conditions_are_told() -> None:
    spec = Spec.model_validate(
        {
            "name": "n",
            "symbols": {"H": {"min": 3, "max": 999}, "C": {"multiple_of": 4}},
            "inputs": {"x": [1, "C", "H"]},
            "model": [
                {"op": "conv1d", "out_channels": "C", "kernel_size": 5},
                {"op": "conv1d", "out_channels": "C", "kernel_size": 7, "groups": 8},
                {"op": "conv1d", "out_channels": 8, "kernel_size": 3, "groups": 2},
            ],
        }
    )
    found = conditions(variant_of(spec, None).graph())
    assert [condition.text for condition in found] == ["H <= 999", "8 divides C", "H >= 13"]
    assert [condition.node for condition in found] == ["", "conv1d_2", "conv1d_3"]


def test_formula_and_number_agree(resnet: Cost) -> None:
    env = resnet.bindings()
    assert evaluate(resnet.poly("macs"), env) == 4_089_184_256


def test_views(alexnet: Cost) -> None:
    assert "# divisible: holds, and is exact, for H >= 63, W >= 63, 16 divides H, 16 divides W\n" in str(
        formula(alexnet, "macs", view="divisible")
    )
    smooth = formula(alexnet, "macs", view="smooth").to("c")
    assert "// smooth: exact for H >= 63, W >= 63, 16 divides H, 16 divides W; near it elsewhere\n" in smooth
    assert "// computes in whole numbers: the result is rounded down\n" in smooth
    assert "// smooth: error between -0.813 % (at H = 239, W = 239) and +8.76 % (at H = 238, W = 238)," in smooth
    assert formula(alexnet, "macs", view="smooth").to_json()["error"]["greatest"]["at"] == {"H": "238", "W": "238"}
    data = formula(alexnet, "macs", view="divisible").to_json()
    assert data["view"] == "divisible"
    assert [condition["text"] for condition in data["conditions"]] == data["exact_for"]
    with pytest.raises(UsageError, match="there is no view 'even'"):
        formula(alexnet, "macs", view="even")


def test_what_is_fixed_otherwise_than_by_default_is_said() -> None:
    said = formula(load("unet").cost(depth=2), "macs").notes()
    assert "with depth = 2" in said
    assert not any(line.startswith("with") for line in formula(load("resnet50").cost(), "macs").notes())
