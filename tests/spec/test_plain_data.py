"""Specs as data of Python: what a program makes reads as what YAML would give, steps as objects among it."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import symcost
from symcost.catalog import files
from symcost.ops.conv import Conv2d
from symcost.spec.source import read
from symcost.spec.symbols import Symbol

HEAD: dict[str, Any] = {"symcost": 1, "name": "t", "inputs": {"x": [1, 3, 8, 8]}}


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_what_yaml_gives_is_taken(path: Path) -> None:
    tree = read(path).tree
    if "use" not in tree:  # a path is looked up beside a file
        assert symcost.read_spec(tree) == symcost.read_spec(path)


def test_a_program_may_mix_text_and_objects() -> None:
    symbols = {"C": 8, "a": {"kind": "ratio", "default": Fraction(1, 2)}, "b": Symbol(default=4)}
    steps = [{"conv2d": {"out": width, "kernel": 3}} for width in ("C", "2*C")]
    spec = symcost.read_spec(
        {**HEAD, "symbols": symbols, "model": (*steps, Conv2d(out_channels="a*C*b", kernel_size=1), "relu")}
    )
    same = symcost.read_spec(
        b"{symcost: 1, name: t, inputs: {x: [1, 3, 8, 8]}, symbols: {C: 8, a: {kind: ratio, default: 1/2}, b: 4}, "
        b"model: [conv2d: {out: C, kernel: 3}, conv2d: {out: 2*C, kernel: 3}, conv2d: {out: a*C*b, kernel: 1}, relu]}"
    )
    assert spec == same


def test_a_decimal_is_the_number_that_is_written() -> None:
    spec = symcost.read_spec({**HEAD, "model": [{"dropout": 0.1}]})
    assert spec == symcost.read_spec(b"{symcost: 1, name: t, inputs: {x: [1, 3, 8, 8]}, model: [dropout: 0.1]}")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({**HEAD, "model": ["rleu"]}, "model[0]: no op or block is named 'rleu'; did you mean 'relu'?"),
        ({**HEAD, "model": [{"linear": {"ouut": 3}}]}, "model[0].ouut: unknown key 'ouut'; did you mean 'out'?"),
        ({**HEAD, "model": {1, 2}}, 'a spec is plain data, steps and numbers: "{1, 2}" is none of these'),
        (
            {**HEAD, "model": [{"dropout": math.nan}]},
            "a spec is plain data, steps and numbers: Out of range float values are not JSON compliant",
        ),
    ],
)
def test_problems_have_paths(data: dict[str, Any], said: str) -> None:
    with pytest.raises(symcost.SpecError) as caught:
        symcost.read_spec(data)
    assert said in str(caught.value).splitlines()


def test_a_problem_of_the_network_has_a_path() -> None:
    spec = symcost.read_spec({**HEAD, "model": ["relu", {"linear": 3}, {"conv1d": {"out": 3, "kernel": 3}}]})
    with pytest.raises(symcost.SpecError, match=r"^model\[2\]: node 'conv1d' takes \(B, C, W\), got \(1, 3, 8, 3\)$"):
        symcost.Architecture("t", spec).cost()


def test_what_goes_round_in_circles() -> None:
    steps: list[Any] = ["relu"]
    steps.append({"residual": steps})
    with pytest.raises(symcost.SpecError, match="plain data, steps and numbers: Circular reference detected"):
        symcost.read_spec({**HEAD, "model": steps})
