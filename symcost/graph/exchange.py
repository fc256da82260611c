"""What workers send each other while they run a network together."""

from __future__ import annotations

from dataclasses import dataclass

from symcost.algebra.poly import Num, total
from symcost.graph.model import Graph, Node, over_loops
from symcost.graph.placed import Cut, Placed
from symcost.ops.facts import numel


@dataclass(frozen=True, slots=True)
class Exchange:
    """A collective that a node asks for, in every round in which it runs.

    Attributes:
        node: which node.
        collective: what is done, by the names of ``symcost.workers.collective``.
        total: elements over all rounds, each counted as S is: a message's whole size, not a worker's part.
        times: messages over all rounds.
        backward: whether it is of the backward pass.
        once: whether it is of gradients of weights, once a step however many micro-batches there are.
    """

    node: str
    collective: str
    total: Num
    times: Num
    backward: bool = False
    once: bool = False


class Sent:
    """Collects what is sent while nodes are placed.

    What is cut and read whole is put together before the node, once for all nodes that read it. On the way back the
    gradient of what workers read whole, each for its part of the work, is a sum of what they find.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.exchanges: list[Exchange] = []
        self._done: set[tuple[object, ...]] = set()
        self._owned: set[str] = set()

    def between(self, node: Node, cuts: tuple[Cut | None, ...], placed: Placed, around: tuple[int, ...] = ()) -> None:
        """Note what is sent before a node, and after it.

        Args:
            node: the node.
            cuts: of its inputs.
            placed: what a worker applies.
            around: inputs that go around a ring while it runs.
        """
        for shape, cut in zip(node.facts.outs, placed.cuts, strict=True):
            if placed.summed:
                self._summed(node, numel(shape), cut)
        for place in around:
            self._around(node, numel(node.ins[place].shape))
        for place, (cut, axis) in enumerate(zip(cuts, placed.axes, strict=True)):
            if axis is None and place not in around:
                self._read_whole(node, place, cut, shared=placed.shared)
        if placed.shared and not (placed.summed and placed.cuts[0] is None):
            self._weights(node, placed)

    def add(self, node: Node, what: str, size: Num, *, backward: bool = False, always: bool = False) -> None:
        """Note a collective in every round; on the way back, unless ``always``, in those that find input gradients."""
        if backward and not always:
            gradients = self.graph.gradients
            elements, times = gradients.over_rounds(node, size), gradients.over_rounds(node, 1)
        else:
            elements, times = over_loops(size, node.loops), over_loops(1, node.loops)
        if elements != 0:
            self.exchanges.append(Exchange(node.name, what, elements, times, backward))

    def _weights(self, node: Node, placed: Placed) -> None:
        """Note that gradients of weights that all workers have, each for its part of the work, are added up."""
        mine = placed.facts.weights
        whole = total((numel(shape), 1) for name, shape in node.facts.weights.items() if mine.get(name) == shape)
        own = node.loops[node.tied :]
        if whole != 0 and node.shared not in self._owned:
            self.exchanges.append(
                Exchange(node.name, "all_reduce", over_loops(whole, own), over_loops(1, own), backward=True, once=True)
            )
        self._owned |= {node.shared} if node.shared is not None else set()

    def _summed(self, node: Node, size: Num, cut: Cut | None) -> None:
        """Note that outputs are added up, after which each worker keeps all of them, or its tokens."""
        self.add(node, "all_reduce" if cut is None else "reduce_scatter", size)
        if cut is not None:
            self.add(node, "all_gather", size, backward=True, always=True)

    def _around(self, node: Node, size: Num) -> None:
        """Note that an input goes around, again on the way back, and its gradient with it."""
        self.add(node, "all_gather", size)
        self.add(node, "all_gather", size, backward=True)
        self.add(node, "reduce_scatter", size, backward=True)

    def _read_whole(self, node: Node, place: int, cut: Cut | None, *, shared: bool) -> None:
        tensor = node.ins[place]
        key = (tensor.source, tensor.port, tensor.carried, shared)
        if key in self._done or (cut is None and not shared):
            return
        self._done.add(key)
        size = numel(tensor.shape)
        if cut is None:
            self.add(node, "all_reduce", size, backward=True)
            return
        self.add(node, "all_gather", size)
        if shared:
            self.add(node, "reduce_scatter", size, backward=True)
        if node.facts.weights:
            self.add(node, "all_gather", size, backward=True, always=True)
