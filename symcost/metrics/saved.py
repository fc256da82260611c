"""Memory for the backward pass: what a training step keeps of its forward pass, each storage once."""

from symcost.algebra.poly import Num, total
from symcost.graph.model import Graph, Node
from symcost.metrics.basis import Basis
from symcost.metrics.metric import Metric

BYTES = {"float": 4, "bool": 1, "index": 8}
"""Bytes of an element: of a number in 32 bits, a truth value, a position."""


def _saved_bytes(graph: Graph, node: Node, _: Basis) -> Num:
    return total((storage.total, BYTES[storage.dtype]) for storage in graph.kept.row(node))


METRICS = (
    Metric("saved_bytes", "bytes", "tensors kept for the backward pass, each storage once: inputs and outputs of "
           "nodes that their gradients read, and what is made for them; no parameters nor buffers",
           shown=False, trained=True, over_rounds=_saved_bytes),
)  # fmt: skip
