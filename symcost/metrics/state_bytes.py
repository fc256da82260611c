"""Bytes that a worker holds whatever runs: weights, their gradients, a master copy, buffers."""

from __future__ import annotations

from collections.abc import Callable

from symcost.algebra.extent import ceil_div
from symcost.algebra.poly import Num, total
from symcost.graph.model import Node
from symcost.graph.roles import LOGITS
from symcost.metrics.basis import Basis
from symcost.metrics.metric import Metric
from symcost.ops.facts import Shape, numel
from symcost.precisions.precision import Precision, Scales
from symcost.workers.zero import Role

UNDER = ("precision", "workers")


def _weights(node: Node, basis: Basis) -> Num:
    recipe = basis.setup.precision.precision
    whole = total((held(node, shape, recipe), 1) for shape in node.facts.weights.values())
    return basis.setup.workers.part("parameters", whole, experts=bool(node.experts))


def held(node: Node, shape: Shape, recipe: Precision) -> Num:
    """Return the bytes of one tensor, with the scales of a quantised one."""
    if not _is_matrix(node, shape):
        return numel(shape) * recipe.bytes("weight")
    scales = recipe.scales
    return numel(shape) * recipe.bytes("matrix") + (0 if scales is None else _scales(node, shape, scales))


def _is_matrix(node: Node, shape: Shape) -> bool:
    """Tell whether a layer, not that of the logits, contracts with a weight: a matrix, or a kernel."""
    return "mac" in node.facts.work and len(shape) - len(node.experts) >= 2 and LOGITS not in node.roles


def _scales(node: Node, shape: Shape, scales: Scales) -> Num:
    """Return the bytes of a tensor's scales: its first axis, behind those of experts, counts rows."""
    split = len(node.experts) + 1
    rows, length = numel(shape[:split]), numel(shape[split:])
    groups = ceil_div(length, scales.group) if scales.group else 1
    return rows * groups * scales.bytes


def _of_weights(role: str, state: Role) -> Callable[[Node, Basis], Num]:
    def amount(node: Node, basis: Basis) -> Num:
        each = basis.setup.precision.precision.bytes(role)
        whole = total((numel(shape), each) for shape in node.facts.weights.values())
        return basis.setup.workers.part(state, whole, experts=bool(node.experts))

    return amount


def _buffers(node: Node, basis: Basis) -> Num:
    """Return the bytes of state that is not trained: statistics, and weights that are frozen."""
    recipe = basis.setup.precision.precision
    return total((state(node, name, shape, recipe), 1) for name, shape in node.facts.buffers.items())


def state(node: Node, name: str, shape: Shape, recipe: Precision) -> Num:
    """Return the bytes of one tensor: places, and a single number that counts batches, are int64 in torch."""
    if node.op.frozen and not name.startswith("running_"):
        return held(node, shape, recipe)
    return numel(shape) * recipe.bytes("buffer" if shape and name != "index" else "index")


METRICS = (
    Metric("weight_bytes", "bytes", "trained parameters as the passes read them; shared tensors count once", _weights,
           tied=True, state=True, shown=False, under=UNDER),
    Metric("gradient_bytes", "bytes", "gradients of all trained parameters: one set, into which those of micro-batches "
           "are added", _of_weights("gradient", "gradients"), tied=True, state=True, shown=False, under=UNDER),
    Metric("master_bytes", "bytes", "the copy of the trained parameters that the optimizer updates, where these are "
           "held in fewer bits", _of_weights("master", "optimizer"), tied=True, state=True, shown=False, under=UNDER),
    Metric("buffer_bytes", "bytes", "state that is not trained: statistics of batch norm, frozen weights, tables of "
           "places", _buffers, tied=True, state=True, shown=False, under=UNDER),
)  # fmt: skip
