"""Sizes that change by a recurrence: all rounds at once against each by itself, in plain numbers."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate
from symcost.cost import Cost
from symcost.errors import SpecError
from tests.graph.nets import BN, RELU, Step, branches, conv, cost, graph, op, repeat, residual

METRICS = ("params", "buffers", "macs", "flops", "elementwise", "activations")
SYMBOLS = {"B": 1, "C": 16, "H": 40, "W": 40, "k": 4, "n": 3, "m": 2}
Body = Callable[[object], list[Step]]
"""The steps of a round, given its number or what stands for it."""


def always(*steps: Step) -> Body:
    return lambda _: list(steps)


def wide(text: str, kernel: int = 1) -> Body:
    return lambda i: [conv(re.sub(r"\bi\b", f"({i})", text), kernel)]


exact_ones = st.sampled_from(
    [
        always(conv("2*C_now", 3)),
        always(conv("3*C_now + k")),
        always(conv("C_now + k"), BN, RELU),
        always(residual(conv("2*C_now + 1", 3), BN, shortcut=(conv("2*C_now + 1"),))),
        always(conv("2*C_now", groups=2)),
        always(branches([], [conv("C_now", 3)], [conv("k")])),
        always(repeat("m", conv("C_now + 1")), conv("2*C_now")),
        wide("C + k*(i + 1)"),
        wide("C + k*i"),
        wide("C*2**i", 3),
        wide("C + 14*(i + 1)//4"),
        wide("C*(i//2 + 1)"),
        wide("C_now + i"),
        wide("C_now + 5*i//3"),
        wide("2*C_now + 3**i"),
        wide("C_now*2 + i"),
        lambda i: [conv(f"C + k*({i} + 1)"), repeat(f"{i} + 1", conv("C_now + 1")), conv(f"C + k*({i} + 1)")],
        wide("make_divisible(40 + 3*i, 8)"),
        wide("make_divisible(5 + 3*i, 8)"),
        always(conv("k", 3), RELU),
    ]
)
halving = st.sampled_from(
    [
        always(op("max_pool2d", kernel=2)),
        always(conv("2*C_now", 3, stride=2), BN, RELU),
        always(conv("C_now + k", 3, stride=2, padding=1)),
        always(residual(conv("2*C_now", 3, stride=2), shortcut=(conv("2*C_now", stride=2),))),
        lambda i: [conv(f"C*2**{i}", 3, stride=2)],
        always(conv("C_now/2"), RELU),
        always(conv("3*H_now"), op("max_pool2d", kernel=2)),
        always(op("max_pool2d", kernel=2), conv("H_now + 2")),
        always(conv("k", 3), conv("C_now", 2, stride=2, padding=0)),
    ]
)


def at_once(body: Body, count: int | str) -> Cost:
    return cost(repeat(count, *body("i"), index="i"), conv(8), symbols=SYMBOLS)


def one_by_one(body: Body, rounds: int) -> Cost:
    return cost(*[step for i in range(rounds) for step in body(i)], conv(8), symbols=SYMBOLS)


def totals(found: Cost, values: dict[str, int]) -> dict[str, Number] | None:
    """Return totals, None where a condition does not hold; what a network does not read has no value in it."""
    try:
        env = found.bindings({name: value for name, value in values.items() if name in found.symbols})
    except SpecError:
        return None
    return {name: evaluate(found.poly(name), env) for name in METRICS}


@settings(deadline=None, max_examples=150)
@given(body=exact_ones, rounds=st.integers(0, 7), width=st.integers(1, 40), k=st.integers(1, 9))
def test_rounds_at_once_are_rounds_one_by_one(body: Body, rounds: int, width: int, k: int) -> None:
    values = {"C": width, "k": k}
    expected = totals(one_by_one(body, rounds), values)
    assert totals(at_once(body, rounds), values) == expected
    free = at_once(body, "n")
    assert len(free.graph.nodes) <= 9
    found = totals(free, {**values, "n": rounds}) if rounds else None
    if found is None and rounds:
        least = [condition for condition in free.graph.conditions if condition.startswith("n >= ")]
        assert expected is None or rounds < int(least[0].removeprefix("n >= "))
    assert found is None or found == expected


@settings(deadline=None, max_examples=80)
@given(body=halving, more=exact_ones, rounds=st.integers(1, 4), side=st.integers(1, 50), width=st.integers(1, 32))
def test_halved_sizes(body: Body, more: Body, rounds: int, side: int, width: int) -> None:
    """Where the condition holds, halving is exact."""
    values = {"H": side, "W": 16, "C": width}
    both: Body = lambda i: [*body(i), *more(i)]  # noqa: E731
    expected = totals(one_by_one(both, rounds), values)
    try:
        found = totals(at_once(both, "n"), {**values, "n": rounds})
    except SpecError:  # a width of C_now/2 that grows besides: which widths are whole is not known
        found = None
    assert found is None or found == expected
    assert totals(at_once(both, rounds), values) == expected


def test_a_pyramid_of_stages() -> None:
    body = [conv("2*C_now", 3, stride=2), BN, RELU]
    found = cost(repeat("n", *body), symbols=SYMBOLS)
    assert found.graph.conditions == ("2**n divides H", "2**n divides W")
    assert str(found.poly("params")) == "6*C**2*4**n - 6*C**2 + 4*C*2**n - 4*C"
    assert str(found.poly("macs")) == "9*B*C**2*H*W*n/2"
    assert [str(size) for size in found.graph.outputs[0].shape] == ["B", "C*2**n", "H/2**n", "W/2**n"]
    assert found.at(H=64, W=96, n=5).macs == cost(*body * 5, symbols=SYMBOLS).at(H=64, W=96).macs
    with pytest.raises(SpecError, match=r"^net: H = 40, n = 4 is refused at node 'repeat': needs 2\*\*n divides H$"):
        found.at(n=4)


@pytest.mark.parametrize("body", [wide("C + k*i"), wide("C + 48*(i + 1)//18"), always(conv("C_now + k", 3))])
def test_a_million_rounds_cost_as_much_as_six(body: Body) -> None:
    at_once(body, 5).poly("params")
    times = {}
    for count in (6, 10**6):
        start = time.perf_counter()
        at_once(body, count).poly("params")
        times[count] = time.perf_counter() - start
    assert times[10**6] < 10 * times[6] + 0.1


def test_the_first_round_may_be_another() -> None:
    found = cost(repeat("n - 1", conv("k", 3)), symbols=SYMBOLS)
    assert [node.name for node in found.graph.nodes] == ["repeat.round_1.conv2d", "repeat.rest.conv2d"]
    assert found.graph.conditions == ("n >= 2",)
    with pytest.raises(SpecError, match=r"^net: n = 1 is refused at node 'repeat.round_1': needs n >= 2$"):
        found.at(n=1)
    assert str(found.poly("params")) == "9*k**2*n + 9*C*k - 18*k**2"


def test_a_rule_that_is_another_for_small_widths_says_from_which_depth_on_the_sum_holds() -> None:
    found = cost(conv(5), repeat("n", conv("make_divisible(5 + 3*(i + 1), 8)"), index="i"), symbols=SYMBOLS)
    (condition,) = found.graph.conditions
    least = int(condition.removeprefix("n >= "))
    assert least > 2
    with pytest.raises(SpecError, match=rf"n = {least - 1} is refused at node 'repeat.rest': needs n >= {least}$"):
        found.at(n=least - 1)


def test_weights_in_common_keep_rounds_alike() -> None:
    with pytest.raises(SpecError, match="the first round is unlike the others, and they share weights"):
        graph(repeat("n", conv("k", 3), weights="w"), symbols=SYMBOLS)


def test_fields_say_what_sizes_are() -> None:
    nodes = cost(repeat("n", conv("C_now", 3, stride=2)), symbols={**SYMBOLS, "C": {"multiple_of": 4}}).graph.nodes
    (node,) = nodes
    assert str(node.op.fields()["out_channels"]) == "C"
    shrinks = cost(repeat("n", op("max_pool2d", kernel=2), conv("H_now")), symbols=SYMBOLS).graph.nodes
    fields = [str(node.op.fields().get("out_channels")) for node in shrinks]
    assert fields == ["None", "floor(H/2)", "None", "floor(H/2)/(2*2**i)"]


def test_what_follows_from_halving_is_not_said() -> None:
    found = cost(repeat("n", op("max_pool2d", kernel=2)), conv(8, 3, padding=1, stride=2), symbols=SYMBOLS)
    assert found.graph.conditions == ("2**n divides H", "2**n divides W")
    assert found.at(H=64, W=64, n=6).macs == 72 * 16
