"""Where gradients flow, on nets small enough to say by hand; the networks of ``specs`` are counted by torch."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from symcost.algebra.poly import Num, evaluate, symbol
from symcost.cost import Cost
from symcost.graph.build import build
from symcost.metrics.convention import convention
from tests.graph.nets import Step, op, repeat, spec

B, C, n = map(symbol, "BCn")
SYMBOLS = {"B": 2, "C": 4, "n": {"default": 3, "min": 1}}
LINEAR = op("linear", out="C", bias=False)
WORK = B * C * C * 2
"""FLOPs of one such layer forward, and as many for each gradient."""


def trained(*steps: Step, symbols: dict[str, object] | None = None, metric: str = "train_flops") -> Num:
    net = spec(*steps, symbols=SYMBOLS | (symbols or {}), inputs={"x": ["B", "C"]})
    return Cost(build(net, {}), convention("torch")).poly(metric)


def test_the_first_layer_makes_no_gradient_for_its_input() -> None:
    assert trained(LINEAR) == 2 * WORK
    assert trained(LINEAR, LINEAR) == 5 * WORK


def test_the_first_round_makes_none_either() -> None:
    assert trained(repeat("n", LINEAR)) == WORK * (3 * n - 1)
    assert trained(LINEAR, repeat("n", LINEAR)) == WORK * (3 * n + 2)


def test_where_there_may_be_no_round_there_may_be_no_first() -> None:
    found = trained(repeat("n - 1", LINEAR))
    assert [evaluate(found, {"B": 1, "C": 1, "n": i}) for i in (1, 2, 3)] == [0, 4, 10]


def test_rounds_in_rounds() -> None:
    found = trained(repeat("n", repeat("n", LINEAR)))
    assert found == WORK * (3 * n * n - 1)


def test_a_residual_past_the_first_layer_changes_nothing() -> None:
    assert trained({"op": "residual", "main": [LINEAR]}, LINEAR) == 5 * WORK


def test_frozen_weights_are_buffers_and_ask_for_no_gradient() -> None:
    frozen = {**LINEAR, "frozen": True}
    assert trained(frozen) == WORK
    assert trained(frozen, LINEAR) == 3 * WORK
    assert trained(LINEAR, frozen, LINEAR) == 2 * WORK + 2 * WORK + 3 * WORK
    assert trained(repeat("n", LINEAR) | {"frozen": True}) == WORK * n
    assert trained(LINEAR, frozen, metric="params") == C * C == trained(LINEAR, frozen, metric="buffers")


def test_training_runs_what_evaluation_skips() -> None:
    head = {**LINEAR, "only": "training"}
    assert trained(LINEAR, head, LINEAR) == 8 * WORK


def test_frozen_says_yes_or_no() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        trained({**LINEAR, "frozen": "perhaps"})


def test_an_op_that_reads_a_size_alone_hands_no_gradient_on() -> None:
    """Frozen queries stop it; the layer after them asks for none, and that before has none."""
    queries = op("learned_queries", num_queries=3, frozen=True)
    assert trained(LINEAR, queries, LINEAR) == WORK + 2 * 3 * C * C * 2


def test_a_layer_that_only_reaches_a_detach_has_no_gradients() -> None:
    assert trained(LINEAR, op("detach"), LINEAR) == WORK + 2 * WORK
    assert trained(LINEAR, LINEAR, op("detach")) == 2 * WORK
    both = {**LINEAR, "name": "both"}
    assert trained(both, op("detach"), {**LINEAR, "name": "one"}, op("add", reads=["one", "both"])) == 4 * WORK


def test_of_rounds_that_are_handed_on_to_a_detach_only_the_last_has_gradients() -> None:
    assert trained(repeat("n", op("detach"), LINEAR)) == WORK * (n + 1)
    assert trained(repeat("n", LINEAR, op("detach"))) == WORK * n
    assert trained(repeat("n", op("detach"), LINEAR, LINEAR)) == WORK * (2 * n + 3)
    assert trained(repeat("n", repeat(2, LINEAR), op("detach")), LINEAR) == WORK * (2 * n + 2)
