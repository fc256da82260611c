"""The nodes of a graph as a table, and how deep its blocks are worth telling apart."""

from __future__ import annotations

from symcost.graph.model import Graph
from symcost.ops.op import shown
from symcost.table import Column, Table

FEW, MANY = 5, 12
"""Rows that tell something, and rows of which a picture can show the parts."""


def node_table(graph: Graph, most: int | None = None) -> Table:
    """Return a row for each node: its op, how often it runs, the shapes it writes."""
    nodes = graph.nodes[:most]
    rows = tuple((node.name, node.op.tag, node.count, ", ".join(map(shown, node.facts.outs))) for node in nodes)
    symbolic = any(not isinstance(node.count, int) for node in nodes)
    columns = (
        Column("node", kind="text"),
        Column("op", kind="text"),
        Column("count", kind="formula" if symbolic else "number"),
        Column("writes", kind="formula"),
    )
    inputs = "; ".join(f"{name} {shown(shape)}" for name, shape in graph.inputs.items())
    length = f"{len(nodes)} of {len(graph.nodes)}" if len(nodes) < len(graph.nodes) else f"{len(nodes)}"
    return Table(columns, rows, f"{graph.name}: {length} nodes from {inputs}")


def telling_depth(graph: Graph, few: int = FEW) -> int:
    """Return the least depth of blocks with at least a few rows, or at which they are all told apart."""
    paths = [node.name.split(".") for node in graph.nodes]
    deepest = max(map(len, paths), default=1)
    rows = (len({tuple(path[:depth]) for path in paths}) for depth in range(1, deepest))
    return next((depth for depth, count in enumerate(rows, 1) if count >= few), deepest)
