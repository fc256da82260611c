"""A formula at some values is the cost of the network built with these values; what one refuses the other refuses."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from symcost.algebra.needs import Divides
from symcost.algebra.poly import evaluate, symbol
from symcost.architecture import Architecture, variant_of
from symcost.errors import SpecError
from symcost.metrics.metric import metrics
from symcost.spec import read_spec
from symcost.spec.symbols import Symbol

SPEC = """
symcost: 1
name: net
symbols:
  B: 1
  C: {{default: 16, multiple_of: 2}}
  H: {{default: 64, multiple_of: 4}}
  n: {{default: 3, min: 0}}
  m: {{default: 2, min: 0}}
  a: {{kind: ratio, default: 1/2}}
inputs: {{x: [B, C, H, H]}}
blocks:
  head:
    args: {{n: ~}}
    body: [{{repeat: n, do: [{{conv2d: {{out: C_now, kernel: 3, padding: 1}}}}]}}]
model: [{0}]
"""
TOLD = [name for name, m in metrics().items() if not {"hardware", "run"} & {*m.under}]
"""All metrics but those of a device and of a data set, of which nothing is said here."""
CONV = "{conv2d: {out: C_now, kernel: 1}, weights: w}"


def net(model: str) -> Architecture:
    """Return the network of some steps, written in YAML."""
    return variant_of(read_spec(SPEC.format(model).encode()), None)


def both(model: str, **values: Any) -> dict[str, object]:
    """Return all metrics, after making sure that formulas and numbers agree."""
    cost = net(model).cost()
    env = cost.bindings(values)
    formulas = {name: evaluate(cost.poly(name), env) for name in TOLD}
    fixed = net(model).fix(**env).cost()
    assert formulas == {name: fixed.poly(name) for name in TOLD}
    return dict(formulas)


@pytest.mark.parametrize("h", [4, 12, 20, 56])
def test_a_gcd_of_a_part(h: int) -> None:
    """Cells read by pooling H/4 to 6: the 4 that divides H is not lost when results are written in H."""
    found = both("{max_pool2d: 4}, {adaptive_avg_pool2d: 6}", H=h)
    assert found["elementwise.compare"] == 15 * 16 * (h // 4) ** 2
    assert str(net("{max_pool2d: 4}, {adaptive_avg_pool2d: [6, 1]}").cost().poly("elementwise.add")).count("gcd(H, 24)")


@pytest.mark.parametrize("c", [2, 6, 16])
def test_gcds_of_parts_as_groups(c: int) -> None:
    both("{conv2d: {out: C//2, kernel: 1}}, {conv2d: {out: C_now, kernel: 3, groups: 'gcd(C_now, 8)'}}", C=c)


def test_zero_divides_nothing() -> None:
    c = symbol("C")
    assert not Divides(c - 4, c).holds({"C": 4})
    with pytest.raises(SpecError, match="C = 2 is refused at node 'conv2d': needs C >= 4"):
        net("{conv2d: {out: C, kernel: 1, groups: C//4}}").cost().at(C=2)


@pytest.mark.parametrize(("first", "second"), [("2", "3"), ("3", "2"), ("n", "m"), ("n", "1")])
def test_shared_blocks_repeat_alike(first: str, second: str) -> None:
    """One set of weights cannot stand for different numbers of rounds."""
    with pytest.raises(SpecError, match=r"shares weights 'w\.repeat\.conv2d' in other numbers of rounds"):
        net(f"{{head: {first}, weights: w}}, {{head: {second}, weights: w}}").cost()


def test_weights_of_rounds_counted_at_once_and_of_a_single_round() -> None:
    one = 16 * 16 * 9 + 16
    assert both("{head: 3, weights: w}, {head: 3, weights: w}")["params"] == 3 * one
    assert both("{head: 1, weights: w}, {head: 1, weights: w}")["params"] == one


def test_a_shared_block_that_grows() -> None:
    """Rounds of 1, 2 and 3 convolutions use three sets of weights; how many n rounds use has no closed form."""
    growing = "{{repeat: {0}, index: i, do: [{{head: i + 1, weights: w}}]}}"
    assert both(growing.format(3))["params"] == 3 * (16 * 16 * 9 + 16)
    with pytest.raises(SpecError, match=r"in other numbers of rounds from round to round: i \+ 1"):
        net(growing.format("n")).cost()


@pytest.mark.parametrize("count", ["n - 1", "n"])
def test_what_rounds_share_needs_a_round(count: str) -> None:
    """Shared weights count once, and in no round they would count never."""
    model = f"{{repeat: '{count}', do: [{CONV}]}}"
    assert both(model, n=4)["params"] == 16 * 17
    with pytest.raises(SpecError, match=r"n = \d is refused at node 'repeat\.conv2d': needs n >= "):
        net(model).cost().at(n=1 if count == "n - 1" else 0)


def test_evaluation_does_not_read_what_training_makes() -> None:
    with pytest.raises(SpecError, match="node 'relu' reads 'aux', which is there in training only"):
        net("{conv2d: {out: 4, kernel: 1}, name: aux, only: training}, {relu: ~, from: aux}").cost()


def test_parameters_in_training_are_whole() -> None:
    """Parameters count in training too, so what their sizes rest on is asked; what a window rests on is not."""
    model = "{conv2d: {out: 24*a, kernel: 5}, only: training}"
    assert net(model).cost().graph.conditions == ("24*a is whole",)
    with pytest.raises(SpecError, match=r"a = 1/5 is refused at node 'conv2d'"):
        net(model).cost().at(a=Fraction(1, 5))


def test_joins_of_several_conditions_are_refused_in_words() -> None:
    model = "branches: [[], [{pad: [0, 1, 0, 1]}, {max_pool2d: 3}, {upsample: 3}]], join: add"
    with pytest.raises(SpecError, match="equal iff"):
        net(f"{{{model}}}").cost()


@pytest.mark.parametrize("value", [None, [1], "x y"])
def test_a_value_that_is_no_number(value: Any) -> None:
    with pytest.raises(SpecError):
        net(CONV).fix(a=value)


def test_a_dimension_is_not_negative() -> None:
    with pytest.raises(ValueError, match="min -2 is negative, and the kind is dimension"):
        Symbol.model_validate({"min": -2})
