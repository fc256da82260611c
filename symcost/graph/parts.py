"""Write results in the symbols of the spec again, where the walk used H/16 for a multiple of 16."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from symcost.algebra.needs import AtLeast, Divides, Equal, Need
from symcost.algebra.poly import Num, substitute, symbol
from symcost.graph.model import Graph, Loop, Node, Tensor
from symcost.ops.facts import Facts, Shape


def without_parts(graph: Graph) -> Graph:
    """Return the same graph with every part H/m written as the symbol over m."""
    names = {name: symbol(name, s.kind) for name, s in graph.symbols.items() if s.step > 1}
    facts = {id(node.facts): node.facts for node in graph.nodes}
    plain = {key: _facts(fact, names) for key, fact in facts.items()}
    return Graph(
        graph.name,
        {key: _shape(shape, names) for key, shape in graph.inputs.items()},
        _tensors(graph.outputs, names),
        tuple(_node(node, plain[id(node.facts)], names) for node in graph.nodes),
        graph.symbols,
        {_need(need, names): node for need, node in graph.needs.items()},
        graph.settings,
    )


def _node(node: Node, facts: Facts, names: Mapping[str, Num]) -> Node:
    loops = tuple(Loop(loop.index, substitute(loop.count, names)) for loop in node.loops)
    return replace(node, facts=facts, ins=_tensors(node.ins, names), loops=loops)


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
