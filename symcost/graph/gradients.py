"""Where gradients flow: from what the network gives back, to inputs of nodes with something to train before them.

A network's own inputs ask for no gradient, so the first layer makes none for its input. What stands before a node may
differ between the first round of a repetition, which reads what is before it, and the others. A value that only goes
where gradients stop, as into ``detach``, has none; so has what is handed on to such, in all rounds but the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Literal

from symcost.algebra.poly import Num, constant
from symcost.graph.instances import Condition, Fact, Instances
from symcost.graph.model import Graph, Node, Tensor
from symcost.graph.readers import Last, Readers, subsets

First = frozenset[int]
"""Places in ``Graph.repeats`` of repetitions in their first round; those around a node and not here are in a later."""
NONE: First = frozenset()


class Gradients:
    """Which inputs of a graph's nodes need a gradient."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._places = {node.name: place for place, node in enumerate(graph.nodes)}
        self._instances = Instances(graph)

    def over_rounds(self, node: Node, amount: Num) -> Num:
        """Return what an amount adds up to over all rounds in which the node makes a gradient for its input."""
        return self._over_rounds(node, amount, lambda first: self.reaches(node, first))

    def to_weights(self, node: Node, amount: Num) -> Num:
        """Return what an amount adds up to over all rounds in which the gradients of a node's weights are found."""
        return self._over_rounds(node, amount, lambda _: True)

    def _over_rounds(self, node: Node, amount: Num, asked: Callable[[First], bool]) -> Num:
        place = self._places[node.name]
        around = self._instances.around(place)
        wanted = [_facts(around, last, "last") for last in subsets(around) if self.returns(place, last)]
        needed = [_facts(around, first, "first") for first in subsets(around) if asked(first)]
        return self._instances.amount(amount, around, {one | other for one in needed for other in wanted})

    def reaches(self, node: Node, first: First = NONE) -> bool:
        """Tell whether any input of a node needs a gradient, in the first round of some repetitions around it."""
        return any(before.facts.weights for before in self._reached(node.ins, first))

    def returns(self, place: int, last: Last = NONE) -> bool:
        """Tell whether a gradient comes back to what a node makes, in the last round of some repetitions around it."""
        return not self._stops or self._readers.returns(place, last)

    def flows(self, tensor: Tensor, first: First = NONE) -> bool:
        """Tell whether a value needs a gradient, where it is read in the first round of some repetitions."""
        return any(before.facts.weights for before in self._reached((tensor,), first))

    @cached_property
    def _stops(self) -> bool:
        return any(node.facts.stops for node in self.graph.nodes)

    @cached_property
    def _readers(self) -> Readers:
        return Readers(self.graph, self._instances)

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


def _facts(around: tuple[int, ...], these: frozenset[int], what: Literal["first", "last"]) -> Condition:
    return frozenset((Fact(number, what), number in these) for number in around)
