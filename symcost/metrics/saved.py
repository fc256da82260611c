"""Memory for the backward pass: what a training step keeps of its forward pass, each storage once."""

from symcost.algebra.poly import Num, total
from symcost.graph.model import Graph, Node
from symcost.metrics.basis import Basis
from symcost.metrics.metric import Metric
from symcost.metrics.step_peak import kept_rows, widths


def _saved_bytes(graph: Graph, node: Node, basis: Basis) -> Num:
    if basis.setup.checkpointing.again is not None:
        return kept_rows(graph, basis).get(node.name, 0)
    each = widths(basis.setup.precision.precision)
    return total((storage.total, each[storage.dtype]) for storage in graph.kept.row(node))


METRICS = (
    Metric("saved_bytes", "bytes", "tensors kept for the backward pass, each storage once: inputs and outputs of "
           "nodes that their gradients read, and what is made for them; with checkpointing, what is there when the "
           "backward pass begins; no parameters nor buffers",
           shown=False, trained=True, over_rounds=_saved_bytes, under=("precision", "checkpointing", "workers")),
)  # fmt: skip
