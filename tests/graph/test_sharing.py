"""Shared weights are counted once, wherever the sharing is declared."""

from __future__ import annotations

from typing import Any

import pytest

from symcost.errors import SpecError
from tests.graph.nets import BN, Step, call, conv, cost, graph, op, repeat, residual

SYMBOLS = {"B": 1, "C": 16, "H": 32, "W": 32, "n": 3, "m": 2}
TWO = {"two": {"body": [conv("C", 3), BN, conv("C")]}}
ROUNDS = {"rounds": {"body": [repeat("n", conv("C"))]}}


def counts(*model: Step, **fields: Any) -> tuple[str, str, str]:
    """Return parameters, parameters as if nothing were shared, and work."""
    found = cost(*model, symbols=SYMBOLS, inputs={"x": ["B", "C", 1, 1]}, **fields)
    params, untied, macs = (str(found.poly(name)) for name in ("params", "params_untied", "macs"))
    rows = [row.values["params"] for row in found.by_node(["params"])]
    assert str(sum(rows[1:], start=rows[0])) == params
    assert str(sum(data["params"] for _, data in found.graph.nx.nodes(data=True))) == str(found.params)
    return params, untied, macs.removeprefix("B*").replace("B*", "")


def test_between_ops() -> None:
    shared = conv("C", weights="w")
    assert counts(shared, shared, conv("C")) == ("2*C**2", "3*C**2", "3*C**2")


def test_between_calls() -> None:
    assert counts(call("two", WEIGHTS="w"), call("two", WEIGHTS="w"), blocks=TWO) == (
        "10*C**2 + 2*C",
        "20*C**2 + 4*C",
        "20*C**2",
    )


def test_buffers_too() -> None:
    found = cost(call("two", WEIGHTS="w"), call("two", WEIGHTS="w"), blocks=TWO)
    assert str(found.poly("buffers")) == "2*C + 1"


@pytest.mark.parametrize("count", ["n", 3])
def test_between_rounds(count: int | str) -> None:
    params, untied, _ = counts(repeat(count, conv("C"), weights="w"))
    assert (params, untied) == ("C**2", "C**2*n" if count == "n" else "3*C**2")


def test_between_rounds_of_different_sizes() -> None:
    """Rounds that cannot be counted at once share as those that can."""
    pyramid = repeat(3, conv(16), op("max_pool2d", kernel=2), weights="w")
    found = cost(pyramid, conv(16), symbols={"B": 1, "H": 32, "W": 32}, inputs={"x": ["B", 16, "H", "W"]})
    assert (found.poly("params"), found.poly("params_untied")) == (512, 1024)


def test_an_op_in_a_round() -> None:
    assert counts(repeat("n", conv("C", weights="w"), conv("C"))) == ("C**2*n + C**2", "2*C**2*n", "2*C**2*n")


def test_rounds_inside_what_is_shared_have_their_own() -> None:
    assert counts(call("rounds", WEIGHTS="w"), call("rounds", WEIGHTS="w"), blocks=ROUNDS) == (
        "C**2*n",
        "2*C**2*n",
        "2*C**2*n",
    )


def test_rounds_around_what_is_shared() -> None:
    assert counts(repeat("m", call("rounds", WEIGHTS="w")), blocks=ROUNDS) == ("C**2*n", "C**2*m*n", "C**2*m*n")


@pytest.mark.parametrize("count", [1, 2])
def test_rounds_inside_a_round_that_shares(count: int) -> None:
    inner = repeat("n", conv("C"))
    params, untied, _ = counts(repeat(count, inner, weights="w"))
    assert (params, untied) == ("C**2*n", "C**2*n" if count == 1 else "2*C**2*n")


def test_inner_names_win() -> None:
    nested = {**TWO, "outer": {"body": [call("two", WEIGHTS="inner"), conv("C")]}}
    params, *_ = counts(call("outer", WEIGHTS="w"), call("two", WEIGHTS="inner"), conv("C"), blocks=nested)
    assert params == "12*C**2 + 2*C"


def test_names_in_the_graph() -> None:
    found = graph(call("two", WEIGHTS="w"), call("two", WEIGHTS="w"), op("relu"), blocks=TWO)
    assert [node.shared for node in found.nodes] == [*["w.conv2d", "w.batch_norm", "w.conv2d_2"] * 2, None]


OTHER_SHAPES = "model[{0}]: node '{1}' shares weights '{2}' of other shapes: {3} against {4}"
GROWS = "model[0].do[0]: node 'repeat.conv2d' shares weights 'w.conv2d', whose shapes differ from round to round: {}"
STATISTICS = "running_mean ({0}), running_var ({0}), num_batches_tracked ()"


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (
            (conv("C", weights="w"), conv("2*C", weights="w")),
            OTHER_SHAPES.format(1, "conv2d", "w", "weight (2*C, C, 1, 1)", "weight (C, C, 1, 1)"),
        ),
        (
            (op("batch_norm", affine=False, weights="w"), conv(3), op("batch_norm", affine=False, weights="w")),
            OTHER_SHAPES.format(2, "batch_norm", "w", STATISTICS.format(3), STATISTICS.format("C")),
        ),
        (
            (repeat(2, conv("C_now + 1"), weights="w"),),
            OTHER_SHAPES.format(
                "0].do[0", "repeat.round_2.conv2d", "w.conv2d", "weight (C + 2, C + 1, 1, 1)", "weight (C + 1, C, 1, 1)"
            ),
        ),
        (
            (repeat("n", conv("C_now + 1"), weights="w"),),
            GROWS.format("weight (C + i + 1, C + i, 1, 1)"),
        ),
        (
            (residual(conv("C"), weights="w"),),
            "model[0]: node 'residual' takes no `weights`; share them at the ops, blocks or repetitions inside it",
        ),
    ],
)
def test_refusals(model: tuple[Step, ...], message: str) -> None:
    with pytest.raises(SpecError) as caught:
        graph(*model, symbols=SYMBOLS)
    assert str(caught.value) == message
