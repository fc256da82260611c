"""What is held from one pass of a decoder to the next."""

from symcost.algebra.poly import Num, total
from symcost.graph.model import Node
from symcost.metrics.basis import Basis
from symcost.metrics.metric import Metric
from symcost.ops.facts import numel


def _held(node: Node, _: Basis) -> Num:
    return total((numel(shape), 1) for shape in node.facts.cached)


METRICS = (
    Metric("kv_cache", "elements", "elements held for the next token after this pass, such as keys and values", _held,
           rare=True),
)  # fmt: skip
