"""Whole networks on two workers, run in PyTorch: what they make together is what one makes alone.

Every node is built as the oracle of ops builds it, once for the network and once for each worker with its part of the
same weights; what is sent between them is what the sharding says, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

import symcost
from symcost.algebra.poly import evaluate
from symcost.graph.model import Graph, Node, Tensor
from symcost.graph.sharding import Sharding, by_tensors
from symcost.ops.facts import Shape

torch = pytest.importorskip("torch")
oracle = pytest.importorskip("tests.ops.test_torch_oracle")
pytestmark = pytest.mark.oracle

WORKERS = 2
Key = tuple[int, int]


class Case(NamedTuple):
    """A small network, and how many of its layers with products may be whole."""

    name: str
    sizes: Mapping[str, int | bool]
    whole: int


CASES = [
    Case("llama3_8b", {"B": 2, "T": 6, "E": 8, "k": 2, "g": 2, "q": 4, "F": 12, "L": 1, "V": 300}, 0),
    Case("bert", {"B": 2, "T": 6, "E": 8, "h": 2, "F": 12, "L": 1, "V": 300, "P": 6}, 1),
    Case("opt", {"B": 2, "T": 6, "E": 8, "h": 2, "F": 12, "L": 1, "V": 300, "P": 8}, 0),
    Case("mobilenet_v2", {"B": 1, "H": 32, "W": 32, "K": 10}, 1),
    Case("alexnet", {"B": 1, "H": 64, "W": 64, "K": 10}, 1),
]


def graph_of(case: Case) -> Graph:
    network = symcost.load(case.name)
    known = {name: value for name, value in case.sizes.items() if name in network.spec.symbols}
    return network.graph(**{**{n: int(s.default or 1) for n, s in network.graph().symbols.items()}, **known})


def numbers(shape: Shape) -> tuple[int, ...]:
    return tuple(int(evaluate(size, {})) for size in shape)


def top(graph: Graph) -> int:
    """Return the rows of the smallest table, beyond which no token may point."""
    return min(int(node.op.fields()["num_embeddings"]) for node in graph.nodes if node.op.tag == "embedding")


def built(node: Node) -> Any:
    ins = [numbers(tensor.shape) for tensor in node.ins]
    fixed = {"dropout_p": 0} if "dropout_p" in node.op.fields() else {}  # what is dropped is random
    run = oracle.BUILD[node.op.tag](node.op.model_copy(update=fixed), ins)
    if isinstance(run, torch.nn.Module):
        run.eval()
    return run


class Player:
    """Runs a graph node by node; values by the node that makes them."""

    def __init__(self, graph: Graph, given: Mapping[str, Any]) -> None:
        self.graph = graph
        self.values: dict[Key, Any] = {(-1 - at, 0): given[name] for at, name in enumerate(graph.inputs)}

    def value(self, tensor: Tensor) -> Any:
        while tensor.carried is not None:
            tensor = self.graph.repeats[tensor.carried[0]].before[tensor.carried[1]]
        return self.values[tensor.source, tensor.port]

    def put(self, at: int, made: Any) -> None:
        for port, each in enumerate(made if isinstance(made, (tuple, list)) else (made,)):
            self.values[at, port] = each


def own(whole: Any, shape: Shape, worker: int) -> Any:
    """Return a worker's part of a tensor: along the axis where its own is smaller."""
    for axis, (mine, all_of_it) in enumerate(zip(numbers(shape), whole.shape, strict=True)):
        if mine != all_of_it:
            return whole.chunk(WORKERS, axis)[worker]
    return whole


def loaded(run: Any, whole: Any, worker: int, *, first: bool) -> Any:
    """Give a worker's layer its part of the weights; what is added once, only the first of them adds."""
    if isinstance(run, torch.nn.Module):
        state = dict(whole.state_dict())
        for name, mine in run.state_dict().items():
            mine.copy_(own(state[name], tuple(mine.shape), worker))
            if not first and name.endswith("bias"):
                torch.nn.init.zeros_(mine)
    return run


def together(parts: list[Any], shape: Shape) -> list[Any]:
    """Return what workers read: their own parts, or all of them one beside the other."""
    for axis, (mine, wanted) in enumerate(zip(parts[0].shape, numbers(shape), strict=True)):
        if mine != wanted:
            return [torch.cat(parts, axis)] * WORKERS
    return parts


def looked_up(node: Node, whole: Any, ids: Any, worker: int) -> Any:
    """Return the rows of a table that a worker has, and zeros for others."""
    table = own(whole.weight, node.facts.weights["weight"], worker)
    mine = ids - worker * table.shape[0]
    inside = (mine >= 0) & (mine < table.shape[0])
    return torch.where(inside[..., None], table[mine.clamp(0, table.shape[0] - 1)], torch.zeros(()))


def play(graph: Graph, ours: Sharding, given: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return what one makes alone and what the workers make."""
    alone = Player(graph, given)
    workers = [
        Player(ours.graph, {name: own(given[name], shape, w) for name, shape in ours.graph.inputs.items()})
        for w in range(WORKERS)
    ]
    summed = {
        each.node: each.collective for each in ours.exchanges if not each.backward and "reduce" in each.collective
    }
    for at, (node, mine) in enumerate(zip(graph.nodes, ours.graph.nodes, strict=True)):
        whole = built(node)
        alone.put(at, whole(*map(alone.value, node.ins)))
        reads = [together([w.value(t) for w in workers], t.shape) for t in mine.ins]
        made = []
        for w in range(WORKERS):
            ins = [read[w] for read in reads]
            if node.op.tag == "embedding" and node.name in summed:
                made.append(looked_up(mine, whole, ins[0], w))
            elif node.op.tag == "position_embedding":
                made.append(own(whole(together(reads[0], node.ins[0].shape)[0]), mine.facts.outs[0], w))
            else:
                made.append(loaded(built(mine), whole, w, first=w == 0 or node.name not in summed)(*ins))
        if node.name in summed:
            total = sum(made[1:], made[0])
            made = [own(total, mine.facts.outs[0], w) for w in range(WORKERS)]
        for w, each in enumerate(made):
            workers[w].put(at, each)
    (out, *_) = graph.outputs
    (mine_out, *_) = ours.graph.outputs
    return alone.value(out), together([w.value(mine_out) for w in workers], out.shape)[0]


@pytest.mark.parametrize("sequence", [False, True])
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_workers_together_make_what_one_makes(case: Case, sequence: bool) -> None:
    torch.manual_seed(0)
    graph = graph_of(case)
    ours = by_tensors(graph, WORKERS, sequence)
    whole = [node.name for node in graph.nodes if node.name in ours.whole and "mac" in node.facts.work]
    assert len(whole) <= case.whole, whole
    tokens = any(node.op.tag == "embedding" for node in graph.nodes)
    given = {
        name: torch.randint(0, top(graph), shape) if tokens else torch.rand(shape)
        for name, shape in ((name, numbers(shape)) for name, shape in graph.inputs.items())
    }
    with torch.no_grad():
        alone, made = play(graph, ours, given)
    assert alone.shape == made.shape
    assert torch.allclose(alone, made, rtol=1e-4, atol=1e-5)
