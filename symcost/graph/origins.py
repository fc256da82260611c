"""Where a value that a node reads was made, and in which rounds of the repetitions around its maker.

A view is the memory that it looks at. What a round reads as handed on was made in the round before, or before the
repetition by the first round; what is read after a repetition was made in its last round, or before it where there is
no round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal, NamedTuple

from symcost.algebra.poly import constant, symbols_of
from symcost.errors import NoAnswer
from symcost.graph.instances import ALWAYS, Condition, Fact, Instances
from symcost.graph.model import Graph, Node, Repeated, Tensor

Round = Literal["any", "first", "later", "before the last", "last"]
Rounds = Mapping[int, Round]
"""Repetition -> in which of its rounds something happens."""


class Made(NamedTuple):
    """A tensor that was made: at which output of which node, or which input of the network, and in which rounds."""

    source: int
    port: int
    condition: Condition


class Origins:
    """Finds where the values of a graph were made.

    Attributes:
        passes: tells of a node whether its output is the memory of its first input.
    """

    def __init__(self, graph: Graph, instances: Instances, passes: Callable[[Node], bool]) -> None:
        self.graph, self.instances, self.passes = graph, instances, passes

    def condition(self, rounds: Rounds) -> Condition | None:
        """Return the condition on a tensor that it is made in these rounds; None where there are none such."""
        found: set[tuple[Fact, bool]] = set()
        for number, which in rounds.items():
            if which in ("later", "before the last") and self.instances.at_least(number, 2) is False:
                return None
            if which != "any":
                found.add(
                    (Fact(number, "first" if which in ("first", "later") else "last"), which in ("first", "last"))
                )
        return frozenset(found)

    def of(self, tensor: Tensor, rounds: Rounds) -> Iterator[Made]:
        """Find where a value that is read in these rounds was made.

        Raises:
            NoAnswer: no two rounds tell where it was.
        """
        yield from self._of(tensor, rounds, ALWAYS)

    def _of(self, tensor: Tensor, rounds: Rounds, given: Condition) -> Iterator[Made]:
        if tensor.carried is not None:
            yield from self._carried(tensor.carried, rounds, given)
        elif tensor.source < 0:
            left = self._left(rounds, (), given)
            if left is not None:
                yield Made(tensor.source, tensor.port, left)
        else:
            yield from self._made(tensor, rounds, given)

    def _made(self, tensor: Tensor, rounds: Rounds, given: Condition) -> Iterator[Made]:
        around, node = self.instances.around(tensor.source), self.graph.nodes[tensor.source]
        left = self._left(rounds, around, given)
        if left is None:
            return
        inside: dict[int, Round] = {number: rounds[number] for number in around if number in rounds}
        for number in (number for number in around if number not in rounds):
            repeat = self.graph.repeats[number]
            if not self.instances.at_least(number, 1):
                empty = left | {(Fact(number, "some"), False)}
                yield from self._of(self._without_rounds(repeat, tensor), inside, empty)
            inside[number] = "last"
        if self.passes(node) and node.ins:
            yield from self._of(node.ins[0], inside, left)
        elif (here := self.condition(inside)) is not None:
            yield Made(tensor.source, tensor.port, left | here)

    def _carried(self, carried: tuple[int, int], rounds: Rounds, given: Condition) -> Iterator[Made]:
        number, place = carried
        repeat = self.graph.repeats[number]
        which = rounds.get(number)
        if which in ("any", "first"):
            yield from self._from_before(repeat, place, number, rounds, given)
        if which in ("any", "later") and self.instances.at_least(number, 2) is not False:
            outside = self.instances.around(repeat.start)
            before: dict[int, Round] = {number: "before the last"}
            kept = {outer: rounds[outer] for outer in outside if outer < number and outer in rounds}
            left = self._left(rounds, (*kept, number), given)
            if left is not None:
                yield from self._of(repeat.after[place], {**kept, **before}, left)
        if which in ("before the last", "last"):
            if not self._hands_through(number, place):
                raise _unknown(repeat, "a round hands on what the one before made")
            yield from self._from_before(repeat, place, number, rounds, given)
        if which is None:
            raise _unknown(repeat, "what the last round read is read after it")

    def _from_before(
        self, repeat: Repeated, place: int, number: int, rounds: Rounds, given: Condition
    ) -> Iterator[Made]:
        """Find where what stands before a repetition was made."""
        kept = {outer: which for outer, which in rounds.items() if outer in self._outside(repeat, number)}
        left = self._left(rounds, tuple(kept), given)
        if left is not None:
            yield from self._of(repeat.before[place], kept, left)

    def _outside(self, repeat: Repeated, number: int) -> tuple[int, ...]:
        return tuple(outer for outer in self.instances.around(repeat.start) if outer < number)

    def _hands_through(self, number: int, place: int) -> bool:
        """Tell whether a round hands on the memory that it was handed, in its place."""
        repeat = self.graph.repeats[number]
        tensor = repeat.after[place]
        while tensor.carried is None and tensor.source >= repeat.start and self.passes(self.graph.nodes[tensor.source]):
            tensor = self.graph.nodes[tensor.source].ins[0]
        return tensor.carried == (number, place)

    def _without_rounds(self, repeat: Repeated, tensor: Tensor) -> Tensor:
        """Return what is read in place of a tensor that the last round made, where there is none."""
        places = {old for old, new in zip(repeat.before, repeat.after, strict=True) if _same(new, tensor)}
        if len(places) != 1:
            raise _unknown(repeat, "where there are none, something else is read")
        return places.pop()

    def _left(self, rounds: Rounds, stays: tuple[int, ...], given: Condition) -> Condition | None:
        """Return a condition to which that is added which leaving repetitions asks for; None if it never holds."""
        found = set(given)
        for number in (number for number in rounds if number not in stays):
            least = 2 if rounds[number] in ("later", "before the last") else 1
            sure = self.instances.at_least(number, least)
            if sure is False:
                return None
            if sure is None:
                self._check_count(number)
                found.add((Fact(number, "some" if least == 1 else "several"), True))
        return frozenset(found)

    def _check_count(self, number: int) -> None:
        count = self.graph.repeats[number].loop.count
        if symbols_of(count) & {repeat.loop.index for repeat in self.graph.repeats}:
            raise _unknown(self.graph.repeats[number], "there may be none in some rounds around them")


def _same(one: Tensor, other: Tensor) -> bool:
    return (one.source, one.port, one.carried) == (other.source, other.port, other.carried)


def _unknown(repeat: Repeated, reason: str) -> NoAnswer:
    way_out = "; fix the count with a number" if constant(repeat.loop.count) is None else ""
    return NoAnswer(f"what is kept has no form for {repeat.loop.count} rounds: {reason}{way_out}")
