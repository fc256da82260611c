"""How libraries write the ops of a graph out in torch's own, and what autograd keeps of these.

A graph says what an op has to keep. A library that writes an op out in several keeps what each of them does; these
rules say which tensors that are, and so the graph is read again with them in place (``as_written``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from symcost.algebra.atoms import Number
from symcost.graph import Graph, Node
from symcost.ops.facts import Dtype, Facts, Kept, Shape
from tests.specs.layout import Layout


class Writing(NamedTuple):
    """How a library writes an op out, and what is then kept."""

    reason: str
    keeps: Callable[[Layout, Node], tuple[Kept, ...]]


Writings = Mapping[str, Writing]
"""By the op's tag, or by the end of the name of single nodes."""


def as_written(graph: Graph, writings: Writings, env: Mapping[str, Number]) -> Graph:
    """Return the graph with what nodes keep by how they are written out, at some sizes."""
    layout = Layout(graph, env)
    nodes = (replace(node, facts=_facts(layout, writings, place, node)) for place, node in enumerate(graph.nodes))
    return replace(graph, nodes=tuple(nodes))


def _facts(layout: Layout, writings: Writings, place: int, node: Node) -> Facts:
    facts = replace(node.facts, view=False) if place in layout.copied else node.facts
    found = [
        writing
        for name, writing in writings.items()
        if name in (node.op.tag, node.name) or node.name.endswith("." + name)
    ]
    return replace(facts, keeps=found[-1].keeps(layout, node)) if found else facts


def made(what: str, *shape: Shape, dtype: Dtype = "float") -> Kept:
    return Kept(what, shape=tuple(size for part in shape for size in part), dtype=dtype)


def read(layout: Layout, node: Node, at: int, apart: int = 2) -> Kept:
    """Return what a product keeps of an input: itself, or the copy that it needs to see all but some axes as one."""
    tensor = node.ins[at]
    to = node.facts.keeps[at].to if len(node.facts.keeps) > at else ()
    kept = Kept("input", at, to=to)
    return kept if layout.merges(tensor, apart) else replace(made(f"copy {at}", tensor.shape), to=to)


def _linear(layout: Layout, node: Node) -> tuple[Kept, ...]:
    return (read(layout, node, 0, apart=1),) if len(node.ins[0].shape) > 2 else node.facts.keeps


def _matmul(layout: Layout, node: Node) -> tuple[Kept, ...]:
    return read(layout, node, 0), read(layout, node, 1)


LINEAR = Writing("its input in two axes, a copy where the others do not lie one after the other", _linear)
MATMUL = Writing("its inputs in three axes, copies where the others do not lie one after the other", _matmul)
