"""Which nodes a switch leaves out of the count."""

from __future__ import annotations

from collections.abc import Callable

from symcost.errors import NoAnswer
from symcost.graph.model import Node
from symcost.metrics.amounts import tensors


def is_attention(node: Node, otherwise: str) -> bool:
    """Tell whether a node is a contraction of two activations.

    Raises:
        NoAnswer: a part of it is; ``otherwise`` is the setting that does not ask.
    """
    if node.op.contracts == "both":
        raise NoAnswer(
            f"node '{node.name}': the attention of {node.op.tag} is not told apart from its projections; "
            f"count with {otherwise}"
        )
    return "mac" in node.facts.work and (node.op.contracts == "activations" or not tensors(node))


LEFT_OUT: dict[str, Callable[[Node], bool]] = {
    "logits": lambda node: "logits" in node.roles,
    "embedding": lambda node: node.op.tag == "embedding",
    "attention": lambda node: is_attention(node, "attention=counted"),
}
"""Switches that can leave nodes out, and which nodes these are."""
