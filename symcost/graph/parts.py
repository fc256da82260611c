"""Write results in the symbols of the spec again, where the walk used H/16 for a multiple of 16."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from symcost.algebra.needs import AtLeast, Divides, Equal, Need
from symcost.algebra.poly import Num, Poly, substitute, symbol
from symcost.graph.model import Graph, Loop, Node, Repeated, Tensor
from symcost.ops.facts import Facts, Shape


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
    )


def repeated(repeat: Repeated, names: Mapping[str, Num]) -> Repeated:
    """Return a repetition with sizes put in for some symbols."""
    loop = Loop(repeat.loop.index, substitute(repeat.loop.count, names))
    before, after = _tensors(repeat.before, names), _tensors(repeat.after, names)
    return repeat._replace(loop=loop, before=before, after=after)


def rewritten(nodes: Sequence[Node], names: Mapping[str, Num]) -> list[Node]:
    """Return nodes with sizes put in for some symbols; those that had facts in common still do."""
    facts = {id(node.facts): node.facts for node in nodes}
    plain = {key: _facts(fact, names) for key, fact in facts.items()}
    return [_node(node, plain[id(node.facts)], names) for node in nodes]


def _node(node: Node, facts: Facts, names: Mapping[str, Num]) -> Node:
    loops = tuple(Loop(loop.index, substitute(loop.count, names)) for loop in node.loops)
    fields = {key: _field(value, names) for key, value in node.op.fields().items()}
    changed = {key: value for key, value in fields.items() if value != node.op.fields()[key]}
    op = node.op.model_copy(update=changed) if changed else node.op
    return replace(node, op=op, facts=facts, ins=_tensors(node.ins, names), loops=loops)


def _field(value: object, names: Mapping[str, Num]) -> object:
    if isinstance(value, tuple):
        return tuple(_field(part, names) for part in value)
    return substitute(value, names) if isinstance(value, Poly) else value


def _facts(facts: Facts, names: Mapping[str, Num]) -> Facts:
    def shapes(named: Mapping[str, Shape]) -> dict[str, Shape]:
        return {key: _shape(shape, names) for key, shape in named.items()}

    def work(named: Mapping[str, Num]) -> dict[str, Num]:
        return {key: substitute(amount, names) for key, amount in named.items()}

    return replace(
        facts,
        outs=tuple(_shape(shape, names) for shape in facts.outs),
        work=work(facts.work),
        weights=shapes(facts.weights),
        buffers=shapes(facts.buffers),
        grad_input=work(facts.grad_input),
        grad_weight=work(facts.grad_weight),
        keeps=tuple(replace(kept, shape=_shape(kept.shape, names)) for kept in facts.keeps),
        taps=substitute(facts.taps, names),
        masked=substitute(facts.masked, names),
        cached=tuple(_shape(shape, names) for shape in facts.cached),
        needs=tuple(_need(need, names) for need in facts.needs),
    )


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
