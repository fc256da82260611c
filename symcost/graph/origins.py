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

Round = Literal["any", "first", "later", "before the last", "last"] | int
Rounds = Mapping[int, Round]
"""Repetition -> in which of its rounds something happens; a number where they are gone through one by one."""


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
            if isinstance(which, int):
                found.add((Fact(number, which), True))
                continue
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
            before = self._before_no_rounds(number, tensor, inside, left)
            if before is not None:
                yield from before
                if self.instances.one_by_one:
                    return
            inside[number] = self.instances.count(number, inside) - 1 if self.instances.one_by_one else "last"
        if self.passes(node) and node.ins:
            yield from self._of(node.ins[0], inside, left)
        elif (here := self.condition(inside)) is not None:
            yield Made(tensor.source, tensor.port, left | here)

    def _before_no_rounds(self, number: int, tensor: Tensor, rounds: Rounds, given: Condition) -> Iterator[Made] | None:
        """Find where a value was made that is read after a repetition that has no rounds; None if it has some."""
        if self.instances.one_by_one:
            return (
                None
                if self.instances.count(number, rounds)
                else self._of(self._without_rounds(number, tensor), rounds, given)
            )
        if self.instances.at_least(number, 1):
            return None
        return self._of(self._without_rounds(number, tensor), rounds, given | {(Fact(number, "some"), False)})

    def _carried(self, carried: tuple[int, int], rounds: Rounds, given: Condition) -> Iterator[Made]:
        number, place = carried
        repeat, which = self.graph.repeats[number], rounds.get(number)
        if which is None:
            raise _unknown(repeat, "what the last round read is read after it")
        if which in ("any", "first", 0):
            yield from self._from_before(number, place, rounds, given)
        if isinstance(which, int) and which > 0:
            yield from self._from_round_before(number, place, {**rounds, number: which - 1}, given)
        if which in ("any", "later") and self.instances.at_least(number, 2) is not False:
            yield from self._from_round_before(number, place, {**rounds, number: "before the last"}, given)
        if which in ("before the last", "last"):
            if not self._hands_through(number, place):
                raise _unknown(repeat, "a round hands on what the one before made")
            yield from self._from_before(number, place, rounds, given)

    def _from_round_before(self, number: int, place: int, rounds: Rounds, given: Condition) -> Iterator[Made]:
        """Find where what a round hands on was made."""
        kept = {outer: which for outer, which in rounds.items() if outer in (*self._outside(number), number)}
        left = self._left(rounds, tuple(kept), given)
        if left is not None:
            yield from self._of(self.graph.repeats[number].after[place], kept, left)

    def _from_before(self, number: int, place: int, rounds: Rounds, given: Condition) -> Iterator[Made]:
        """Find where what stands before a repetition was made."""
        kept = {outer: which for outer, which in rounds.items() if outer in self._outside(number)}
        left = self._left(rounds, tuple(kept), given)
        if left is not None:
            yield from self._of(self.graph.repeats[number].before[place], kept, left)

    def _outside(self, number: int) -> tuple[int, ...]:
        """Return the repetitions around a repetition."""
        return tuple(n for n in self.instances.around(self.graph.repeats[number].start) if n < number)

    def _hands_through(self, number: int, place: int) -> bool:
        """Tell whether a round hands on the memory that it was handed, in its place."""
        repeat = self.graph.repeats[number]
        tensor = repeat.after[place]
        while tensor.carried is None and tensor.source >= repeat.start and self.passes(self.graph.nodes[tensor.source]):
            tensor = self.graph.nodes[tensor.source].ins[0]
        return tensor.carried == (number, place)

    def _without_rounds(self, number: int, tensor: Tensor) -> Tensor:
        """Return what is read in place of a tensor that the last round made, where there is none."""
        repeat = self.graph.repeats[number]
        places = {old for old, new in zip(repeat.before, repeat.after, strict=True) if _same(new, tensor)}
        if len(places) != 1:
            raise _unknown(repeat, "where there are none, something else is read")
        return places.pop()

    def _left(self, rounds: Rounds, stays: tuple[int, ...], given: Condition) -> Condition | None:
        """Return a condition to which that is added which leaving repetitions asks for; None if it never holds."""
        found = set(given)
        for number in (
            number for number, which in rounds.items() if number not in stays and not isinstance(which, int)
        ):
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
