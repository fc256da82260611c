"""What one worker runs of a network, and what it sends the others while it runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from symcost.algebra.needs import Divides, Need
from symcost.algebra.poly import Num
from symcost.errors import Problem, SpecError
from symcost.graph.exchange import Exchange
from symcost.graph.expert_shares import by_experts
from symcost.graph.model import Graph, Node
from symcost.graph.sharding import Sharding, by_tensors, by_tokens
from symcost.graph.stages import first_stage, layers


class Degrees(NamedTuple):
    """Into how many parts a network is cut, each way.

    Attributes:
        tensor: of each layer's weights.
        sequence: whether of the tokens between layers as well.
        stages: of the layers one after the other.
        pieces: of layers that each stage has.
        experts: of the experts.
        tokens: of each sequence.
    """

    tensor: Num = 1
    sequence: bool = False
    stages: Num = 1
    pieces: int = 1
    experts: Num = 1
    tokens: Num = 1


@dataclass(frozen=True, eq=False)
class Local:
    """A worker's part of a network.

    Attributes:
        graph: what it runs, of the first stage where there are several.
        exchanges: what it sends in a forward and a backward pass, by the setting that asks for it.
        whole: nodes of which every tensor-parallel worker has all weights.
        needs: conditions on sizes, each with the setting that asks.
    """

    graph: Graph
    exchanges: Mapping[str, tuple[Exchange, ...]]
    whole: tuple[str, ...]
    needs: Mapping[Need, str]


@lru_cache(maxsize=16)
def local(graph: Graph, degrees: Degrees) -> Local:
    """Return a worker's part: first of the layers, then of the tokens, the weights and the experts.

    Raises:
        SpecError: the network has nothing to be cut in a way that is asked for.
    """
    needs: dict[Need, str] = {}
    if degrees.stages != 1:
        needs[Divides(degrees.stages * degrees.pieces, layers(graph).loop.count)] = "pipeline_parallel"
    stage = first_stage(graph, degrees.stages)
    found: dict[str, Sharding] = {}
    mine = stage
    if degrees.tokens != 1:
        cut = by_tensors(stage, degrees.tensor).graph if degrees.tensor != 1 else stage
        found["context_parallel"] = _with_tokens(by_tokens(cut, degrees.tokens))
        mine = by_tokens(stage, degrees.tokens).graph
    if degrees.tensor != 1:
        needs |= dict.fromkeys(_heads(graph, degrees.tensor), "tensor_parallel")
        found["tensor_parallel"] = by_tensors(mine, degrees.tensor, degrees.sequence)
        mine = found["tensor_parallel"].graph
    if degrees.experts != 1:
        found["expert_parallel"] = by_experts(mine, degrees.experts)
        mine = found["expert_parallel"].graph
    needs |= {need: setting for setting, sharding in found.items() for need in sharding.needs if need not in needs}
    whole = found["tensor_parallel"].whole if "tensor_parallel" in found else ()
    return Local(mine, {setting: sharding.exchanges for setting, sharding in found.items()}, whole, needs)


def _with_tokens(sharding: Sharding) -> Sharding:
    """Return it without gradients of weights, which are added up over all that have other examples or tokens."""
    name = sharding.graph.name
    if not sharding.exchanges and not sharding.needs:
        raise SpecError(Problem(f"{name}: context_parallel shares out tokens, and no input of this network has any"))
    return replace(sharding, exchanges=tuple(each for each in sharding.exchanges if not each.once))


def _heads(graph: Graph, workers: Num) -> list[Need]:
    """Return what attention asks for: that the workers can share out its heads, unless there is one for all."""
    return [
        Divides(workers, heads)
        for node in graph.nodes
        if _attends(node)
        for heads in dict.fromkeys(tensor.shape[-3] for tensor in node.ins)
        if heads != 1
    ]


def _attends(node: Node) -> bool:
    """Tell whether a node multiplies activations with each other, for several heads of several examples."""
    alone = "mac" in node.facts.work and (node.op.contracts == "activations" or not node.facts.weights)
    return alone and "..." in node.op.apart and all(len(tensor.shape) >= 4 for tensor in node.ins)
