"""The first stage of a pipeline: what stands before a network's layers, and a p-th part of the layers."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from symcost.algebra.division import div
from symcost.algebra.poly import Num, constant
from symcost.errors import Problem, SpecError
from symcost.graph.model import Graph, Loop, Node, Repeated


def layers(graph: Graph) -> Repeated:
    """Return the repetition whose rounds are shared out over the stages: the only one that is in no other.

    Raises:
        SpecError: there is none, or there are several.
    """
    outer: list[Repeated] = []
    for repeat in graph.repeats:  # each before those inside it
        inside = any(other.start <= repeat.start and repeat.stop <= other.stop for other in outer)
        once = repeat.stop == repeat.start or constant(repeat.loop.count) == 1
        outer += [] if inside or once else [repeat]
    if len(outer) != 1:
        has = f"has {len(outer)}" if outer else "has none"
        raise SpecError(
            Problem(f"{graph.name}: a pipeline shares out one repetition of layers, and this network {has}")
        )
    return outer[0]


@lru_cache(maxsize=16)
def first_stage(graph: Graph, stages: Num) -> Graph:
    """Return what the first of p stages runs: all up to the layers, and the first L/p of these.

    Raises:
        SpecError: as for ``layers``.
    """
    if stages == 1:
        return graph
    body = layers(graph)
    part = Loop(body.loop.index, div(body.loop.count, stages))

    def shorter(node: Node) -> Node:
        return replace(node, loops=tuple(part if loop == body.loop else loop for loop in node.loops))

    def own(repeat: Repeated) -> Repeated:
        if repeat is body:
            return repeat._replace(loop=part)
        after = repeat.start >= body.stop
        return repeat._replace(start=0, stop=0, before=(), after=()) if after else repeat

    nodes = tuple(map(shorter, graph.nodes[: body.stop]))
    return replace(graph, nodes=nodes, repeats=tuple(map(own, graph.repeats)), outputs=body.after)
