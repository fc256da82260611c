"""Every shipped network against plain loops over integers: the same totals, and the same sizes refused."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

import pytest

import symcost
from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate
from symcost.architecture import Architecture
from symcost.catalog import names
from symcost.errors import NoAnswer, SpecError
from symcost.spec.symbols import Symbol
from tests.specs.naive.terms import Misfit, Totals
from tests.specs.naive.walk import count

Values = dict[str, Number | bool]
Sums = dict[str, Number]
ADMITTED, DRAWS = 5, 150


@pytest.mark.parametrize("name", names())
def test_totals_are_those_of_loops(name: str) -> None:
    """At the defaults and at random values of all symbols, both give the same totals or both refuse."""
    path, admitted = names()[name], 0
    for values, found in answers(symcost.load(name), random.Random(name)):  # noqa: S311 - the same ones in every run
        assert found == of_loops(path, None if name == path.stem else name, values), values
        admitted += found is not None
        if admitted > ADMITTED:
            return
    pytest.fail(f"of {DRAWS} draws only {admitted} were admitted")


def answers(architecture: Architecture, chance: random.Random) -> Iterator[tuple[Values, Sums | None]]:
    """Find symcost's totals at the defaults and at values drawn at random, None where it refuses them."""
    structural = {name: symbol for name, symbol in architecture.symbols.items() if symbol.structural}
    structures = [{}, draw(chance, structural)] if structural else [{}]
    costs = [(structure, architecture.cost("torch", **structure)) for structure in structures]
    yield {}, of_symcost(costs[0][1], {})
    for _ in range(DRAWS):
        structure, cost = chance.choice(costs)
        values = draw(chance, cost.symbols)
        try:
            yield {**structure, **values}, of_symcost(cost, values)
        except NoAnswer:  # a sum over rounds without a closed form at this structure
            costs = costs[:1]


def draw(chance: random.Random, symbols: Mapping[str, Symbol]) -> Values:
    return {name: drawn(chance, symbol) for name, symbol in symbols.items()}


def drawn(chance: random.Random, symbol: Symbol) -> Number | bool:
    """Draw a value, at times out of bounds; half of the sizes are multiples of the default, which groups divide."""
    if symbol.kind == "flag":
        return chance.random() < 0.5
    if symbol.kind == "constant":
        return chance.randint(symbol.min or 0, symbol.max or symbol.default)
    if symbol.kind == "ratio":
        return Fraction(chance.randint(1, 12), chance.choice((2, 4, 5, 8, 9)))
    if chance.random() < 0.5:
        return int(symbol.default * chance.randint(1, 3))
    return symbol.step * chance.randint(int(chance.random() > 0.02), max(2 * symbol.default // symbol.step, 6))


def of_symcost(cost: symcost.Cost, values: Mapping[str, Number]) -> Sums | None:
    try:
        env = cost.bindings(values)
    except SpecError:
        return None
    return {metric: evaluate(cost.poly(metric), env) for metric in asdict(Totals())}


def of_loops(path: Path, variant: str | None, values: Mapping[str, Number | bool]) -> Sums | None:
    try:
        return asdict(count(path, variant, **values))
    except Misfit:
        return None


RARE = """
symcost: 1
name: Words that no shipped network has
symbols:
  B: 2
  C: {default: 4, multiple_of: 2, max: 40}
  H: 9
  L: 3
  n: {kind: constant, default: 2, min: 1, max: 3}
inputs: {image: [B, C, H, H], mask: [B, 1, H, H]}
blocks:
  fork:
    args: {c: ~, k: 2 * C_in - C_in - C + 1, half: c / 2}
    inputs: [x, m]
    body:
      - {conv2d: {out: c, kernel: [k, 3], padding: [0, 1]}, from: x, name: wide}
      - {mul: ~, from: [here, m], name: masked}
      - {conv2d: {out: half, kernel: 1, groups: "gcd(half, 2)"}, from: x, name: thin}
    outputs: [thin, masked]
model:
  - {fork: C, from: [image, mask], name: both}
  - {branches: [[relu], []], join: none, from: both.masked, name: two}
  - {concat: 1, from: [both.thin, two.1]}
  - repeat: L
    index: i
    do:
      - branches: [[], [conv2d: {out: "2*C if n == 2 and not false else C*n", kernel: 2*i + 1, padding: i}]]
  - max_pool2d: {kernel: 2, stride: 3, padding: 1, ceil_mode: true}
  - {linear: "ceil(-E_now * -1.5 / 2) + n**2 % 3", only: training, name: head}
  - linear: {out: "make_divisible(E_now, 8) + floor(C_now / 3)", bias: false}
"""


def test_words_that_no_shipped_network_has(tmp_path: Path) -> None:
    path = tmp_path / "rare.yaml"
    path.write_text(RARE)
    found = list(answers(symcost.load(path), random.Random(1)))  # noqa: S311 - the same ones in every run
    assert found == [(values, of_loops(path, None, values)) for values, _ in found]
    assert sum(totals is not None for _, totals in found) > ADMITTED
