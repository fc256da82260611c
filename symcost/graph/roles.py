"""What part a node plays in its network, where this cannot be told from the node alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symcost.graph.model import Node
from symcost.ops.facts import Shape

LOGITS, REUSED = "logits", "reused"
ROLES = {
    LOGITS: "a linear layer whose weight has the shape of the token table, or is shared with it",
    REUSED: "its weights are those of an earlier node, which they are counted with",
}
"""Every role, and which nodes play it. The token table is that of the first embedding."""


def with_roles(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Return nodes that know their roles."""
    table = next((node for node in nodes if node.op.tag == "embedding"), None)
    owners: set[str] = set()
    found: list[Node] = []
    for node in nodes:
        roles = _roles(node, table, owners)
        found.append(replace(node, roles=roles) if roles else node)
        owners |= {node.shared} if node.shared is not None else set()
    return tuple(found)


def _roles(node: Node, table: Node | None, owners: set[str]) -> tuple[str, ...]:
    logits = node.op.tag == "linear" and table is not None and _weight(node) == _weight(table)
    return (*((LOGITS,) if logits else ()), *((REUSED,) if node.shared in owners else ()))


def _weight(node: Node) -> Shape | None:
    facts = node.facts
    return facts.weights.get("weight") or facts.buffers.get("weight")
