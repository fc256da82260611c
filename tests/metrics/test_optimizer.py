"""What the optimizer of a network keeps and does, against its rule run on all of the network's tensors."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

import symcost
from symcost.algebra.poly import Num, evaluate
from symcost.errors import UsageError
from symcost.metrics.optimizer import priced, weights
from tests.optimizers.plain_curvature import Lbfgs
from tests.optimizers.test_counts import RULES, Shapes, run

SPEC = """
symcost: 1
name: net
symbols: {B: 2, T: 5, V: 11, E: 4, L: 3, R: 2}
inputs: {tokens: [B, T]}
model:
  - {embedding: {num_embeddings: V, embedding_dim: E}, weights: table}
  - repeat: L
    do: [{linear: 2*E}, relu, {linear: {out_features: E, bias: false}}]
  - repeat: R
    weights: tied
    do: [{linear: E}]
  - {linear: {out_features: E}, frozen: true}
  - {linear: {out_features: 3}, only: never}
  - {linear: {out_features: V, bias: false}, weights: table}
"""
LAYERS: Shapes = [(8, 4), (8,), (4, 8)]
HIDDEN: Shapes = [*LAYERS, *LAYERS, *LAYERS, (4, 4), (4,)]
TABLE: Shapes = [(11, 4)]
PARAMS = sum(int(np.prod(shape)) for shape in HIDDEN + TABLE)


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> symcost.Architecture:
    path = tmp_path_factory.mktemp("net") / "net.yaml"
    path.write_text(SPEC)
    return symcost.load(path)


def found(net: symcost.Architecture, metric: str, **setup: Any) -> Any:
    cost = net.under(**setup).cost()
    return evaluate(cost.poly(metric), cost.bindings())


def flops(work: dict[str, int]) -> int:
    return sum(n * (2 if kind == "mac" else 1) for kind, n in work.items())


def test_what_is_updated_is_what_is_trained_once(net: symcost.Architecture) -> None:
    assert found(net, "params_updated") == PARAMS


@pytest.mark.parametrize("text", [text for text in RULES if not text.startswith("muon")])
def test_state_and_flops_are_those_of_the_rule_on_all_tensors(text: str, net: symcost.Architecture) -> None:
    rule, took = run(text, HIDDEN + TABLE, {})
    if isinstance(rule, Lbfgs) and rule.line_search:
        text += f", evaluations={rule.evaluations}"
    kept = [*rule.whole.values(), *(array for state in rule.state for array in state.values())]
    setup = {"optimizer": text, "weight_decay": False}
    assert found(net, "optimizer_state", **setup) == sum(array.size for array in kept)
    assert found(net, "optimizer_flops", **setup) == flops(took)


def test_muon_leaves_tables_and_logits_to_adamw(net: symcost.Architecture) -> None:
    muon, adamw = run("muon", HIDDEN, {})[1], run("adamw", TABLE, {})[1]
    once = 6  # the corrections of AdamW's bias, which both runs count
    assert found(net, "optimizer_flops", optimizer="muon", weight_decay=False) == flops(muon) + flops(adamw) - once
    matrices = sum(int(np.prod(shape)) for shape in HIDDEN if len(shape) > 1)
    assert found(net, "optimizer_state", optimizer="muon") == 2 * PARAMS - matrices


def test_decay_clipping_and_averages_are_of_the_network(net: symcost.Architecture) -> None:
    options = {"decay": "coupled", "clip": 100.0, "ema": 0.99}
    setup = {"optimizer": "sgd", "weight_decay": "coupled", "clip_norm": True, "ema": True}
    assert found(net, "optimizer_flops", **setup) == flops(run("sgd", HIDDEN + TABLE, options)[1])
    assert found(net, "optimizer_state", **setup) == PARAMS


def test_passes_of_a_step(net: symcost.Architecture) -> None:
    assert found(net, "optimizer_passes") == 1
    assert found(net, "optimizer_passes", optimizer="lbfgs:evaluations=4") == 4
    assert found(net, "optimizer_passes", optimizer="newton") == 1 + 2 * PARAMS


def test_experts_are_a_stack_of_matrices_to_muon() -> None:
    mixtral = symcost.load("mixtral-8x7b")
    experts = mixtral.graph().node("repeat.experts.feed_forward.linear")
    (weight,) = weights(experts)
    assert (len(weight.shape), weight.stack, weight.hidden) == (3, 1, True)
    assert found(mixtral, "optimizer_state", optimizer="adam") == 2 * found(mixtral, "params")


def test_what_nodes_keep_adds_up_to_the_network(net: symcost.Architecture) -> None:
    cost = net.under(optimizer="adam").cost()
    rows = cost.by_node(["optimizer_state.tensors", "optimizer_flops.tensors"])
    env = cost.bindings()
    for name in ("optimizer_state", "optimizer_flops"):
        parts = sum(evaluate(row.values[f"{name}.tensors"], env) for row in rows)
        assert parts == found(net, f"{name}.tensors", optimizer="adam")
    assert (
        found(net, "optimizer_flops", optimizer="adam") == found(net, "optimizer_flops.tensors", optimizer="adam") + 6
    )
    with pytest.raises(UsageError, match="optimizer_state is of the network as a whole"):
        cost.by_node(["optimizer_state"])


@pytest.mark.parametrize(("name", "text"), [("densenet121", "muon"), ("dpn92", "muon"), ("densenet121", "adafactor")])
def test_rounds_that_grow_are_gone_through(name: str, text: str) -> None:
    """Muon sees which side of a matrix is longer, and which that is changes from round to round."""
    cost = symcost.load(name).under(optimizer=text).cost()
    env = cost.bindings()
    each = cost.setup.optimizing.each
    work: Num = 0
    for node in cost.graph.nodes:
        for rounds in product(*(range(int(evaluate(loop.count, env))) for loop in node.loops)):
            at = {**env, **{loop.index: i for loop, i in zip(node.loops, rounds, strict=True)}}
            for weight in weights(node):
                sizes = tuple(evaluate(size, at) for size in weight.shape)
                work = work + priced(each(weight._replace(shape=sizes)).work)
    assert evaluate(cost.poly("optimizer_flops.tensors"), env) == work
