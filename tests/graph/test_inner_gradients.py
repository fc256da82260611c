"""Gradients inside an op of several products, in a step of training: needed by its weights, its inputs, or neither."""

from __future__ import annotations

from pathlib import Path

import pytest

import symcost
from symcost.algebra.poly import evaluate
from tests.graph.nets import BN, cost
from tests.ops.test_layers_truth import BY_LAYER

NET = """
symcost: 1
name: A recurrent layer {place}
inputs: {{x: [3, 9, 24]}}
model:
  {before}
  - {{lstm: {{hidden_size: 32, num_layers: 2, bias: false, batch_first: true}}, name: steps{frozen}}}
"""
ROW = next(row for row in BY_LAYER["LSTM"] if row["input"] == [3, 9, 24] and row["config"]["num_layers"] == 2)
"""torch's FLOPs of this layer, forward and back with the gradient of its input."""
BATCH, STEPS, GATES = 3, 9, 4 * 32
TO_INPUT = 2 * BATCH * STEPS * GATES * 24
TO_WEIGHTS = 2 * BATCH * STEPS * GATES * (24 + 32 + 32 + 32)
LINEAR = 2 * BATCH * STEPS * 24 * 24


def train_flops(tmp_path: Path, before: str = "", frozen: bool = False) -> int:
    path = tmp_path / "net.yaml"
    step = "- linear: {out: 24, bias: false}" if before else ""
    path.write_text(NET.format(place=before or "alone", before=step, frozen=", frozen: true" if frozen else ""))
    flops = evaluate(symcost.load(path).cost("torch").poly("train_flops"), {})
    assert isinstance(flops, int)
    return flops


def test_alone_it_makes_no_gradient_for_its_input(tmp_path: Path) -> None:
    """But those from layer to layer and from step to step, which its weights need."""
    assert train_flops(tmp_path) == ROW["flops_train_fixed_with_input_grad"] - TO_INPUT


def test_after_a_layer_it_hands_the_gradient_on(tmp_path: Path) -> None:
    assert train_flops(tmp_path, "linear") == ROW["flops_train_fixed_with_input_grad"] + 2 * LINEAR


@pytest.mark.parametrize("before", ["", "linear"])
def test_frozen_it_hands_on_what_is_wanted(tmp_path: Path, before: str) -> None:
    """Alone it goes forward only; after a layer the gradient goes through it, and its weights get none."""
    through = ROW["flops_train_fixed_with_input_grad"] - TO_WEIGHTS + 2 * LINEAR
    assert train_flops(tmp_path, before, frozen=True) == (through if before else ROW["flops"])


def test_a_first_batch_norm_sums_up_what_its_weights_need() -> None:
    """Normalised values again, their products with the gradient, and two sums: nothing of it for the image."""
    n = 2 * 8 * 8
    again, products, sums = 2 * n, n, 2 * (n - 1)
    found = cost(BN, symbols={}, inputs={"x": [2, 3, 8, 8]})
    assert found.poly("train_flops") == 3 * (2 * n + again + products + sums)
