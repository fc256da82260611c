"""Who reads a value, and whether a gradient comes back from there.

The network's outputs have gradients, and so has what nothing reads, as what an auxiliary classifier makes. Another
value has one where a node reads it that does not stop gradients and whose own outputs have one. Which nodes read what a
round of a repetition makes depends on whether it is the last one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from typing import TypeVar

from symcost.graph.instances import Instances
from symcost.graph.model import Graph, Tensor

Value = tuple[bool, int, int]
"""An output of a node, by its place and the port; or what rounds are handed, by the repetition and the place there."""
T = TypeVar("T")
Last = frozenset[int]
At = tuple[Value, Last]
"""A value as it is in the last round of some of the repetitions around it, and in one before of the others."""


class Readers:
    """The nodes and repetitions that read each value of a graph in training."""

    def __init__(self, graph: Graph, instances: Instances) -> None:
        self.graph, self.instances = graph, instances
        self.nodes = _by_value((value, place) for place, node in enumerate(graph.nodes) if node.trained
                               for value in node.ins)  # fmt: skip
        self.begins = _by_value((value, (m, i)) for m, repeat in enumerate(graph.repeats)
                                for i, value in enumerate(repeat.before))  # fmt: skip
        self.goes_on = _by_value((value, (m, i)) for m, repeat in enumerate(graph.repeats)
                                 for i, value in enumerate(repeat.after))  # fmt: skip
        self.outputs = set(map(_value, graph.outputs))

    def returns(self, place: int, last: Last) -> bool:
        """Tell whether some output of a node has a gradient, in the last round of some repetitions around it."""
        stack, seen = [*self._made(place, last)], set[At]()
        while stack:
            at = stack.pop()
            if at in seen:
                continue
            seen.add(at)
            if self._is_end(*at):
                return True
            stack += [*self._read(*at), *self._handed(*at)]
        return False

    def _made(self, place: int, last: Last) -> Iterator[At]:
        for port in range(len(self.graph.nodes[place].facts.outs)):
            yield (False, place, port), last

    def _around(self, value: Value) -> frozenset[int]:
        handed, place, _ = value
        return frozenset((*self._outside(place), place) if handed else self.instances.around(place))

    def _outside(self, number: int) -> frozenset[int]:
        """Return the repetitions around a repetition."""
        around = self.instances.around(self.graph.repeats[number].start)
        return frozenset(outer for outer in around if outer < number)

    def _is_end(self, value: Value, last: Last) -> bool:
        if value in self.outputs and self._around(value) <= last:
            return True
        return not any(value in known for known in (self.outputs, self.nodes, self.begins, self.goes_on))

    def _read(self, value: Value, last: Last) -> Iterator[At]:
        """Find what is made by nodes that read a value: after a repetition they read that of its last round."""
        around = self._around(value)
        for place in self.nodes.get(value, ()):
            loops = frozenset(self.instances.around(place))
            if around - loops <= last and not self.graph.nodes[place].facts.stops:
                for choice in subsets(sorted(loops - around)):
                    yield from self._made(place, last & loops | choice)

    def _handed(self, value: Value, last: Last) -> Iterator[At]:
        """Find what rounds are handed that read a value."""
        around = self._around(value)
        for number, i in self.begins.get(value, ()):
            if around - self._outside(number) <= last:
                yield from self._in_a_round(number, i, last)
        for number, i in self.goes_on.get(value, ()):
            if number not in last and around - self._outside(number) - {number} <= last:
                yield from self._in_a_round(number, i, last)

    def _in_a_round(self, number: int, i: int, last: Last) -> Iterator[At]:
        outside = last & self._outside(number)
        yield (True, number, i), outside
        yield (True, number, i), outside | {number}


def subsets(numbers: Iterable[int]) -> Iterator[frozenset[int]]:
    """Return every choice of some repetitions."""
    chosen = [*numbers]
    for these in product((False, True), repeat=len(chosen)):
        yield frozenset(number for number, this in zip(chosen, these, strict=True) if this)


def _value(tensor: Tensor) -> Value:
    return (False, tensor.source, tensor.port) if tensor.carried is None else (True, *tensor.carried)


def _by_value(pairs: Iterable[tuple[Tensor, T]]) -> dict[Value, list[T]]:
    found: dict[Value, list[T]] = defaultdict(list)
    for tensor, reader in pairs:
        found[_value(tensor)].append(reader)
    return dict(found)
