"""How many of the tensors that a node makes over all rounds of the repetitions around it meet a condition.

A condition is that some of a few facts hold, each of the round in which the tensor is made or of another repetition:

* ``first``, ``last``: this round of a repetition around the node is its first, or its last;
* ``some``, ``several``: a repetition has at least one round, or at least two.

Where several conditions are given, tensors that meet any of them count, once each. Rounds in plain numbers can also be
gone through one by one: a condition then says of every repetition around the node which round it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from symcost.algebra.atoms import Box
from symcost.algebra.maximum import maximum, minimum
from symcost.algebra.poly import Num, constant, substitute, total
from symcost.algebra.remainders import never_negative
from symcost.algebra.sums import added_up
from symcost.errors import NoAnswer
from symcost.graph.assumptions import narrow_box
from symcost.graph.model import Graph, Loop


class Fact(NamedTuple):
    """What may hold of a repetition, by its place in ``Graph.repeats``, or of a round of it; a number is that round."""

    number: int
    what: Literal["first", "last", "some", "several"] | int


Condition = frozenset[tuple[Fact, bool]]
"""Facts that hold, and facts that do not: all of them."""
Known = Mapping[Fact, bool]
ALWAYS: Condition = frozenset()


class Instances:
    """Counts tensors of a graph over rounds.

    Attributes:
        one_by_one: whether rounds are gone through one by one.
    """

    def __init__(self, graph: Graph, *, one_by_one: bool = False) -> None:
        self.graph, self.one_by_one = graph, one_by_one
        self.box: Box = {**narrow_box(graph), **{repeat.loop.index: (0, None) for repeat in graph.repeats}}

    def around(self, place: int) -> tuple[int, ...]:
        """Return the repetitions around a node, the outermost first."""
        return tuple(i for i, repeat in enumerate(self.graph.repeats) if repeat.start <= place < repeat.stop)

    def count(self, number: int, rounds: Mapping[int, Any]) -> int:
        """Return how many rounds a repetition has, in given rounds of those around it.

        Raises:
            NoAnswer: that is no plain number.
        """
        loop = self.graph.repeats[number].loop
        count = constant(substitute(loop.count, self._indices(rounds)))
        if not isinstance(count, int):
            raise NoAnswer(f"what is kept has no form for {loop.count} rounds; fix the count with a number")
        return count

    def each_round(self, around: tuple[int, ...]) -> Iterator[dict[int, int]]:
        """Go through the rounds of some repetitions, the outermost first, one by one."""
        if not around:
            yield {}
            return
        *outer, number = around
        for rounds in self.each_round(tuple(outer)):
            for i in range(self.count(number, rounds)):
                yield {**rounds, number: i}

    def _indices(self, rounds: Mapping[int, Num]) -> dict[str, Num]:
        return {self.graph.repeats[number].loop.index: i for number, i in rounds.items()}

    def at_least(self, number: int, rounds: int) -> bool | None:
        """Tell whether a repetition has so many rounds; None where that depends on its symbols."""
        count = self.graph.repeats[number].loop.count
        if never_negative(count - rounds, self.box):
            return True
        return False if never_negative(rounds - 1 - count, self.box) else None

    def amount(self, each: Num, around: tuple[int, ...], conditions: Iterable[Condition]) -> Num:
        """Return what an amount of each tensor adds up to over those that meet any of some conditions.

        Args:
            each: the amount of one, in the indices of the repetitions around the node.
            around: those repetitions, the outermost first.
            conditions: of which one is to hold.

        Raises:
            NotExact: there is no closed sum.
        """
        if self.one_by_one:
            found = (
                substitute(each, self._indices({fact.number: int(fact.what) for fact, _ in c})) for c in set(conditions)
            )
            return total((one, 1) for one in found)
        return self._amount(each, around, _without_special(conditions), {})

    def _amount(self, each: Num, around: tuple[int, ...], conditions: frozenset[Condition], known: Known) -> Num:
        if not conditions:
            return 0
        if ALWAYS in conditions:
            return self._known(each, around, known)
        fact = min(fact for condition in conditions for fact, _ in condition)
        yes, no = (_given(conditions, fact, holds) for holds in (True, False))
        if yes == no:
            return self._amount(each, around, yes, known)
        parts = (self._amount(each, around, rest, {**known, fact: so}) for rest, so in ((yes, True), (no, False)))
        return sum(parts, 0)

    def _known(self, each: Num, around: tuple[int, ...], known: Known) -> Num:
        """Return the sum over the rounds in which just these facts hold."""
        for number in {fact.number for fact in known if fact.what in ("some", "several")}:
            each = each * self._indicator(number, known)
        for number in reversed(around):
            each = self._rounds(each, number, known.get(Fact(number, "first")), known.get(Fact(number, "last")))
        return each

    def _indicator(self, number: int, known: Known) -> Num:
        """Return 1 where a repetition has as many rounds as is known of it, and 0 where it has not."""
        some, several = (known.get(Fact(number, "some")), known.get(Fact(number, "several")))
        one, two = (self._at_most_one(number, rounds) for rounds in (1, 2))
        if several is None:
            return one if some else 1 - one
        if some is None:
            return two if several else 1 - two
        return two if several and some else 0 if several else one - two if some else 1 - one

    def _at_most_one(self, number: int, rounds: int) -> Num:
        """Return 1 where a repetition has so many rounds, and 0 where it has less."""
        sure = self.at_least(number, rounds)
        if sure is not None:
            return int(sure)
        count = self.graph.repeats[number].loop.count - rounds + 1
        return minimum([1, count if never_negative(count, self.box) else maximum([0, count], self.box)], self.box)

    def _rounds(self, each: Num, number: int, first: bool | None, last: bool | None) -> Num:
        """Return the sum over all rounds, or those that are, or are not, the first or the last."""
        loop = self.graph.repeats[number].loop
        if first is None and last is None:
            return added_up(each, loop.index, loop.count)
        one, two = (self._at_most_one(number, rounds) for rounds in (1, 2))
        at_first, at_last = (_at(each, loop, end) for end in (0, loop.count - 1))
        if first and last:
            return at_first * (one - two)
        if first or last:
            other = last if first else first
            return (at_first if first else at_last) * (one if other is None else two)
        ends = (
            at_first * one if first is False else 0,
            at_last * (one if first is None else two) if last is False else 0,
        )
        return added_up(each, loop.index, loop.count) - sum(ends, 0)


def _at(each: Num, loop: Loop, index: Num) -> Num:
    return substitute(each, {loop.index: index})


def _given(conditions: Iterable[Condition], fact: Fact, holds: bool) -> frozenset[Condition]:
    """Return what is left of conditions where a fact is known."""
    return _without_special(c - {(fact, holds)} for c in conditions if (fact, not holds) not in c)


def _without_special(conditions: Iterable[Condition]) -> frozenset[Condition]:
    """Drop conditions of which a part is a condition too, and those that never hold."""
    able = {c for c in conditions if not any((fact, not holds) in c for fact, holds in c)}
    return frozenset(c for c in able if not any(other < c for other in able))
