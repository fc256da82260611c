"""The best interval of checkpoints: as a formula beside Chen et al. 2016, and against all whole numbers of rounds."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import sympy

import symcost
from symcost.algebra.poly import evaluate
from symcost.algebra.to_sympy import sympy_symbol
from symcost.errors import NoAnswer, UsageError
from tests.checkpointing.gpt import gpt

DEEP = """
symcost: 1
name: net
symbols: {B: 2, C: 8, L: 36}
inputs: {x: [B, C]}
model:
  - linear: C
  - repeat: L
    do: [{linear: {out: C, bias: false}}]
"""
"""Each round keeps as much as a checkpoint holds: what it reads."""


def test_square_root_of_the_depth(tmp_path: Path) -> None:
    """Chen et al. 2016, section 4: O(sqrt(L)) memory, here with as many bytes for a checkpoint as for a round."""
    path = tmp_path / "net.yaml"
    path.write_text(DEEP)
    found = symcost.checkpoint_interval(symcost.load(path), {"L": 36})
    assert found.formula == sympy.sqrt(sympy_symbol("L"))
    assert abs(found.every - 6) <= 1
    assert found.value == min(found.tried.values())


def test_formula_of_a_gpt(tmp_path: Path) -> None:
    """A checkpoint is 2 B T E bytes; a round keeps B T (34 E + 5 h T), and 8 B T of statistics."""
    found = symcost.checkpoint_interval(symcost.load(gpt(tmp_path)).under(precision="mixed_fp16"))
    E, T, h, L = (sympy_symbol(name) for name in "EThL")
    assert sympy.simplify(found.formula**2 - 2 * E * L / (34 * E + 5 * T * h + 8)) == 0
    assert found.every == 1  # sqrt(L/41) < 2: rounds keep so much that each is run again alone


def test_all_whole_numbers_are_tried() -> None:
    """Groups of three rounds of llama3-8b, the last one of two; a formula in all sizes stands beside it."""
    network = symcost.load("llama3-8b").under(precision="mixed_bf16")
    found = symcost.checkpoint_interval(network)
    assert found.every == 3
    assert list(found.tried) == list(range(1, 33))
    assert found.value == min(found.tried.values())
    at = {str(size): value for size, value in found.at.items()}
    real = found.formula.subs({sympy_symbol(name): value for name, value in at.items()})
    assert 1 < real < 3
    every = network.under(precision="mixed_bf16", checkpoint="every", checkpoint_every="n").cost()
    for n in (1, 2, 4, 8, 16, 32):
        assert evaluate(every.poly("step_peak_bytes"), {**found.at, "n": n}) == found.tried[n]
    smooth = {n: evaluate(found.form.formula, {**found.at, "checkpoint_every": n}) for n in (1, 2, 4, 8, 16, 32)}
    assert all(value <= found.tried[n] for n, value in smooth.items())
    assert math.isclose(float(real), min(smooth, key=lambda n: abs(n - float(real))), abs_tol=1)


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(NoAnswer, match=r"^AlexNet has no repetition, between whose rounds checkpoints could stand$"):
        symcost.checkpoint_interval(symcost.load("alexnet"))
    with pytest.raises(UsageError, match=r"^the setup sets other checkpoints: leave checkpoint out$"):
        symcost.checkpoint_interval(symcost.load(gpt(tmp_path)).under(checkpoint="full"))
    with pytest.raises(NoAnswer, match=r"^300 rounds are more than the 256 that are tried one by one$"):
        symcost.checkpoint_interval(symcost.load(gpt(tmp_path)), {"L": 300})
