"""The graph as networkx, with SymPy at the nodes."""

from __future__ import annotations

from typing import Any

import networkx as nx

from symcost.algebra.poly import total
from symcost.algebra.to_sympy import to_sympy
from symcost.graph.model import Graph, Node, over_loops
from symcost.ops.facts import Shape, numel


def to_networkx(graph: Graph) -> nx.DiGraph[str]:
    """Return a DiGraph whose nodes know their ``op``, ``facts``, ``shape`` and, as SymPy, what they cost.

    That is ``count``, ``macs``, ``flops`` and ``params`` over all rounds of a repetition: 2 FLOPs for a MAC and 1 for
    an elementwise operation, and tensors that nodes share at the first of them. Edges run from maker to reader and
    carry the ``shape`` of the tensor.
    """
    result: nx.DiGraph[str] = nx.DiGraph(name=graph.name)
    sources = list(graph.inputs)
    for name, shape in graph.inputs.items():
        result.add_node(name, op="input", facts=None, shape=_sizes(shape), **_NOTHING)
    owned: set[str] = set()
    for node in graph.nodes:
        result.add_node(node.name, **_data(node, owns=node.shared not in owned))
        owned |= {node.shared} if node.shared else set()
        for tensor in node.ins:
            maker = graph.nodes[tensor.source].name if tensor.source >= 0 else sources[-1 - tensor.source]
            result.add_edge(maker, node.name, shape=_sizes(tensor.shape))
    return result


_NOTHING = dict.fromkeys(("count", "macs", "flops", "params"), to_sympy(0))
_PRICES = {"mac": 2}


def _data(node: Node, *, owns: bool) -> dict[str, Any]:
    weights = total((numel(shape), 1) for shape in node.facts.weights.values()) if owns else 0
    work = node.facts.work if node.evaluated else {}
    flops = total((amount, _PRICES.get(kind, 1)) for kind, amount in work.items())
    return {
        "op": node.op,
        "facts": node.facts,
        "shape": _sizes(node.facts.outs[0]) if len(node.facts.outs) == 1 else tuple(map(_sizes, node.facts.outs)),
        "count": to_sympy(node.count),
        "macs": to_sympy(over_loops(work.get("mac", 0), node.loops)),
        "flops": to_sympy(over_loops(flops, node.loops)),
        "params": to_sympy(over_loops(weights, node.loops[node.tied :])),
    }


def _sizes(shape: Shape) -> tuple[Any, ...]:
    return tuple(map(to_sympy, shape))
