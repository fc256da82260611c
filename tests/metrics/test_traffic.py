"""Bytes that are moved, by number formats, on nets said by hand and on shipped ones."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import symcost
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.cost import Cost
from symcost.graph.build import build
from symcost.metrics.convention import convention
from tests.graph.nets import RELU, Step, op, spec

B, C, V = map(symbol, "BCV")
ROWS: dict[str, Any] = {"symbols": {"B": 2, "C": 4}, "inputs": {"x": ["B", "C"]}}
LINEAR = op("linear", out="C", bias=False)


def bytes_of(metric: str, *steps: Step, **settings: object) -> Num:
    setup = symcost.Setup(**settings)
    return Cost(setup.on(build(spec(*steps, **ROWS), {})), convention("symcost"), "net", setup).poly(metric)


def test_widths_are_those_of_the_precision() -> None:
    assert bytes_of("traffic_bytes", LINEAR) == 4 * (2 * B * C + C**2)
    assert bytes_of("traffic_bytes", LINEAR, precision="mixed_bf16") == 2 * (2 * B * C + C**2)
    assert bytes_of("traffic_bytes", LINEAR, precision="fp32:weight=fp8") == 8 * B * C + C**2


def test_scales_of_quantised_matrices_are_read() -> None:
    whole = bytes_of("traffic_bytes", LINEAR, precision="int8") - 4 * B * C
    assert whole == bytes_of("weight_bytes", LINEAR, precision="int8") == C**2 + 4 * C


def test_gradients_are_as_wide_as_the_precision_says() -> None:
    recipes = ("mixed_bf16", "mixed_bf16:gradient=fp32")
    half, whole = (bytes_of("train_traffic_bytes", LINEAR, precision=recipe) for recipe in recipes)
    assert whole - half == 2 * C**2, "of weights; those of activations are held as these are"


def test_the_first_layer_moves_no_gradient_of_its_input() -> None:
    forward, to_weight = 2 * B * C + C**2, 2 * B * C + C**2
    assert bytes_of("train_traffic_bytes", LINEAR) == 4 * (forward + to_weight)
    assert bytes_of("train_traffic_bytes", LINEAR, LINEAR) == 4 * (2 * forward + 2 * to_weight + 2 * B * C + C**2)


def test_joined_nodes_move_less() -> None:
    apart, joined = (bytes_of("traffic_bytes", LINEAR, RELU, fused=fused) for fused in (False, True))
    assert apart - joined == 4 * 2 * B * C


def test_a_footprint_is_each_byte_once() -> None:
    assert bytes_of("footprint_bytes", LINEAR, RELU) == 4 * (3 * B * C + C**2)


def test_one_token_reads_all_weights_and_the_cache() -> None:
    """A pass of one token after S moves the weights, the keys and values, and next to nothing else."""
    net = symcost.load("llama3_8b").under(precision="bf16")
    cost = net.cost(decode=True)
    env = cost.bindings({"S": 8191})
    weights = evaluate(cost.poly("weight_bytes"), env)
    table = 2 * env["V"] * env["E"]  # of tokens, of which a row is read
    cache = 2 * evaluate(cost.poly("kv_cache"), env)
    moved = Fraction(evaluate(cost.poly("traffic_bytes"), env))
    assert cache == 131_072 * 8192
    assert 0 < moved - (weights - table + cache) < Fraction(1, 1000) * moved


@pytest.mark.parametrize("name", ["resnet50", "gpt2", "swin_t", "mobilenet_v2", "mixtral", "mamba"])
def test_traffic_is_more_than_the_footprint_and_less_when_joined(name: str) -> None:
    cost = symcost.load(name).cost()
    env = cost.bindings({})
    joined = symcost.load(name).under(fused=True).cost()
    traffic, least = (evaluate(c.poly("traffic_bytes"), env) for c in (cost, joined))
    assert least < traffic < evaluate(cost.poly("train_traffic_bytes"), env)
