"""Rounds counted at once are the rounds counted one by one."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost.algebra.poly import evaluate, substitute
from symcost.cost import Cost
from symcost.errors import SpecError
from tests.graph.nets import BN, RELU, Step, branches, call, conv, cost, graph, op, repeat, residual, when

METRICS = ("params", "buffers", "macs", "flops", "elementwise", "activations")
SYMBOLS = {"B": 1, "C": 16, "H": 40, "W": 40, "k": 4, "n": 3, "m": 2}

keeps = st.sampled_from(
    [
        RELU,
        BN,
        conv("C_now", 3),
        conv("C_now", 3, groups="C_now"),
        residual(conv("C_now", 3), BN, RELU),
        op("upsample", scale_factor=1),
        when("k > 0", op("hardswish")),
        repeat("m", conv("C_now"), RELU),
        op("avg_pool2d", kernel=3, stride=1, padding=1),
        call("squeeze", r="k"),
    ]
)
grows = st.sampled_from(
    [
        conv("C_now + k"),
        branches([], [BN, conv("k", 3)]),
        residual(conv("C_now + 2"), shortcut=(conv("C_now + 2"),)),
        op("pad", padding=[1, 1, 2, 1]),
        op("conv2d", out="C_now", kernel=3),
        branches([conv("k")], [], [conv(3, 3)]),
        repeat("m", conv("C_now + 1")),
    ]
)
bodies = st.lists(keeps | grows, min_size=1, max_size=4)
BLOCKS = {
    "squeeze": {
        "args": {"r": None},
        "body": [residual(op("global_avg_pool", keepdim=True), conv("r"), RELU, conv("C_in"), op("sigmoid"))],
    },
}


def costs(body: list[Step], count: int | str, **fields: Any) -> Cost:
    return cost(repeat(count, *body), conv(8), symbols=SYMBOLS, blocks=BLOCKS, **fields)


def one_by_one(body: list[Step], rounds: int) -> Cost:
    return cost(*body * rounds, conv(8), symbols=SYMBOLS, blocks=BLOCKS)


@settings(deadline=None)
@given(body=bodies, rounds=st.integers(0, 6))
def test_closed_counts_are_the_unrolled_ones(body: list[Step], rounds: int) -> None:
    free, fixed, unrolled = costs(body, "n"), costs(body, rounds), one_by_one(body, rounds)
    for name in METRICS:
        expected = unrolled.poly(name)
        assert substitute(free.poly(name), {"n": rounds}) == expected, name
        assert fixed.poly(name) == expected, name
    assert len(free.graph.nodes) <= 1 + 8 * len(body)


@settings(deadline=None)
@given(body=bodies, rounds=st.integers(1, 5), side=st.integers(1, 24), width=st.integers(1, 9))
def test_conditions_are_those_of_every_round(body: list[Step], rounds: int, side: int, width: int) -> None:
    values = {"H": side, "W": side, "C": width}
    free, unrolled = costs(body, "n"), one_by_one(body, rounds)
    assert allowed(free, {**values, "n": rounds}) == allowed(unrolled, values)


def allowed(found: Cost, values: dict[str, int]) -> bool:
    try:
        found.bindings(values)
    except SpecError:
        return False
    return True


def test_a_growing_size_sums_to_a_polynomial() -> None:
    found = cost(repeat("n", conv("C_now + k")), symbols=SYMBOLS)
    assert str(found.poly("params")) == "k**2*n**3/3 + C*k*n**2 + C**2*n - k**2*n/3"
    (node,) = found.graph.nodes
    assert [str(size) for size in node.facts.outs[0]] == ["B", "i*k + C + k", "H", "W"]
    assert [str(size) for size in found.graph.outputs[0].shape] == ["B", "k*n + C", "H", "W"]


def test_a_million_rounds() -> None:
    start = time.perf_counter()
    found = cost(repeat(10**6, branches([], [BN, RELU, conv(32, 3)])))
    assert time.perf_counter() - start < 1
    assert len(found.graph.nodes) == 4
    assert evaluate(found.poly("params"), {"C": 16}) == sum(2 * c + 9 * 32 * c for c in range(16, 16 + 32 * 10**6, 32))


def test_what_has_no_closed_form_is_unrolled() -> None:
    body = [conv("C"), op("max_pool2d", kernel=2)]
    unrolled = graph(repeat(3, *body))
    assert [node.name for node in unrolled.nodes[2:4]] == ["repeat.round_2.conv2d", "repeat.round_2.max_pool2d"]
    assert cost(repeat(3, *body)).poly("macs") == cost(*body * 3).poly("macs")
    assert unrolled.conditions == ("H >= 8", "W >= 8")


TOO_MANY = (
    " cannot be closed: sizes are divided in every round; "
    "and 10,001 rounds are too many to go through, the most are 10,000"
)


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (
            repeat("n", conv("C", 3, stride=2, padding=0)),
            (
                " cannot be closed for a symbolic count: a round makes ceil(V/2) - 1 of a size V, "
                "which is not a*V + b with a number a; FIX"
            ),
        ),
        (
            repeat("n", conv("m*C_now")),
            (
                " cannot be closed for a symbolic count: a round makes V*m of a size V, "
                "which is not a*V + b with a number a; FIX"
            ),
        ),
        (
            repeat("n", when("i > 0", RELU), index="i"),
            (
                " cannot be closed for a symbolic count: model[0].do[0]: node 'repeat.when': when: 'i > 0': "
                "cannot decide i > 0 for every value of i; FIX"
            ),
        ),
        (
            repeat(10**6, conv("2*C_now")),
            (
                " cannot be closed: 2**1000000 has more than 4,096 bits, and no size of a network has; "
                "and 1,000,000 rounds are too many to go through, the most are 10,000"
            ),
        ),
        (
            repeat("n", conv("C + floor(H/2**i)"), conv("C"), index="i"),
            " cannot be closed for a symbolic count: no closed sum: floor(H/2**i) depends on the repetition; FIX",
        ),
        (
            repeat("n", op("flatten")),
            " cannot be closed for a symbolic count: a round changes the number of tensors or axes; FIX",
        ),
        (repeat(10_001, op("max_pool2d", kernel=2)), TOO_MANY),
        (repeat("k - 6", RELU), ": count must be a whole number of at least 0, got -2"),
        (repeat("k/3", RELU), ": count must be a whole number of at least 0, got 4/3"),
    ],
)
def test_refusals(step: Step, message: str) -> None:
    symbols = {**SYMBOLS, "k": {"kind": "constant", "default": 4}}
    with pytest.raises(SpecError) as caught:
        graph(step, symbols=symbols)
    assert str(caught.value) == "model[0]: node 'repeat'" + message.replace("FIX", "fix the count with a number")


def test_the_count_itself_is_checked() -> None:
    found = cost(repeat("n/2 - 1", RELU), symbols=SYMBOLS)
    assert found.graph.conditions == ("2 divides n",)  # which of a positive n says that it is at least 2
    assert found.at(n=6).activations == 2 * found.at(n=4).activations
    for n in (3, 5):
        with pytest.raises(SpecError, match="needs 2 divides n"):
            found.at(n=n)
    assert cost(repeat("n - 1", RELU), symbols=SYMBOLS).graph.conditions == ()
    assert cost(repeat("n - 2", RELU), symbols=SYMBOLS).graph.conditions == ("n >= 2",)


def test_index() -> None:
    body = [conv("C*(i + 1)"), conv("C")]
    found = cost(repeat("n", *body, index="i"), symbols=SYMBOLS)
    assert str(found.poly("params")) == "C**2*n**2 + C**2*n"
    assert cost(repeat(3, *body, index="i")).poly("params") == substitute(found.poly("params"), {"n": 3})
    assert str(cost(repeat(1, *body, index="i")).poly("params")) == "2*C**2"


def test_inner_rounds_may_depend_on_outer_ones() -> None:
    triangle = repeat("n", repeat("j", conv("C")), index="j")
    assert str(cost(triangle, symbols=SYMBOLS).poly("params")) == "C**2*n**2/2 - C**2*n/2"
    halves = cost(repeat("n", repeat("j//2", conv("C")), index="j"), symbols=SYMBOLS)
    assert [halves.at(n=n).params // 256 for n in range(1, 6)] == [0, 0, 1, 2, 4]
    assert str(cost(repeat(5, repeat("j//2", conv("C")), index="j")).poly("params")) == "4*C**2"


def test_indices_of_one_name_are_apart() -> None:
    inner = repeat("m", conv("C*(i + 1)"), conv("C"), index="i")
    outer = repeat("n", inner, conv("C*(i + 1)"), conv("C"), index="i")
    assert str(cost(outer, symbols=SYMBOLS).poly("params")) == "C**2*m**2*n + C**2*m*n + C**2*n**2 + C**2*n"
    symbols = {"B": 1, "C": 4, "H": 8, "W": 8, "i": 3}
    named = cost(repeat("i", conv("C_now + 4")), symbols=symbols)
    assert named.at().params == 4 * 8 + 8 * 12 + 12 * 16
    grows = cost(repeat(3, conv("C_now + i")), symbols=symbols)
    assert len(grows.graph.nodes) == 1
    assert grows.at(i=5).params == 4 * 9 + 9 * 14 + 14 * 19


WINDOWS: dict[str, Any] = {"symbols": {"T": 64, "n": 4}, "inputs": {"x": [2, 3, "T", 8]}}


def attention(window: int | str) -> Step:
    return op("scaled_dot_product_attention", reads=["here"] * 3, is_causal=True, window=window)


def test_pairs_behind_masks_that_grow_are_those_of_the_rounds() -> None:
    """They have no closed sum, which a convention that leaves them out must not be the first to find."""
    masks = [attention(3 * i + 2) for i in range(4)]
    looped, written = (
        cost(*body, prices="torch:causal=kept", **WINDOWS).poly("flops")
        for body in ([repeat(4, attention("3*i + 2"), index="i")], masks)
    )
    pairs = sum(min(row, 3 * i + 2) for i in range(4) for row in range(1, 65))
    assert evaluate(looped, {"T": 64}) == evaluate(written, {"T": 64}) == 2 * 3 * pairs * 2 * 2 * 8
    with pytest.raises(SpecError, match=r"no closed sum: max\(0, T - 3\*i - 2\) depends on the repetition"):
        cost(repeat("n", attention("3*i + 2"), index="i"), **WINDOWS)
