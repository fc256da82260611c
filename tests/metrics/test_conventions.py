"""Conventions against prices worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from symcost.algebra.poly import Num
from symcost.errors import UsageError
from symcost.metrics.convention import Convention, convention, conventions
from symcost.ops.facts import KINDS, Facts
from tests.graph.nets import BN, RELU, Step, conv, cost, op

IMAGE = {"symbols": {}, "inputs": {"x": [2, 3, 8, 8]}}


def flops(prices: str, *model: Step, **fields: Any) -> Num:
    return cost(*model, prices=prices, **{**IMAGE, **fields}).poly("flops")


@pytest.mark.parametrize(
    ("step", "textbook", "torch"),
    [
        (conv(5, 3), 2 * (2 * 5 * 8 * 8 * 3 * 9), 2 * (2 * 5 * 8 * 8 * 3 * 9)),
        (op("conv2d", out=5, kernel=3, bias=True), 2 * (2 * 5 * 6 * 6 * 3 * 9), 2 * (2 * 5 * 6 * 6 * 3 * 9)),
        (op("conv_transpose2d", out=5, kernel=2, stride=2), 2 * (2 * 3 * 8 * 8 * 5 * 4), 2 * (2 * 3 * 8 * 8 * 5 * 4)),
        (op("linear", out_features=7), 2 * (2 * 3 * 8) * 8 * 7, 2 * (2 * 3 * 8) * 8 * 7),
        (op("max_pool2d", kernel=2), 2 * 3 * 16 * 4, 0),
        (op("avg_pool2d", kernel=2), 2 * (2 * 3 * 16 * 4), 0),
        (op("max_pool2d", kernel=3, stride=2, padding=1), 2 * 3 * 16 * 9, 0),
        (op("global_avg_pool"), 2 * (2 * 3 * 64), 0),
        (op("adaptive_avg_pool2d", output_size=4), 2 * (2 * 3 * 64), 0),
        (RELU, 2 * 3 * 64, 0),
        (BN, 4 * 2 * 3 * 64, 0),
        (op("dropout"), 0, 0),
        (op("flatten"), 0, 0),
    ],
    ids=lambda value: str(value.get("op")) if isinstance(value, dict) else "",
)
def test_prices_by_hand(step: Step, textbook: int, torch: int) -> None:
    assert flops("textbook", step) == textbook
    assert flops("torch", step) == torch


def test_functions_with_exp_cost_more_than_relu() -> None:
    elements = 2 * 3 * 64
    for tag in ("sigmoid", "tanh", "silu", "softmax"):
        dear = flops("textbook", op(tag))
        assert isinstance(dear, int)
        assert dear > elements


def test_torch_does_not_know_bilinear() -> None:
    pair: dict[str, Any] = {"inputs": {"a": [2, 3], "b": [2, 4]}}
    step = op("bilinear", out_features=5, reads=["a", "b"])
    assert flops("torch", step, **pair) == 0
    assert cost(step, symbols={}, **pair).poly("macs") != 0


def test_the_default_is_two_for_a_mac_and_one_for_anything_else() -> None:
    found = cost(conv("C", 3), BN, RELU, op("sigmoid"))
    assert found.poly("flops") == 2 * found.poly("macs") + found.poly("elementwise")


def made(**fields: Any) -> Convention:
    return Convention(**{"name": "own", "about": "", "source": "", "prices": {"mac": 1}, **fields})


FACTS = Facts(outs=((2, 5),), work={"mac": 100, "add": 10, "exp": 3}, taps=40)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (made(), 100),
        (made(other=1), 113),
        (made(prices={"mac": 2, "exp": 8}, other=1), 200 + 10 + 24),
        (made(other=1, by_op={"conv*": {}}), 100),
        (made(other=1, by_op={"pool": {}}), 113),
        (made(other=1, by_op={"conv2?": {"out": 3, "in": 2, "taps": 1}}), 100 + 3 * 10 + 2 * 6 + 40),
        (made(other=1, by_op={"*": {"mac": 0, "out": 1}}), 10),
        (made(by_op={"conv2d": {"out": 1}, "conv*": {}}), 110),
    ],
)
def test_rules(own: Convention, expected: int) -> None:
    assert own.flops("conv2d", FACTS, ((2, 3),)) == expected


def test_every_convention_is_well_formed() -> None:
    for name, known in conventions().items():
        assert known is convention(name)
        assert known.about
        assert known.source
        assert known.prices.keys() <= KINDS.keys()
        assert {what for rule in known.by_op.values() for what in rule} <= {"mac", "out", "in", "taps"}


def test_unknown_names() -> None:
    with pytest.raises(UsageError, match=r"^there is no convention 'torhc'; did you mean 'torch'\?; known are "):
        convention("torhc")
    with pytest.raises(KeyError, match="is not a kind of work"):
        convention("torch").price("macs")
