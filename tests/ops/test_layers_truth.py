"""Single layers against PyTorch: ``tests/data/layers.jsonl`` holds what torch 2.13.0 made of random ones.

Each row has the constructor's arguments, the input, and either what came out (output shape, parameters, buffers, FLOPs
at 2 per MAC, FLOPs of forward and backward with the gradient of the input) or the error with which torch refused.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from symcost.ops.facts import Facts, Work, numel
from symcost.ops.op import Op, Refused
from tests.ops.apply import apply, make
from tests.ops.composed import COMPOSED, Part

ROWS = Path(__file__).parents[1] / "data" / "layers.jsonl"


class As(NamedTuple):
    """How a torch layer is written here: the op, fields it adds, and new names of its arguments."""

    op: str
    fields: dict[str, Any] = {}
    renamed: dict[str, str] = {}


LAYERS = {
    **{f"Conv{n}d": As(f"conv{n}d") for n in (1, 2, 3)},
    **{f"ConvTranspose{n}d": As(f"conv_transpose{n}d") for n in (1, 2, 3)},
    **{f"MaxPool{n}d": As(f"max_pool{n}d") for n in (1, 2, 3)},
    **{f"AvgPool{n}d": As(f"avg_pool{n}d") for n in (1, 2, 3)},
    "AdaptiveAvgPool2d": As("adaptive_avg_pool2d"),
    "Linear": As("linear"),
    "BatchNorm2d": As("batch_norm"),
    "GroupNorm": As("group_norm"),
    "InstanceNorm2d": As("instance_norm"),
    "LayerNorm": As("layer_norm"),
    "RMSNorm": As("rms_norm"),
    "RNN": As("rnn"),
    "LSTM": As("lstm"),
    "Unfold": As("unfold"),
    "GRU": As("gru"),
    "Embedding": As("embedding"),
    "PixelShuffle": As("pixel_shuffle"),
    "PixelUnshuffle": As("pixel_unshuffle"),
    "ZeroPad2d": As("pad"),
    "ReflectionPad2d": As("pad", {"mode": "reflect"}),
    "Upsample": As("upsample"),
}
TAKEN_FROM_INPUT = {"in_channels", "in_features", "num_channels", "num_features", "normalized_shape", "input_size"}


def rows() -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    with ROWS.open() as lines:
        for line in lines:
            row = json.loads(line)
            found[row["layer"]].append(row)
    return dict(found)


BY_LAYER = rows()


def refused(row: dict[str, Any]) -> bool:
    """Tell whether a row is one to refuse: torch did, or the output is empty.

    One row has an empty output: torch's meta kernel asks that any axis of the output be positive. Its CPU kernel asks
    it of every axis, and refuses the layer: "Output size is too small".
    """
    return "error" in row or 0 in row["output"]


def op_of(row: dict[str, Any]) -> Op:
    kind = LAYERS[row["layer"]]
    given = {kind.renamed.get(key, key): value for key, value in row["config"].items() if key not in TAKEN_FROM_INPUT}
    if kind.op == "layer_norm":
        given["dims"] = len(row["config"]["normalized_shape"])
    return make(kind.op, {**given, **kind.fields})


def facts_of(row: dict[str, Any]) -> Facts:
    return apply(op_of(row), (tuple(row["input"]),))


def told(*parts: Part) -> dict[str, Any]:
    """Return the facts of a layer's parts as a row tells them."""

    def macs(*works: Work) -> Any:
        return sum(work.get("mac", 0) for work in works)

    every = [facts for facts, _ in parts]
    return {
        "output": list(every[-1].outs[0]),
        "params": sum(numel(shape) for facts in every for shape in facts.weights.values()),
        "buffers": sum(numel(shape) for facts in every for shape in facts.buffers.values()),
        "flops": 2 * macs(*(facts.work for facts in every)),
        "flops_train_fixed_with_input_grad": 2
        * macs(
            *(work for facts in every for work in (facts.work, facts.grad_weight)),
            *(facts.grad_input for facts, goes_on in parts if goes_on),
        ),
    }


def test_layers_are_all_known() -> None:
    assert BY_LAYER.keys() == LAYERS.keys() | COMPOSED.keys()


@pytest.mark.parametrize("layer", sorted(LAYERS))
def test_layer(layer: str) -> None:
    for row in BY_LAYER[layer]:
        if refused(row):
            with pytest.raises(Refused):
                facts_of(row)
        else:
            ours = told(Part(facts_of(row)))
            assert ours == {key: row[key] for key in ours}, row


@pytest.mark.parametrize("layer", sorted(COMPOSED))
def test_layer_of_several_ops(layer: str) -> None:
    """torch's counter sees products that are not fused: of the backward pass 4 for the 2 of attention."""
    for row in BY_LAYER[layer]:
        ours = told(*COMPOSED[layer](row))
        assert ours == {key: row[key] for key in ours}, row
