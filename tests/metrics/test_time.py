"""How long passes take: kernels by hand, and shipped networks between what bounds them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import symcost
from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.cost import Cost
from symcost.errors import NoAnswer, UsageError
from symcost.graph.build import build
from symcost.metrics.convention import convention
from symcost.metrics.time import clock
from tests.graph.nets import RELU, Step, op, repeat, spec

B, C, n = map(symbol, "BCn")
ROWS: dict[str, Any] = {"symbols": {"B": 2, "C": 4, "n": {"default": 3, "min": 1}}, "inputs": {"x": ["B", "C"]}}
LINEAR = op("linear", out="C", bias=False)
OWN = {"peak": 1000, "memory_bandwidth": 10}
BOX = {"B": (1, None), "C": (1, None), "n": (1, None)}


def seconds(metric: str, *steps: Step, by: str = "torch", **settings: object) -> Num:
    setup = symcost.Setup(**(settings or OWN))
    return Cost(setup.on(build(spec(*steps, **ROWS), {})), convention(by), "net", setup).poly(metric)


def roofed(work: Num, moved: Num) -> Num:
    return maximum((work * Fraction(1, 1000), moved * Fraction(1, 10)), BOX)


PRODUCT = roofed(2 * B * C**2, 4 * (2 * B * C + C**2))


def test_a_pass_is_its_kernels_one_after_the_other() -> None:
    assert seconds("forward_s", LINEAR) == PRODUCT
    assert seconds("forward_s", repeat("n", LINEAR)) == n * PRODUCT
    assert seconds("forward_s", LINEAR, RELU) == PRODUCT + 8 * B * C * Fraction(1, 10)


def test_what_is_joined_is_one_kernel() -> None:
    joined = seconds("forward_s", LINEAR, RELU, by="symcost", fused=True, **OWN)
    assert joined == roofed(2 * B * C**2 + B * C, 4 * (2 * B * C + C**2))


def test_bounds_of_computing_and_of_moving() -> None:
    assert seconds("computing_s", LINEAR, RELU) == 2 * B * C**2 * Fraction(1, 1000)
    assert seconds("moving_s", LINEAR, RELU) == 4 * (4 * B * C + C**2) * Fraction(1, 10)


def test_a_training_pass_is_three_products_less_the_first_gradient() -> None:
    assert seconds("pass_s", LINEAR) == 2 * PRODUCT
    assert seconds("pass_s", LINEAR, LINEAR) == 5 * PRODUCT
    assert seconds("pass_s", repeat("n", LINEAR)) == (3 * n - 1) * PRODUCT


def test_peaks_may_be_symbols() -> None:
    setup = symcost.Setup(device="h100", precision="bf16").free("memory_bandwidth", "efficiency")
    cost = symcost.load("gpt2").under(setup).cost()
    faster = [
        evaluate(cost.poly("forward_s"), cost.bindings({"memory_bandwidth": w, "efficiency": Fraction(1, 2)}))
        for w in (10**12, 2 * 10**12, 4 * 10**12)
    ]
    assert faster == sorted(faster, reverse=True) and faster[2] < faster[0]


@pytest.mark.parametrize("name", ["resnet50", "gpt2", "llama3_8b", "efficientnet", "swin_t", "mixtral", "unet"])
@pytest.mark.parametrize("fused", [False, True])
def test_a_pass_takes_at_least_either_bound_and_at_most_both(name: str, fused: bool) -> None:
    cost = symcost.load(name).under(device="a100", precision="mixed_bf16", fused=fused).cost()
    env = cost.bindings({})
    whole, computing, moving = (
        Fraction(evaluate(cost.poly(metric), env)) for metric in ("forward_s", "computing_s", "moving_s")
    )
    assert max(computing, moving) <= whole <= computing + moving
    assert evaluate(cost.poly("pass_s"), env) > 2 * whole


def test_one_token_takes_as_long_as_its_weights_and_cache_take_to_read() -> None:
    """Pope et al. 2022 (arXiv:2211.05102), section 2: a small batch that decodes is bound by memory."""
    net = symcost.load("llama3_8b").under(device="h100", precision="bf16")
    cost = net.cost(decode=True)
    env = cost.bindings({"B": 1, "S": 8191})
    assert evaluate(cost.poly("forward_s"), env) == evaluate(cost.poly("moving_s"), env)
    weights = evaluate(cost.poly("weight_bytes"), env) - 2 * env["V"] * env["E"]
    law = Fraction(weights + 2 * evaluate(cost.poly("kv_cache"), env), 3_350 * 10**9)
    assert 1 < Fraction(evaluate(cost.poly("forward_s"), env)) / law < Fraction("1.001")


def test_the_largest_batch_at_a_latency_is_proved() -> None:
    cost = symcost.load("llama3_8b").under(device="h100", precision="bf16").cost(decode=True)
    found = symcost.solve(cost, for_="B", budgets=["forward_s <= 25 ms"], at={"S": 8191})
    quick, slow = (evaluate(cost.poly("forward_s"), cost.bindings({"B": b, "S": 8191})) for b in (63, 64))
    assert found.answer == 63 and quick <= Fraction(1, 40) < slow


def test_macs_are_no_time() -> None:
    with pytest.raises(NoAnswer) as caught:
        seconds("forward_s", LINEAR, by="fvcore")
    assert str(caught.value) == "time is of FLOPs, and convention 'fvcore' counts MACs"


def test_time_needs_a_device() -> None:
    with pytest.raises(UsageError, match=r"what it runs on is not said: say device=\.\.\."):
        seconds("forward_s", LINEAR, precision="bf16")
    with pytest.raises(UsageError, match="device 'v100' has no dense peak for 'bf16'"):
        seconds("forward_s", LINEAR, precision="bf16", device="v100")


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    """Of two devices, asked in turn about every node, each keeps its own times."""
    fast, slow = (symcost.load("gpt2").under(device=name, precision="bf16").cost() for name in ("h100", "a100"))
    clocks = [(clock(cost.graph, cost.basis), cost) for cost in (fast, slow)]
    for kept, cost in clocks * 2:
        assert clock(cost.graph, cost.basis) is kept and kept.basis is cost.basis
    alone = symcost.load("gpt2").under(device="h100", precision="bf16").cost()
    assert fast.poly("forward_s") == alone.poly("forward_s") != slow.poly("forward_s")


@pytest.mark.parametrize(
    "given", [{"peak": 10**6, "memory_bandwidth": 10**30}, {"peak": 10**30, "memory_bandwidth": 1000}]
)
def test_rounds_that_differ_in_what_bounds_them_are_added_one_by_one(given: dict[str, int]) -> None:
    """Widths of DenseNet grow from round to round, so that the longer of two times has no closed sum."""
    cost = symcost.load("densenet121").under(**given).cost("torch")
    whole = cost.at()
    work, moved = (
        Fraction(whole.train_flops) / given["peak"],
        Fraction(whole.train_traffic_bytes) / given["memory_bandwidth"],
    )
    assert max(work, moved) <= whole.pass_s <= work + moved
