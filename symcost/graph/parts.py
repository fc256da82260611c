"""Write results in the symbols of the spec again, where the walk used H/16 for a multiple of 16."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields, replace
from typing import Any

from symcost.algebra.atoms import Part, lift
from symcost.algebra.needs import AtLeast, Divides, Equal, Need
from symcost.algebra.poly import Num, Poly, substitute, symbol
from symcost.graph.model import Choice, Graph, Loop, Node, Repeated, Tensor
from symcost.ops.facts import Facts, Kept, Shape
from symcost.ops.op import Op


def without_parts(graph: Graph) -> Graph:
    """Return the same graph with every part H/m written as the symbol over m."""
    names = {name: symbol(name, s.kind) for name, s in graph.symbols.items() if s.step > 1}
    return Graph(
        graph.name,
        {key: _shape(shape, names) for key, shape in graph.inputs.items()},
        _tensors(graph.outputs, names),
        tuple(rewritten(graph.nodes, names)),
        graph.symbols,
        {_need(need, names): node for need, node in graph.needs.items()},
        graph.settings,
        tuple(repeated(repeat, names) for repeat in graph.repeats),
        graph.idle,
    )


def in_parts(graph: Graph) -> dict[str, Num]:
    """Return every symbol that is a multiple in parts, as sizes are while a network is walked."""
    return {name: lift(Part.of(name, s.step)) * s.step for name, s in graph.symbols.items() if s.step > 1}


def repeated(repeat: Repeated, names: Mapping[str, Num]) -> Repeated:
    """Return a repetition with sizes put in for some symbols."""
    loop = Loop(repeat.loop.index, substitute(repeat.loop.count, names))
    before, after = _tensors(repeat.before, names), _tensors(repeat.after, names)
    return repeat._replace(loop=loop, before=before, after=after)


def rewritten(nodes: Sequence[Node], names: Mapping[str, Num]) -> list[Node]:
    """Return nodes with sizes put in for some symbols; those that had facts in common still do."""
    facts = {id(node.facts): node.facts for node in nodes}
    plain = {key: with_sizes(fact, names) for key, fact in facts.items()}
    return [_node(node, plain[id(node.facts)], names) for node in nodes]


def _node(node: Node, facts: Facts, names: Mapping[str, Num]) -> Node:
    loops = tuple(Loop(loop.index, substitute(loop.count, names)) for loop in node.loops)
    op = with_fields(node.op, names)
    experts = tuple(_choice(choice, names) for choice in node.experts)
    return replace(node, op=op, facts=facts, ins=_tensors(node.ins, names), loops=loops, experts=experts)


def with_fields(op: Op, names: Mapping[str, Num]) -> Op:
    """Return an op with sizes put in for some symbols in its fields."""
    bound = op.fields()
    moved = {key: _field(value, names) for key, value in bound.items()}
    changed = {key: value for key, value in moved.items() if value != bound[key]}
    return op.model_copy(update=changed) if changed else op


def _choice(choice: Choice, names: Mapping[str, Num]) -> Choice:
    return Choice(*(substitute(size, names) for size in astuple(choice)))


def _field(value: object, names: Mapping[str, Num]) -> object:
    if isinstance(value, tuple):
        return tuple(_field(part, names) for part in value)
    return substitute(value, names) if isinstance(value, Poly) else value


def with_sizes(facts: Facts, names: Mapping[str, Num]) -> Facts:
    """Return facts with sizes put in for some symbols."""
    return Facts(**{each.name: _fact(getattr(facts, each.name), names) for each in fields(facts)})


def _fact(value: Any, names: Mapping[str, Num]) -> Any:
    """Return whatever a fact holds, amounts and sizes in it changed."""
    match value:
        case Poly():
            return substitute(value, names)
        case dict():
            return {key: _fact(part, names) for key, part in value.items()}
        case Kept():
            return replace(value, shape=_shape(value.shape, names))
        case Equal() | AtLeast() | Divides():
            return _need(value, names)
        case tuple():
            return tuple(_fact(part, names) for part in value)
        case _:
            return value


def _tensors(tensors: tuple[Tensor, ...], names: Mapping[str, Num]) -> tuple[Tensor, ...]:
    return tuple(t._replace(shape=_shape(t.shape, names)) for t in tensors)


def _shape(shape: Shape, names: Mapping[str, Num]) -> Shape:
    return tuple(substitute(size, names) for size in shape)


def _need(need: Need, names: Mapping[str, Num]) -> Need:
    match need:
        case Equal(a, b):
            return Equal(substitute(a, names), substitute(b, names))
        case AtLeast(a, least):
            return AtLeast(substitute(a, names), least)
        case Divides(n, a):
            return Divides(substitute(n, names), substitute(a, names))
