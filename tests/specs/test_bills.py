"""Bills of well-known networks, worked out here by hand from their papers' sizes; and laws that all bills obey."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

import symcost
from symcost.metrics.totals import Totals

RATES = {"peak": 10**13, "memory_bandwidth": 10**12, "link_bandwidth": 10**10, "precision": "mixed_bf16"}


def bill(name: str, at: dict[str, int] | None = None, **settings: Any) -> Totals:
    """Return the totals of a network under a setup."""
    return symcost.load(name).under(**RATES, **settings).cost().at(**(at or {}))


def test_gpt3_on_eight_by_sixteen_workers() -> None:
    """A first stage has 6 of 96 layers, and tables; norms and biases behind a sum are whole (Shoeybi et al. 2019)."""
    e, t = 12288, 8
    cut = (3 * e * e + e * e + 4 * e * e + 4 * e * e + 3 * e + 4 * e) // t
    params = 6 * (cut + 2 * e + 4 * e) + -(-50257 // t) * e + 2048 * e
    found = bill("gpt3_175b", tensor_parallel=t, pipeline_parallel=16)
    assert found.worker_params == params == 1_461_832_704
    assert (found.weight_bytes, found.gradient_bytes) == (2 * params, 2 * params)
    assert (found.master_bytes, found.moment_bytes) == (4 * params, 8 * params)


def test_mixtral_shared_out_over_sixteen_workers() -> None:
    """ZeRO-3 moves parameters twice and gradients once; 4 times rows go to experts or back, 7/8 of them elsewhere."""
    experts, e, tokens = 32 * 8 * 3 * 4096 * 14336, 4096, 4096
    dense = 2 * 32000 * e + 32 * (2 * e * e + 2 * e * 1024 + 2 * e + 8 * e) + e
    found = bill("mixtral_8x7b", {"B": 1, "T": tokens}, data_parallel=16, expert_parallel=8, zero=3)
    assert found.weight_bytes + found.gradient_bytes + found.master_bytes + found.moment_bytes == experts + dense
    sent = 3 * 2 * dense * 15 // 16 + 3 * 2 * (experts // 8) // 2
    assert found.comm_bytes == sent + 32 * 4 * (2 * tokens * e * 2) * 7 // 8


@pytest.mark.parametrize("name", ["resnet50", "gpt2", "mixtral_8x7b"])
def test_laws(name: str) -> None:
    plain, full, fused = bill(name), bill(name, checkpoint="full"), bill(name, fused=True)
    for one in (plain, full):
        assert one.step_peak_bytes >= one.saved_bytes
    assert full.saved_bytes < plain.saved_bytes
    assert plain.recompute_flops < full.recompute_flops <= plain.recompute_flops + plain.flops
    assert max(plain.computing_s, plain.moving_s) <= plain.forward_s <= plain.computing_s + plain.moving_s
    assert fused.traffic_bytes < plain.traffic_bytes
    assert fused.train_traffic_bytes < plain.train_traffic_bytes
    assert plain.comm_bytes == plain.comm_s == 0
    stages = [bill(name, data_parallel=8, zero=stage) for stage in range(4)]
    assert all(more.train_bytes > less.train_bytes for more, less in pairwise(stages))
    steps = [bill(name, data_parallel=n).step_s for n in (1, 2, 4, 8)]
    assert all(short < long for short, long in pairwise(steps))
    assert bill(name, data_parallel=8, overlap_comm=True).step_s < steps[-1]
