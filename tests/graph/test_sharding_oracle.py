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
from symcost.graph.bodies import Body, bodies
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
    Case("llama3_8b", {"B": 2, "T": 6, "E": 8, "k": 2, "g": 2, "q": 4, "F": 12, "L": 3, "V": 300}, 0),
    Case("bert", {"B": 2, "T": 6, "E": 8, "h": 2, "F": 12, "L": 3, "V": 300, "P": 6}, 1),
    Case("opt", {"B": 2, "T": 6, "E": 8, "h": 2, "F": 12, "L": 3, "V": 300, "P": 8}, 0),
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
    """Runs a graph node by node; values by the node that makes them, and what goes round by repetition and place."""

    def __init__(self, graph: Graph, given: Mapping[str, Any]) -> None:
        self.graph = graph
        self.values: dict[Key, Any] = {(-1 - at, 0): given[name] for at, name in enumerate(graph.inputs)}
        self.going: dict[Key, Any] = {}

    def value(self, tensor: Tensor) -> Any:
        while tensor.carried is not None:
            if tensor.carried in self.going:
                return self.going[tensor.carried]
            tensor = self.graph.repeats[tensor.carried[0]].before[tensor.carried[1]]
        return self.values[tensor.source, tensor.port]

    def put(self, at: int, made: Any) -> None:
        for port, each in enumerate(made if isinstance(made, (tuple, list)) else (made,)):
            self.values[at, port] = each

    def hand_on(self, number: int) -> None:
        after = [self.value(tensor) for tensor in self.graph.repeats[number].after]
        self.going.update({(number, place): each for place, each in enumerate(after)})


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
    """Return what workers read: what they have, their parts of it, or the parts of all one beside the other."""
    for axis, (mine, wanted) in enumerate(zip(parts[0].shape, numbers(shape), strict=True)):
        if mine < wanted:
            return [torch.cat(parts, axis)] * WORKERS
        if mine > wanted:
            return [part.chunk(WORKERS, axis)[worker] for worker, part in enumerate(parts)]
    return parts


def looked_up(node: Node, whole: Any, ids: Any, worker: int) -> Any:
    """Return the rows of a table that a worker has, and zeros for others."""
    table = own(whole.weight, node.facts.weights["weight"], worker)
    mine = ids - worker * table.shape[0]
    inside = (mine >= 0) & (mine < table.shape[0])
    return torch.where(inside[..., None], table[mine.clamp(0, table.shape[0] - 1)], torch.zeros(()))


class Play:
    """One who works alone, and workers, each node after the other; rounds of a repetition have the same weights."""

    def __init__(self, graph: Graph, ours: Sharding, given: Mapping[str, Any]) -> None:
        self.graph, self.mine = graph, ours.graph
        self.alone = Player(graph, given)
        self.workers = [
            Player(ours.graph, {name: own(given[name], shape, w) for name, shape in ours.graph.inputs.items()})
            for w in range(WORKERS)
        ]
        self.summed = {each.node for each in ours.exchanges if not each.backward and "reduce" in each.collective}
        self.layers: dict[int, tuple[Any, list[Any]]] = {}

    def run(self, items: list[int | Body]) -> None:
        for item in items:
            if isinstance(item, int):
                self.node(item)
                continue
            rounds = int(evaluate(item.repeat.loop.count, {}))
            for turn in range(rounds):
                self.run(item.items)
                if turn < rounds - 1:
                    for player in (self.alone, *self.workers):
                        player.hand_on(item.number)

    def node(self, at: int) -> None:
        node, mine = self.graph.nodes[at], self.mine.nodes[at]
        whole, parts = self.layer(at)
        self.alone.put(at, whole(*map(self.alone.value, node.ins)))
        reads = [together([w.value(t) for w in self.workers], t.shape) for t in mine.ins]
        made = [self.made(node, mine, whole, parts[w], [read[w] for read in reads], w) for w in range(WORKERS)]
        if node.name in self.summed:
            total = sum(made[1:], made[0])
            made = [own(total, mine.facts.outs[0], w) for w in range(WORKERS)]
        for w, each in enumerate(made):
            self.workers[w].put(at, each)

    def layer(self, at: int) -> tuple[Any, list[Any]]:
        if at not in self.layers:
            node, mine = self.graph.nodes[at], self.mine.nodes[at]
            whole, once = built(node), node.name in self.summed
            parts = [
                loaded(built(mine), whole, w, first=w == 0 or not once)
                if node.op.tag not in ("embedding", "position_embedding") else whole
                for w in range(WORKERS)
            ]  # fmt: skip
            self.layers[at] = whole, parts
        return self.layers[at]

    def made(self, node: Node, mine: Node, whole: Any, run: Any, ins: list[Any], worker: int) -> Any:
        if node.op.tag == "embedding" and node.name in self.summed:
            return looked_up(mine, whole, ins[0], worker)
        if node.op.tag == "position_embedding":
            table = whole(torch.zeros(numbers(node.ins[0].shape)))
            return ins[0] + own(table, mine.facts.outs[0], worker)
        return run(*ins)


def play(graph: Graph, ours: Sharding, given: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return what one makes alone and what the workers make."""
    both = Play(graph, ours, given)
    both.run(bodies(graph.repeats, len(graph.nodes)))
    (out, *_), (mine_out, *_) = graph.outputs, ours.graph.outputs
    return both.alone.value(out), together([w.value(mine_out) for w in both.workers], out.shape)[0]


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
