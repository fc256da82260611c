"""Peak memory at given sizes: what is held, the branches, and which is the largest where, against brute force."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
import sympy

import symcost
from symcost.algebra.poly import evaluate
from symcost.algebra.to_sympy import to_sympy
from symcost.catalog import names
from symcost.cli.main import main
from symcost.errors import SpecError, UsageError
from symcost.memory import METRIC, Peak, peak
from tests.specs.test_naive import draw


def found(name: str, **at: Any) -> Peak:
    return peak(symcost.load(name), at)


@pytest.mark.parametrize("name", ["resnet50", "gpt2", "densenet121", "mobilenet_v2", "unet", "word_lm", "resnet"])
def test_what_is_live_adds_up(name: str) -> None:
    """At the defaults and at random sizes: to the value of the formula, which is the largest of the branches."""
    cost, chance, seen = symcost.load(name).cost(), random.Random(name), 0  # noqa: S311 - the same ones in every run
    for values in [{}, *(draw(chance, cost.symbols) for _ in range(60))]:
        try:
            env = cost.bindings(values)
        except SpecError:
            continue
        there, seen = peak(cost, env), seen + 1
        assert there.value == evaluate(cost.poly(METRIC), env)
        assert sum(live.elements for live in there.live) == there.value
        assert next(branch.value for branch in there.branches if branch.active) == there.value
        assert all(branch.value == evaluate(branch.formula, env) <= there.value for branch in there.branches)
        assert there.node in {node.name for node in cost.graph.nodes}
    assert seen > 5


def test_every_network_has_a_peak() -> None:
    for name in names():
        there = found(name)
        assert there.value > 0, name
        assert any(branch.active and branch.nodes for branch in there.branches), name


def test_resnet50_holds_three_tensors_of_its_widest_block() -> None:
    there = found("resnet50")
    block = 256 * 56 * 56
    assert there.value == 3 * block == 2_408_448
    assert [live.elements for live in there.live] == [block] * 3
    assert there.node == "stage.block.shortcut.project.unit.batch_norm"


def test_densenet_is_largest_in_the_last_layer_of_a_block() -> None:
    there = found("densenet121")
    assert there.rounds == {"i": 5}
    assert there.value == (2 * (64 + 5 * 32) + 4 * 32) * 56 * 56


def test_branches_have_derivatives() -> None:
    B, C, H, W = (symcost.load("resnet50").cost().symbol(name) for name in "BCHW")
    first = found("resnet50").branches[0]
    assert to_sympy(first.formula) == 12 * B * C * sympy.ceiling(H / 4) * sympy.ceiling(W / 4)
    assert to_sympy(first.derivative("H")) == 3 * B * C * W / 4
    assert to_sympy(first.derivative("C")) == 3 * B * H * W / 4
    with pytest.raises(UsageError):
        found("resnet50").along("Q")


def test_gpt2s_head_gives_way_to_its_feed_forward_layers() -> None:
    """E + V = 9 E at E = V/8; of the widths that 12 heads divide, 6276 and 6288 are the nearest."""
    reaches = found("gpt2").along("E")
    assert [(reach.first, reach.last, str(reach.branch)) for reach in reaches] == [
        (12, 6276, "B*E*T + B*T*V"),
        (6288, None, "9*B*E*T"),
    ]


@pytest.mark.parametrize(
    ("name", "size", "most"), [("resnet50", "H", 90), ("vgg16", "C", 300), ("densenet121", "k", 60)]
)
def test_reaches_are_those_of_brute_force(name: str, size: str, most: int) -> None:
    cost = symcost.load(name).cost()
    there = peak(cost, {"W": 6} if name == "resnet50" else {})
    reaches = there.along(size, (1, most))
    seen = 0
    for value in range(1, most + 1):
        try:
            env = cost.bindings({**there.at, size: value})
        except SpecError:
            continue
        (reach,) = (r for r in reaches if r.first <= value and (r.last is None or value <= r.last))
        assert evaluate(reach.branch, env) == evaluate(cost.poly(METRIC), env), value
        seen += 1
    assert seen > 10


def test_its_forms() -> None:
    there = found("gpt2", E=768)
    text = "52,249,600 elements at most, first while head runs: 786,432 of layer_norm, 51,463,168 of head"
    assert str(there) == text
    data = there.to_json()
    assert data["value"] == "52249600"
    assert data["branches"][0] == {
        "formula": "B*E*T + B*T*V", "value": "52249600", "active": True, "nodes": ["head"],
    }  # fmt: skip
    assert there.table().total == ("total", 52_249_600, None)
    assert "text/html" in there._repr_mimebundle_()


def test_a_network_that_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    path.write_text("symcost: 1\nname: none\nsymbols: {B: 1}\ninputs: {x: [B, 4]}\nmodel: [identity]\n")
    there = peak(symcost.load(path))
    assert (there.value, there.live) == (0, ())
    assert str(there) == "0 elements at most, first while identity runs: nothing"


def test_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["peak", "gpt2", "--in", "E"]) == 0
    shown = capsys.readouterr().out
    assert "52,249,600 elements at most, first while head runs" in shown
    assert "6,276" in shown
    assert main(["peak", "gpt2", "T=512", "--in", "E", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["along"]["reaches"][0]["last"] == "6276"
    assert data["branches"][1]["by E"] == "9*B*T"
    assert main(["peak", "gpt2", "--in", "Q"]) == 2
    assert "there is no free symbol 'Q'" in capsys.readouterr().err
