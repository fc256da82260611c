"""Where gradients flow back to: the inputs of nodes with something to train before them.

A network's own inputs ask for no gradient, so the first layer makes none for its input. What stands before a node may
differ between the first round of a repetition, which reads what is before it, and the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num, constant, substitute
from symcost.algebra.remainders import never_negative
from symcost.algebra.sums import added_up
from symcost.graph.assumptions import narrow_box
from symcost.graph.model import Graph, Node, Tensor

First = frozenset[int]
"""Places in ``Graph.repeats`` of repetitions in their first round; those around a node and not here are in a later."""
NONE: First = frozenset()


class Gradients:
    """Which inputs of a graph's nodes need a gradient."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._places = {node.name: place for place, node in enumerate(graph.nodes)}

    def over_rounds(self, node: Node, amount: Num) -> Num:
        """Return what an amount adds up to over all rounds in which the node makes a gradient for its input."""
        place = self._places[node.name]
        around = [i for i, repeat in enumerate(self.graph.repeats) if repeat.start <= place < repeat.stop]
        return self._sum(node, amount, around, NONE)

    def reaches(self, node: Node, first: First = NONE) -> bool:
        """Tell whether any input of a node needs a gradient, in the first round of some repetitions around it."""
        return any(before.facts.weights for before in self._reached(node.ins, first))

    def flows(self, tensor: Tensor, first: First = NONE) -> bool:
        """Tell whether a value needs a gradient, where it is read in the first round of some repetitions."""
        return any(before.facts.weights for before in self._reached((tensor,), first))

    def _sum(self, node: Node, amount: Num, around: list[int], first: First) -> Num:
        if not around:
            return amount if self.reaches(node, first) else 0
        number, *inner = around
        loop = self.graph.repeats[number].loop
        every = self._sum(node, amount, inner, first)
        once = self._sum(node, amount, inner, first | {number})
        all_rounds = added_up(every, loop.index, loop.count)
        if once == every:
            return all_rounds
        return all_rounds - substitute(every - once, {loop.index: 0}) * self._at_most_one(loop.count)

    def _at_most_one(self, count: Num) -> Num:
        box = narrow_box(self.graph)
        return 1 if never_negative(count - 1, box) else -maximum([-1, -count], box)

    def _reached(self, starts: Iterable[Tensor], first: First) -> Iterator[Node]:
        """Find the nodes that values come from, back to the network's inputs."""
        stack, seen = [(tensor, first) for tensor in starts], set[tuple[Tensor, First]]()
        while stack:
            at = stack.pop()
            if at in seen:
                continue
            seen.add(at)
            tensor, inside = at
            if tensor.carried is not None:
                stack += self._before(tensor.carried, inside)
            elif tensor.source >= 0:
                node = self.graph.nodes[tensor.source]
                yield node
                stack += [] if node.facts.stops else [(source, inside) for source in node.ins]

    def _before(self, carried: tuple[int, int], first: First) -> list[tuple[Tensor, First]]:
        """Return where a value stems from that a round reads: from before the repetition, or from another round."""
        number, place = carried
        repeat = self.graph.repeats[number]
        if number in first or constant(repeat.loop.count) == 1:
            return [(repeat.before[place], first - {number})]
        made = repeat.after[place]
        return [(made, first | {number}), (made, first)]
