"""Experts shared out over workers: each has some of them, and rows go to where their experts are."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from symcost.algebra.division import div
from symcost.algebra.needs import Divides, Need
from symcost.algebra.poly import Num
from symcost.errors import Problem, SpecError
from symcost.graph.exchange import Exchange
from symcost.graph.model import Graph, Node, Tensor, over_loops
from symcost.graph.sharding import Sharding
from symcost.ops.facts import numel


@lru_cache(maxsize=16)
def by_experts(graph: Graph, workers: Num) -> Sharding:
    """Share out the experts over workers that each have tokens of their own.

    Every worker has as many rows to work on as before, where rows fall to experts evenly: its own tokens go to others
    and others' come to it, and back, in the backward pass too (Lepikhin et al. 2021, arXiv:2006.16668, section 3.2).

    Raises:
        SpecError: there are no experts.
    """
    if not any(node.experts for node in graph.nodes):
        raise SpecError(Problem(f"{graph.name}: expert_parallel shares out experts, and this network has none"))
    needs: dict[Need, str] = {}
    nodes = []
    for node in graph.nodes:
        if node.experts:
            needs.setdefault(Divides(workers, node.experts[-1].count), node.name)
        nodes.append(_own(node, workers) if node.experts else node)
    return Sharding(replace(graph, nodes=tuple(nodes)), tuple(_sent(graph)), (), needs)


def _own(node: Node, workers: Num) -> Node:
    """Return what a worker has of experts: of the outermost axis of weights a part."""
    weights = {name: (div(shape[0], workers), *shape[1:]) for name, shape in node.facts.weights.items()}
    return replace(node, facts=replace(node.facts, weights=weights))


def _sent(graph: Graph) -> list[Exchange]:
    """Return the rows that go to experts and come back: all to all, and their gradients the other way."""
    rows: dict[tuple[int, int], tuple[Node, Tensor]] = {}
    for node in graph.nodes:
        for tensor in node.ins:
            if tensor.source >= 0 and bool(node.experts) != bool(graph.nodes[tensor.source].experts):
                rows.setdefault((tensor.source, tensor.port), (node, tensor))
    found: list[Exchange] = []
    for node, tensor in rows.values():
        total, times = over_loops(numel(tensor.shape), node.loops), over_loops(1, node.loops)
        found += [Exchange(node.name, "all_to_all", total, times, backward) for backward in (False, True)]
    return found
