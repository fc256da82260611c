"""Amounts of a network that sources print and that are no metric: sums of metrics, or of some of its nodes."""

from __future__ import annotations

from collections.abc import Callable

import symcost
from symcost.algebra.poly import Num, symbol, total
from symcost.graph.model import over_loops
from symcost.ops.facts import numel

MAPS = "activations without those written in place"
WRITTEN = "outputs of convolutions, linear layers and windowed pooling"
"""RegNet's activations."""
UNNORMED = "params without those of norms"
AND_BUFFERS = "params + buffers"
CHECKPOINT = "bytes of weights and statistics, 4 each, and of counters of batch norms, 8 each"
GATED = "macs, and operations of global pooling and of scaling channels"
UNPLACED = "macs without those that make position biases"
ATTENTION = "train_flops of attention"
ATTENTION_AGAIN = "train_flops and recompute_flops of attention"
ATTENTION_MOVED = "train_traffic_bytes of attention"
AGAIN = "train_flops + recompute_flops"
THRICE = "train_flops + 3 recompute_flops"
STATES = "weight_bytes + gradient_bytes + master_bytes + moment_bytes"
PLACES = "weight_bytes, and two tables of P places of 8 bytes"
SCORES = "macs of the layers' products with weights, and one for each score of attention"


def _maps(cost: symcost.Cost) -> Num:
    nodes = [n for n in cost.graph.nodes if n.evaluated and not n.facts.view and n.op.tag not in ("relu", "dropout")]
    return total((over_loops(numel(shape), node.loops), 1) for node in nodes for shape in node.facts.outs)


def _written(cost: symcost.Cost) -> Num:
    nodes = [n for n in cost.graph.nodes if "mac" in n.facts.work or n.op.tag == "max_pool2d"]
    return total((numel(shape) * node.count, 1) for node in nodes for shape in node.facts.outs)


def _unnormed(cost: symcost.Cost) -> Num:
    return total((row.values["params"], 1) for row in cost.by_op(["params"]) if not row.op.endswith("norm"))


def _gated(cost: symcost.Cost) -> Num:
    rows = [row for row in cost.by_op(["flops"]) if row.op in ("mul", "global_avg_pool")]
    return cost.poly("macs") + total((row.values["flops"], 1) for row in rows)


def _scores(cost: symcost.Cost) -> Num:
    """DeepSpeed charges softmax by element, and does not see products of activations with each other."""
    layers = [row.values["macs"] for row in cost.by_node(["macs"]) if row.op == "linear" and ".layer." in row.name]
    return total((amount, 1) for amount in (*layers, *_attention(cost, "elementwise.exp")))


def _attention(cost: symcost.Cost, *metrics: str) -> list[Num]:
    rows = [row for row in cost.by_op(metrics) if row.op == "scaled_dot_product_attention"]
    return [row.values[metric] for row in rows for metric in metrics]


def _added(*metrics: str) -> Callable[[symcost.Cost], Num]:
    return lambda cost: total((cost.poly(metric), 1) for metric in metrics)


SUMS: dict[str, Callable[[symcost.Cost], Num]] = {
    WRITTEN: _written,
    MAPS: _maps,
    UNNORMED: _unnormed,
    ATTENTION: lambda cost: sum(_attention(cost, "train_flops")),
    ATTENTION_AGAIN: lambda cost: sum(_attention(cost, "train_flops", "recompute_flops")),
    ATTENTION_MOVED: lambda cost: sum(_attention(cost, "train_traffic_bytes")),
    AGAIN: _added("train_flops", "recompute_flops"),
    THRICE: _added("train_flops", *3 * ("recompute_flops",)),
    STATES: _added("weight_bytes", "gradient_bytes", "master_bytes", "moment_bytes"),
    PLACES: lambda cost: cost.poly("weight_bytes") + 2 * 8 * symbol("P"),
    SCORES: _scores,
    UNPLACED: lambda cost: total(
        (row.values["macs"], 1) for row in cost.by_op(["macs"]) if row.op != "continuous_position_bias"
    ),
    CHECKPOINT: _added("weight_bytes", "buffer_bytes"),
    GATED: _gated,
    AND_BUFFERS: _added("params", "buffers"),
}
