"""Every shipped network against independent tools, at every size they were run at.

``tests/data/models.jsonl`` holds the rows for the networks that a spec names in ``same_as``: parameters, and FLOPs by
torch's FlopCounterMode, of a forward pass and of a training step.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import symcost
from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate
from symcost.architecture import Architecture
from symcost.catalog import names

ROWS = Path(__file__).parent.parent / "data" / "models.jsonl"
SIZES = {"B": "batch", "H": "height", "W": "width", "T": "seq_len", "U": "decoder_seq_len", "S": "past_len"}
FRAMES = {"T": "frames"}
NOT_DESCRIBED = {"timm/bat_resnext26ts", "timm/efficientformerv2_s0", "timm/vgg16"}
"""Networks that were counted and that no spec describes; the last slides its head over larger images."""
BESIDES = {
    # With untrained weights suppression left 509 of at most 1000 proposals: of the row's FLOPs 14,618,023,936 are those
    # of linear layers, 509 times what one proposal takes.
    "torchvision_detection/fasterrcnn_resnet50_fpn": {"P": 509},
}
"""Sizes that rows do not hold."""


@cache
def truth() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for line in ROWS.read_text().splitlines():
        row = json.loads(line)
        found.setdefault(f"{row['library']}/{row['model']}", []).append(row)
    return found


def counterparts() -> list[tuple[str, str]]:
    return [(name, other) for name in names() for other in symcost.load(name).same_as if other in truth()]


def sizes(row: dict[str, Any]) -> dict[str, int]:
    """Return what a row was run at, by our letters."""
    letters = FRAMES if "frames" in row else {}
    found = {letter: row[key] for letter, key in {**SIZES, **letters}.items() if key in row}
    return {**found, **BESIDES.get(f"{row['library']}/{row['model']}", {})}


@cache
def cost(name: str, decode: bool = False) -> symcost.Cost:
    return symcost.load(name).cost("torch", **({"decode": True} if decode else {}))


@pytest.mark.parametrize(("name", "other"), counterparts())
def test_params_and_flops_are_those_of_torch(name: str, other: str) -> None:
    """Parameters, FLOPs of a forward pass, and of forward and backward pass where they were counted."""
    for row in truth()[other]:
        network = cost(name, "past_len" in row)
        env = network.bindings(sizes(row))
        expected = {"params": row.get("trainable", row["params"]), "flops": row["flops_torch"]}
        if "flops_torch_train_fixed" in row:
            expected["train_flops"] = row["flops_torch_train_fixed"]
        found = {metric: evaluate(network.poly(metric), env) for metric in expected}
        if row["library"] == "keras" and "trainable" not in row:
            found["params"] = keras_total(network, env)
        assert found == expected, env


def keras_total(network: symcost.Cost, env: Mapping[str, Number]) -> Number:
    """Return what Keras counts: statistics too, of batch norms without a counter, of its input's norm with one."""
    scaled = [node.count for node in network.graph.nodes if node.op.tag == "batch_norm" and node.facts.weights]
    state = evaluate(network.poly("params") + network.poly("buffers"), env)
    return state - sum(evaluate(count, env) for count in scaled)


def test_every_network_asked_for_has_a_counterpart() -> None:
    covered = {name for name, _ in counterparts()}
    assert set(ASKED) <= covered, set(ASKED) - covered


def test_every_row_has_a_network_but_those_not_described() -> None:
    """So a name that is misspelt in ``same_as`` is missed."""
    assert truth().keys() - {other for _, other in counterparts()} == NOT_DESCRIBED


def test_counterparts_that_are_named_are_there() -> None:
    """A name in ``same_as`` of a library that was counted is that of a row, or of a network that was not counted."""
    libraries = {other.partition("/")[0] for other in truth()}
    named = {other for name in names() for other in symcost.load(name).same_as}
    assert all("/" in other for other in named)
    assert {other.partition("/")[0] for other in named} <= libraries


ASKED = (
    *("alexnet", "vgg11", "vgg16", "vgg19"),
    *("resnet18", "resnet34", "resnet50", "resnet101", "resnet152", "wide_resnet50_2", "resnext50_32x4d"),
    *("mobilenet_v2", "squeezenet1_0", "squeezenet1_1", "googlenet", "inception_v3"),
    *("densenet121", "densenet169", "densenet201", "efficientnet_b0", "shufflenet_v2_x1_0"),
    *("gpt2", "gpt2_medium", "gpt2_xl", "distilgpt2"),
)


def test_an_architecture_says_where_it_is_from() -> None:
    for name in names():
        architecture = symcost.load(name)
        assert isinstance(architecture, Architecture)
        assert architecture.source, name
