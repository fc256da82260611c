"""Traffic: bytes that go through memory, at the widths of a precision."""

from __future__ import annotations

from collections.abc import Iterable

from symcost.algebra.poly import Num, total
from symcost.graph.model import Graph, Node, over_loops
from symcost.graph.traffic import Moved, Traffic, met
from symcost.metrics.basis import Basis, Ledger
from symcost.metrics.metric import Metric
from symcost.metrics.state_bytes import held, state
from symcost.precisions.precision import Precision

UNDER = ("precision", "hardware", "workers")
ROLES = {"activation": "activation", "cache": "kv", "index": "index", "mask": "mask", "gradient": "activation"}
"""Kind of what is moved -> the role by which a precision says how wide it is."""


def traffic(graph: Graph, basis: Basis) -> Traffic:
    """Return what nodes move, joined where the setup says so."""
    return graph.fused_traffic if basis.setup.hardware.fused else graph.traffic


def in_bytes(node: Node, moved: Iterable[Moved], basis: Basis) -> Num:
    """Return the bytes of what a node moves."""
    recipe = basis.setup.precision.precision
    return total((_bytes(node, each, recipe), 1) for each in moved)


def _bytes(node: Node, moved: Moved, recipe: Precision) -> Num:
    name, facts = moved.what, node.facts
    if moved.kind == "gradient" and name in facts.weights:
        return moved.elements * recipe.bytes("gradient")
    if moved.kind != "weight":
        return moved.elements * recipe.bytes(ROLES[moved.kind])
    if name in facts.read:
        return moved.elements * recipe.bytes("weight")
    if name in facts.weights:
        return met(node, held(node, facts.weights[name], recipe))
    return met(node, state(node, name, facts.buffers[name], recipe))


def _forward(graph: Graph, node: Node, basis: Basis) -> Num:
    return over_loops(in_bytes(node, traffic(graph, basis).forward(node), basis), node.loops)


def _train(graph: Graph, node: Node, basis: Basis) -> Num:
    moves = traffic(graph, basis)
    forward = in_bytes(node, moves.forward(node, training=True), basis)
    to_weights, to_inputs = (in_bytes(node, moved, basis) for moved in (moves.to_weights(node), moves.to_inputs(node)))
    back = graph.gradients.to_weights(node, to_weights) + graph.gradients.over_rounds(node, to_inputs)
    return over_loops(forward, node.loops) + back


def _footprint(ledger: Ledger) -> Num:
    each = ledger.setup.precision.precision.bytes("activation")
    held = ("input_bytes", "weight_bytes", "buffer_bytes", "kv_bytes")
    return total([(ledger.poly("activations"), each), *((ledger.poly(name), 1) for name in held)])


METRICS = (
    Metric("traffic_bytes", "bytes", "bytes that a forward pass reads from memory and writes to it: each node its "
           "inputs, weights and outputs", shown=False, under=UNDER, over_rounds=_forward),
    Metric("train_traffic_bytes", "bytes", "bytes that the forward and backward pass of one micro-batch read and write",
           shown=False, trained=True, under=UNDER, over_rounds=_train),
    Metric("footprint_bytes", "bytes", "inputs, weights, state and all that a forward pass writes, each byte once",
           shown=False, under=("precision", "workers"), whole=_footprint),
)  # fmt: skip
