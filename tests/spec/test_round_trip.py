"""YAML -> model -> JSON -> model is the identity, and so is building the same models in Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import symcost
from symcost.catalog import files
from symcost.ops.op import Op
from symcost.spec.models import Block, Branches, Call, Repeat, Residual, Spec, When
from symcost.spec.symbols import Symbol

TINY = b"""\
symcost: 1
name: tiny
symbols:
  {B: 1, H: 32, C: {default: 16, multiple_of: 8}, w: {kind: ratio, default: 0.75}, deep: {kind: flag, default: true}}
inputs: {image: [B, 3, H, H]}
blocks:
  unit: {args: {c: ~, k: 1}, body: [conv2d: {out: c, kernel: k, padding: same, bias: false}, batch_norm, relu]}
model:
  - {unit: {c: C, k: 3}, name: stem}
  - repeat: 2
    do:
      - residual: [unit: C_now]
  - when: deep and C_now == C
    do: [unit: 2*C]
    else: [unit: C]
  - {branches: [[], [unit: w*C]], name: both}
  - global_avg_pool
  - linear: 10
variants: {half: {set: {w: 1/2}}}
"""


def built() -> Spec:
    ops: dict[str, Any] = dict(Op.known)
    unit = Block(
        args={"c": None, "k": 1},
        body=(
            ops["conv2d"](out="c", kernel="k", padding="same", bias=False),
            ops["batch_norm"](),
            ops["relu"](op="relu"),
        ),
    )
    return Spec(
        name="tiny",
        symbols={
            "B": Symbol(default=1),
            "H": Symbol(default=32),
            "C": Symbol(default=16, multiple_of=8),
            "w": Symbol(kind="ratio", default="3/4"),
            "deep": Symbol(kind="flag", default=True),
        },
        inputs={"image": ("B", 3, "H", "H")},
        blocks={"unit": unit},
        model=(
            Call(block="unit", args={"c": "C", "k": 3}, name="stem"),
            Repeat(count=2, do=(Residual(main=(Call(block="unit", args={"c": "C_now"}),)),)),
            When(
                cond="deep and C_now == C",
                do=(Call(block="unit", args={"c": "2*C"}),),
                else_=(Call(block="unit", args={"c": "C"}),),
            ),
            Branches(branches=((), (Call(block="unit", args={"c": "w*C"}),)), name="both"),
            ops["global_avg_pool"](),
            ops["linear"](out=10),
        ),
        variants={"half": {"set": {"w": "1/2"}}},
    )


def test_yaml_and_python_build_the_same_models() -> None:
    assert symcost.read_spec(TINY) == built()


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_json_gives_the_same_model_back(path: Path) -> None:
    spec = symcost.read_spec(path)
    assert symcost.read_spec(spec.to_json().encode()) == spec


def test_json_of_python_models_gives_them_back() -> None:
    assert symcost.read_spec(built().to_json().encode()) == built()
