"""Which nodes a compiler may run as one kernel, so that what they hand to one another never goes to memory.

The rule: a node joins the one that has made its input, and whatever that has joined, where it contracts nothing, gives
one value of the size of that input, runs in the same rounds of the same repetition, and follows at once - nothing
between them in the chain has other work on the same value. So a convolution takes along the norm, the activation and
the sum that follow it, a linear layer its activation, a product of matrices its softmax. Norms and softmaxes look at
whole rows, which a kernel that holds a row can do. Of two inputs that could be joined, a node joins the one made last.

What is handed over is not read again; it is written where something else reads it too, where the network gives it back
or a repetition hands it on, and in a training step where the way back keeps it. The way back is not joined. This is
what a compiler may do at best: in training a batch norm looks at a whole batch before it can normalise, and is joined
all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from symcost.graph.model import Graph, Node, Tensor
from symcost.graph.stored import stored
from symcost.ops.facts import numel

Place = tuple[int, int]
"""A node's place in the graph, and the output."""


class Fusion:
    """Groups of nodes that run as one.

    Attributes:
        graph: the network.
        heads: for each node the first one of its group, by place.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._places = {node.name: place for place, node in enumerate(graph.nodes)}
        self._readers: dict[Place, list[tuple[int, int]]] = defaultdict(list)
        self._leaves: set[Place] = set()
        for place, node in enumerate(graph.nodes):
            for index, tensor in enumerate(node.ins):
                if not node.facts.view:
                    self._readers[self._root(tensor)].append((place, index))
                elif node.facts.cached:
                    self._leaves.add(self._root(tensor))
        handed = [t for repeat in graph.repeats for t in (*repeat.before, *repeat.after)]
        self._leaves |= {self._root(tensor) for tensor in (*graph.outputs, *handed)}
        inside = [range(repeat.start, repeat.stop) for repeat in graph.repeats]
        self._around = [tuple(place in span for span in inside) for place in range(len(graph.nodes))]
        self._joined: dict[int, int] = {}
        self.heads: list[int] = []
        self._join()

    def members(self, node: Node) -> tuple[Node, ...]:
        """Return the nodes of the group that a node is the first of; none where it is not the first of one."""
        place = self._places[node.name]
        return tuple(n for n, head in zip(self.graph.nodes, self.heads, strict=True) if head == place)

    def hands(self, tensor: Tensor, node: Node) -> bool:
        """Tell whether a node has an input from inside its group."""
        source, _ = self._root(tensor)
        return self._joined.get(self._places[node.name]) == source

    def writes(self, node: Node, port: int, *, training: bool) -> bool:
        """Tell whether an output of a node goes to memory."""
        place = self._places[node.name]
        root = (place, port)
        readers = self._readers[root]
        if root in self._leaves or len(readers) != 1 or self._joined.get(readers[0][0]) != place:
            return True
        return training and self._is_kept(node, port, readers)

    def _is_kept(self, node: Node, port: int, readers: list[tuple[int, int]]) -> bool:
        if any(kept.what == "output" and kept.index == port for kept in node.facts.keeps):
            return True
        keeps = ((self.graph.nodes[place].facts.keeps, index) for place, index in readers)
        return any(kept.what == "input" and kept.index == index for kept_of, index in keeps for kept in kept_of)

    def _root(self, tensor: Tensor) -> Place:
        seen = stored(self.graph, tensor).tensor
        return (seen.source, seen.port) if seen.carried is None else (-1, -1)

    def _join(self) -> None:
        followed: set[int] = set()
        for place, node in enumerate(self.graph.nodes):
            before = max((b for b in self._before(node) if self._around[b] == self._around[place]), default=None)
            if before is None or before in followed:
                self.heads.append(place)
                continue
            followed.add(before)
            self._joined[place] = before
            self.heads.append(self.heads[before])

    def _before(self, node: Node) -> Iterator[int]:
        """Find the nodes that a node could join."""
        facts = node.facts
        if facts.view or "mac" in facts.work or len(facts.outs) != 1:
            return
        for tensor in node.ins:
            seen = stored(self.graph, tensor)
            if seen.cached or seen.sizes or seen.tensor.carried is not None or seen.tensor.source < 0:
                continue
            other = self.graph.nodes[seen.tensor.source]
            alike = (other.only, other.experts) == (node.only, node.experts)
            if alike and numel(tensor.shape) == numel(facts.outs[0]) and len(other.facts.outs) == 1:
                yield seen.tensor.source
