"""What a node costs where a worker applies it to parts of its tensors: the law of its own op says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from symcost.algebra.needs import Need, put
from symcost.algebra.poly import NotExact, substitute, symbol
from symcost.graph.assumptions import box_of
from symcost.graph.model import Graph, Node
from symcost.graph.parts import in_parts, with_fields, with_sizes
from symcost.ops.facts import Facts, Shape
from symcost.ops.op import Op, Refused


class Laws:
    """The laws of a graph's ops, with what is known of its sizes; each application is worked out once."""

    def __init__(self, graph: Graph) -> None:
        self._box, self._parts = box_of(graph), in_parts(graph)
        self._names = {name: symbol(name, graph.symbols[name].kind) for name in self._parts}
        self._known: dict[tuple[Any, ...], Facts | None] = {}

    def of(self, node: Node, fields: Mapping[str, Any], ins: tuple[Shape, ...]) -> tuple[Facts | None, Op]:
        """Return the facts of a node's op with other fields on other inputs, None where it does not take them.

        Weights of experts have an axis more, and frozen ones are buffers.
        """
        op = node.op.model_copy(update=dict(fields)) if fields else node.op
        key = (id(node.facts), op.signature(), ins)
        if key not in self._known:
            self._known[key] = self._worked_out(node, op, ins)
        return self._known[key], op

    def holds(self, need: Need) -> bool | None:
        """Tell whether a condition holds for all sizes or for none, None where that is open."""
        return put(need, self._parts).decide(self._box)

    def _worked_out(self, node: Node, op: Op, ins: tuple[Shape, ...]) -> Facts | None:
        try:
            facts = self._applied(op, ins)
        except (Refused, NotExact):
            return None
        for choice in node.experts:
            facts = replace(facts, weights={name: (choice.count, *shape) for name, shape in facts.weights.items()})
        return facts.frozen() if node.op.frozen else facts

    def _applied(self, op: Op, ins: tuple[Shape, ...]) -> Facts:
        """Return the facts of an op, with H in 16 parts where it is a multiple of 16: no floors then."""
        if not self._parts:
            return op.facts(ins)
        there = tuple(tuple(substitute(size, self._parts) for size in shape) for shape in ins)
        return with_sizes(with_fields(op, self._parts).facts(there), self._names)
