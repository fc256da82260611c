"""Parameters of which a token, or a batch of tokens, meets some: those of experts."""

from symcost.algebra.division import div
from symcost.algebra.maximum import minimum
from symcost.algebra.poly import Num, total
from symcost.graph.model import Node
from symcost.metrics.basis import Basis
from symcost.metrics.metric import Metric
from symcost.ops.facts import numel


def _times(sizes: list[Num]) -> Num:
    return numel(tuple(sizes))


def _of_one(node: Node) -> Num:
    """Return the parameters that one expert has."""
    weights = total((numel(shape), 1) for shape in node.facts.weights.values())
    return div(weights, _times([choice.count for choice in node.experts]))


def _active(node: Node, _: Basis) -> Num:
    return _of_one(node) * _times([choice.top_k for choice in node.experts])


def _touched(node: Node, _: Basis) -> Num:
    """Return the parameters of as many experts as there can be that some token meets: min(n, k T)."""
    if not node.experts:
        return _of_one(node)
    met = node.experts[-1].tokens * _times([choice.top_k for choice in node.experts])
    return _of_one(node) * minimum((_times([choice.count for choice in node.experts]), met), None)


METRICS = (
    Metric("params_active", "params", "parameters that one token meets: those of k of n experts, and all others, "
           "tables of tokens in full too", _active, tied=True, state=True, beside="params"),
    Metric("params_touched", "params", "parameters that a pass of T tokens reads at most: of n experts those of "
           "min(n, k T)", _touched, tied=True, state=True, shown=False),
)  # fmt: skip
