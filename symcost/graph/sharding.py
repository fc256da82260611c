"""One network on several workers that each hold a part of its weights: which tensors are cut, and what is exchanged.

A layer whose input is whole makes a part of its outputs at each worker, one whose input is cut makes a sum over its
part, which is added up between the workers (Shoeybi et al. 2019, arXiv:1909.08053, section 3). What stands between
them carries cut tensors on where it can: how, each op says itself (``Op.shard``). A layer whose parts would meet an op
that needs all of them, as a norm does or a sum with a whole tensor, is left whole: every worker then does all of it.

What a worker runs is a network of its own, the same nodes with smaller sizes, so whatever is asked of a network can be
asked of a worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from symcost.algebra.needs import Need
from symcost.algebra.poly import Num
from symcost.graph.cutting import Attempt, Denied
from symcost.graph.exchange import Exchange
from symcost.graph.local_laws import Laws
from symcost.graph.model import Graph, Node, Tensor
from symcost.graph.placed import Origin, Placed


@dataclass(frozen=True, eq=False)
class Sharding:
    """How a network is shared out.

    Attributes:
        graph: what one worker runs.
        exchanges: what the workers send each other in a forward and a backward pass.
        whole: nodes with weights that every worker has all of.
        needs: what the sizes must be for the parts to be equal, each with the node that asks.
    """

    graph: Graph
    exchanges: tuple[Exchange, ...]
    whole: tuple[str, ...]
    needs: Mapping[Need, str]


@lru_cache(maxsize=16)
def by_tensors(graph: Graph, workers: Num, sequence: bool = False) -> Sharding:
    """Share out the weights of a network, and with ``sequence`` the tokens of what stays whole between cut layers.

    Sequence parallelism: Korthikanti et al. 2022 (arXiv:2205.05198), section 4.2.2. It takes tensors of three axes,
    the second of which are tokens.
    """
    return _shared(graph, workers, tensor=True, sequence=sequence)


@lru_cache(maxsize=16)
def by_tokens(graph: Graph, workers: Num) -> Sharding:
    """Share out the tokens of a network, the second axis of its inputs; every worker has all weights.

    Attention reads keys and values of all tokens, which go around a ring (Liu et al. 2023, arXiv:2310.01889).
    """
    return _shared(graph, workers, tensor=False, sequence=False)


def _shared(graph: Graph, workers: Num, *, tensor: bool, sequence: bool) -> Sharding:
    denied: frozenset[Origin] = frozenset()
    laws = Laws(graph)
    while True:
        attempt = Attempt(graph, laws, workers, denied, tensor=tensor, sequence=sequence)
        try:
            attempt.run()
        except Denied as error:
            denied |= error.origins
            continue
        return Sharding(_of_one(graph, attempt), tuple(attempt.sent.exchanges), tuple(_whole(attempt)), attempt.needs)


def _whole(attempt: Attempt) -> Iterator[str]:
    for node, placed in zip(attempt.graph.nodes, attempt.placed, strict=True):
        if node.facts.weights and placed.facts.weights == node.facts.weights:
            yield node.name


def _own(attempt: Attempt, node: Node, placed: Placed) -> Node:
    """Return what a worker runs in place of a node; inputs have the shapes in which they are read."""
    pairs = zip(node.ins, placed.axes, strict=True)
    ins = tuple(tensor._replace(shape=attempt.part(tensor.shape, axis)) for tensor, axis in pairs)
    return replace(node, op=placed.op, facts=placed.facts, ins=ins)


def _of_one(graph: Graph, attempt: Attempt) -> Graph:
    """Return the network that one worker runs."""

    def own(tensor: Tensor) -> Tensor:
        if tensor.source >= 0 and tensor.carried is None:
            return tensor._replace(shape=attempt.placed[tensor.source].facts.outs[tensor.port])
        return tensor._replace(shape=attempt.shape(tensor))

    def each(tensors: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        return tuple(map(own, tensors))

    nodes = tuple(_own(attempt, node, placed) for node, placed in zip(graph.nodes, attempt.placed, strict=True))
    repeats = tuple(repeat._replace(before=each(repeat.before), after=each(repeat.after)) for repeat in graph.repeats)
    inputs = {name: own(Tensor(-1 - at, 0, shape)).shape for at, (name, shape) in enumerate(graph.inputs.items())}
    return replace(graph, nodes=nodes, repeats=repeats, inputs=inputs, outputs=each(graph.outputs))
