"""Under a setup, a formula at a point is the metric of the network whose sizes are all fixed to that point.

The two go other ways: plain sizes decide conditions, and plain rounds are written out one by one.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest

import symcost
from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate
from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.errors import NoAnswer, SpecError, UsageError
from tests.specs.points import Point, admitted, rounds, shallow
from tests.specs.test_naive import draw

METRICS = (
    "saved_bytes", "step_peak_bytes", "train_bytes", "infer_bytes", "traffic_bytes", "train_traffic_bytes", "forward_s",
    "pass_s", "step_s", "optimizer_state", "optimizer_flops", "recompute_flops", "sparse_macs", "stored_bytes",
    "comm_bytes", "comm_s", "worker_flops", "worker_train_flops",
)  # fmt: skip
RATES = {"peak": 10**6, "memory_bandwidth": 10**5, "link_bandwidth": 1000, "precision": "mixed_bf16"}
SETUPS: dict[str, dict[str, Any]] = {
    "plain": {"density": "1/4", "storage": "csr", "micro_batches": 3},
    "full": {"checkpoint": "full", "optimizer": "adafactor"},
    "selective": {"checkpoint": "selective", "optimizer": "muon"},
    "every": {"checkpoint": "every", "checkpoint_every": 2, "optimizer": "sgd"},
    "zero": {"data_parallel": 4, "zero": 3, "micro_batches": 2},
    "tensor": {"tensor_parallel": 2, "data_parallel": 4, "zero": 1},
    "pipeline": {"pipeline_parallel": 2, "micro_batches": 4, "checkpoint": "full"},
    "stages": {"pipeline_parallel": 2, "micro_batches": 2, "tensor_parallel": 2, "overlap_comm": True},
    "sequence": {"tensor_parallel": 2, "sequence_parallel": True, "checkpoint": "full"},
    "fused": {"fused": True, "micro_batches": 2},
    "tokens": {"context_parallel": 2},
    "experts": {"expert_parallel": 2, "data_parallel": 4, "zero": 3},
}
FOUND: tuple[tuple[str, str, Point, dict[str, Number]], ...] = (
    ("bart", "tokens", {}, {"B": 1, "L": 2, "T": 1024, "U": 128}),  # a single example
    ("gpt2", "stages", {"decode": True, "last_logits": False}, {"B": 2, "T": 1, "S": 170, "h": 6}),  # a single token
    ("gpt2", "stages", {}, {"L": 2}),  # one layer at each stage
    ("dense_network", "pipeline", {}, {"L": 3}),
    ("tome", "pipeline", {}, {"L": 12}),  # layers that differ in size
    ("gla", "sequence", {"Q": 13}, {"L": 1, "T": 104}),  # a single round
    ("convnext", "fused", {"v2": True}, {"L3": 1}),
    ("deepseek", "zero", {"decode": True, "latent": True, "v3": True}, {"L": 3, "L1": 3}),  # no round with experts
    ("fpn_on_encoder", "every", {"encoder": 1, "bottleneck": True}, {"B": 4}),  # rounds alike, and rounds that grow
)
"""Points at which the two were apart once."""


@pytest.mark.parametrize(("name", "setup", "structure", "at"), FOUND)
def test_points_at_which_they_were_apart(name: str, setup: str, structure: Point, at: Mapping[str, Number]) -> None:
    net = of(name, setup, **structure)
    cost = net.cost()
    alike(net, cost, cost.bindings(at))


@pytest.mark.parametrize(
    ("name", "setup"),
    [
        ("resnet", "full"), ("mobilenet_v3", "every"), ("unet", "zero"), ("swin", "selective"), ("vit", "pipeline"),
        ("gpt2", "stages"), ("llama", "tensor"), ("bert", "plain"), ("mixtral", "experts"), ("bart", "tokens"),
    ],
)  # fmt: skip
def test_random_points(name: str, setup: str) -> None:
    chance = random.Random(name)  # noqa: S311 - the same ones in every run
    net = of(name, setup)
    net = net.fix(**{key: s.default for key, s in net.symbols.items() if s.structural})
    cost, seen = net.cost(), 0
    for _ in range(200):
        point = {
            **cost.bindings(),
            **draw(chance, {key: s for key, s in cost.symbols.items() if chance.random() < 0.5}),
        }
        point = {**point, **shallow({key: point[key] for key in rounds(cost)}, cost.symbols)}
        env = admitted(cost, point)
        if env is not None:
            alike(net, cost, env)
            seen += 1
        if seen == 2:
            return
    pytest.fail(f"{name}: of 200 points only {seen} were admitted")


def of(name: str, setup: str, **structure: Any) -> Architecture:
    """Return a network under one of the setups."""
    return symcost.load(name).fix(**structure).under(**RATES, **SETUPS[setup])


def alike(net: Architecture, cost: Cost, env: Mapping[str, Number]) -> None:
    """Make sure that formulas at a point and the network built there agree, on all metrics that have a formula."""
    plain, told = net.fix(**env).cost(), 0
    for metric in METRICS:
        try:
            formula = cost.poly(metric)
        except (NoAnswer, UsageError, SpecError):
            continue
        told += 1
        assert evaluate(formula, env) == plain.poly(metric), (metric, env)
    assert told > len(METRICS) // 2
