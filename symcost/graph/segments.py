"""What a training step runs again in place of keeping it: rounds, blocks, or the cores of attention.

* ``rounds``: every round of the outermost repetitions; of a network without any, its top-level blocks. Several rounds
  can make a segment together; those that differ, so that the graph writes them out, are segments of their own.
* ``cores``: from the scores of an attention to the mixing of its values: an op that does both, or two products of
  activations and what stands between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal

from symcost.errors import NoAnswer
from symcost.graph.model import Graph, Node, Repeated
from symcost.graph.step import Segments
from symcost.graph.tape import Call, Tape, is_written_out, round_alone

Which = Literal["rounds", "cores"]


@lru_cache(maxsize=64)
def run_again(graph: Graph, which: Which) -> Mapping[str, str]:
    """Return the nodes that run again, each with the part of the network that does so as one.

    Raises:
        NoAnswer: an op's attention is not told apart from its projections.
    """
    return dict(_cores(graph) if which == "cores" else _rounds(graph))


def segments(graph: Graph, tape: Tape, which: Which) -> Segments:
    """Return the segments of a tape.

    Raises:
        NoAnswer: as for ``run_again``.
    """
    parts = run_again(graph, which)
    firsts: dict[object, int] = {}
    first: dict[int, int] = {}
    depth: dict[int, int] = {}
    for call in tape.calls:
        if call.node.name in parts:
            around = _around(call, parts[call.node.name], which)
            own = firsts.setdefault((parts[call.node.name], around), call.number)
            first[call.number] = own
            depth[own] = len(around)
    return Segments(first, depth)


def _around(call: Call, part: str, which: Which) -> tuple[object, ...]:
    """Return the rounds that a segment stands in whole."""
    if which == "cores":
        return call.rounds
    return call.rounds[:1] if part.startswith(_REPEAT) else ()


_REPEAT = "repetition "


def outermost(graph: Graph) -> list[Repeated]:
    """Return the repetitions that stand in no other, without those around rounds that are written out."""
    found: list[Repeated] = []
    for one in graph.repeats:
        if not is_written_out(graph, one) and not any(_inside(one, other) for other in found):
            found.append(one)
    return found


def _rounds(graph: Graph) -> Iterator[tuple[str, str]]:
    repeats = outermost(graph)
    written_out = {node.name: round_alone(node.name) for node in graph.nodes}
    for place, node in enumerate(graph.nodes):
        around = next((n for n, r in enumerate(repeats) if r.start <= place < r.stop), None)
        own = written_out[node.name]
        if not node.trained:
            continue
        if around is not None and not (own and _holds_all(graph, repeats[around], own)):
            yield node.name, f"{_REPEAT}{around}"
        elif own:
            yield node.name, own
        elif not repeats and not any(written_out.values()):
            yield node.name, node.name.split(".")[0]


def _holds_all(graph: Graph, repeat: Repeated, path: str) -> bool:
    """Tell whether a repetition stands in a round that stands alone."""
    return all(node.name.startswith(f"{path}.") for node in graph.nodes[repeat.start : repeat.stop]) and (
        not path.endswith(".rest")
    )


def _inside(one: Repeated, other: Repeated) -> bool:
    """Tell whether a repetition stands in another, which comes before it in ``Graph.repeats``."""
    return other.start <= one.start and one.stop <= other.stop


def _cores(graph: Graph) -> Iterator[tuple[str, str]]:
    for place, node in enumerate(graph.nodes):
        if not node.trained or not mixes(node):
            continue
        if "exp" in node.facts.work:
            yield node.name, node.name
            continue
        for member in _between(graph, place):
            yield graph.nodes[member].name, node.name


def mixes(node: Node) -> bool:
    """Tell whether a node is a product of activations.

    Raises:
        NoAnswer: a part of it is.
    """
    if node.op.contracts == "both":
        raise NoAnswer(
            f"node '{node.name}': the attention of {node.op.tag} is not told apart from its projections, so that it "
            "could run again alone; give checkpoint=full"
        )
    return "mac" in node.facts.work and (node.op.contracts == "activations" or not node.facts.weights)


def _between(graph: Graph, mixing: int) -> set[int]:
    """Return the places of the product of scores and values, of that of the scores, and of what is between."""
    before = {mixing: _reads(graph, mixing)}
    stack = list(before[mixing])
    while stack:
        place = stack.pop()
        node = graph.nodes[place]
        if place not in before and not node.facts.weights and node.loops == graph.nodes[mixing].loops:
            before[place] = set() if mixes(node) else _reads(graph, place)
            stack += before[place]
    found = {place for place in before if place != mixing and mixes(graph.nodes[place])}
    while more := {place for place, reads in before.items() if reads & found} - found:
        found |= more
    return found


def _reads(graph: Graph, place: int) -> set[int]:
    return {tensor.source for tensor in graph.nodes[place].ins if tensor.source >= 0 and tensor.carried is None}
