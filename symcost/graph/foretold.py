"""The most that a training step has in memory, for any number of rounds: what three written-out rounds foretell.

The amounts at all events are formulas in the numbers of rounds (``symcost.graph.stacked``). They are held against
schedules with four rounds, and with as few as are allowed, of each repetition: at every event the amount must be the
one foretold. Rounds that differ only in what lies below them follow from one another, so no other number of rounds has
to be tried. A formula of an event that needs a round counts where there is such a round. Where few rounds are another
case, as a single one is where all rounds read what stands before them, they have formulas of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from symcost.algebra.atoms import Box
from symcost.algebra.maximum import Max, maximum, minimum
from symcost.algebra.poly import Num, atoms_of, constant, evaluate, simplest, substitute, symbol, symbols_of, terms_of
from symcost.algebra.ranges import lower_bound
from symcost.algebra.remainders import never_negative
from symcost.errors import NoAnswer, NoForm
from symcost.graph.stacked import MIDDLE, Counts, Sizes, amounts
from symcost.graph.step import Step
from symcost.graph.tape import ALIKE

LAST = ALIKE - 1
MOST_OPTIONS = 200
"""Formulas beyond which the largest of them is no answer to read, nor quickly found."""
MOST_OWN = 2
"""Repetitions that may have amounts of their own for few rounds."""


@dataclass(frozen=True, eq=False)
class Played:
    """A schedule, and how many rounds there are of repetitions of which three are written out, by number."""

    step: Step
    counts: Counts


Play = Callable[[Mapping[int, int]], Played]
"""Returns the schedule with some repetitions, by number, written out in other numbers of rounds than three."""


class Key(NamedTuple):
    """What tells an event from all others: what runs, and in which rounds."""

    phase: str
    node: str
    at: tuple[tuple[str, int], ...]
    rounds: tuple[tuple[int, int], ...]

    def moved(self, repeat: int, place: int) -> Key:
        """Return the same event in another round of a repetition."""
        rounds = tuple((number, place if number == repeat else here) for number, here in self.rounds)
        return self._replace(rounds=rounds)

    def place(self, repeat: int) -> int | None:
        """Return in which round of a repetition it is."""
        return dict(self.rounds).get(repeat)


class Foretold:
    """What three rounds say of any number of them.

    Args:
        play: makes schedules.
        sizes: what a piece of memory counts.
        box: ranges of the symbols.
        least: the least numbers of rounds that are allowed, by number of the repetition.
    """

    def __init__(self, play: Play, sizes: Sizes, box: Box, least: Mapping[int, int]) -> None:
        self.play, self.sizes, self.box, self.least = play, sizes, box, least
        three = play({})
        self.real = {n: count for n, count in three.counts.items() if constant(count) is None}
        self.counts = {n: symbol(_name(n), "index") if n in self.real else c for n, c in three.counts.items()}
        self.step = three.step
        self.keys = list(keys(three.step))
        self.few: dict[int, range] = {}
        self.from_two: set[int] = set()

    def peak(self) -> Num:
        """Return the largest amount.

        Raises:
            NoAnswer: one round does not stand for others.
        """
        for number in self.counts:
            if not self.holds(number, ALIKE + 1):
                raise _unlike(self.step, number)
        for number in self.real:
            least = self.least[number]
            others = [rounds for rounds in range(least, ALIKE) if not self.holds(number, rounds)]
            if others:
                self.few[number] = range(least, others[-1] + 1)
        if len(self.few) > MOST_OWN:
            raise _unlike(self.step, next(iter(self.few)))
        return largest(self.options(), self.box)

    def holds(self, number: int, rounds: int) -> bool:
        """Tell whether what is foretold for a number of rounds of one repetition is so.

        That is at every event; or it is more at some, but less than the largest, which is the same.
        """
        counts = {**self.counts, number: rounds}
        told = dict(zip(self.keys, amounts(self.step, counts, self.sizes), strict=True))
        found = self.played({number: rounds})
        gaps: list[Num] = []
        for key, amount in found.items():
            twin = _twin(key, number, rounds)
            gaps += [] if twin is None or told[twin] == amount else [simplest(told[twin] - amount)]
            if rounds == 1 and key != twin and not _plainly_below(told[key.moved(number, 0)], amount):
                self.from_two.add(number)
        return not gaps or (all(_plainly_below(0, gap) for gap in gaps) and self.come_to_one(number, told, found))

    def come_to_one(self, number: int, told: Mapping[Key, Num], found: Mapping[Key, Num]) -> bool:
        """Tell whether the largest of what is foretold and of what is played are the same."""
        box = {**self.box, **{_name(n): (max(self.least[n], 1), None) for n in self.real if n != number}}
        there = [amount for key, amount in told.items() if key.place(number) != MIDDLE]
        return largest(there, box) == largest(found.values(), box)

    def played(self, written: Mapping[int, int]) -> dict[Key, Num]:
        """Return the amounts with some repetitions written out in other numbers of rounds."""
        played = self.play(written)
        counts = {n: self.counts[n] for n in played.counts}
        return dict(zip(keys(played.step), amounts(played.step, counts, self.sizes), strict=True))

    def options(self) -> Iterator[Num]:
        """Yield formulas of which the largest is the peak, in the sizes of the network.

        Where fewer rounds have amounts of their own, these count for just so many.
        """
        real = {_name(n): count for n, count in self.real.items()}
        for chosen in product(*([None, *few] for few in self.few.values())):
            written = {n: rounds for n, rounds in zip(self.few, chosen, strict=True) if rounds is not None}
            where = self.where(written)
            found = self.played(written)
            for key, amount in found.items():
                if not any(_is_below_last(found, key, n, self) for n, _ in key.rounds if n in self.counts):
                    yield self.gated(key, substitute(amount, real), written) * where

    def where(self, written: Mapping[int, int]) -> Num:
        """Return 1 for the numbers of rounds that are written out, or that three stand for, and 0 for others."""
        result: Num = 1
        for number, few in self.few.items():
            if number in written:
                below = maximum([0, written[number] + 1 - self.real[number]], self.box)
                result = result * self.gate(number, written[number]) * minimum([1, below], self.box)
            else:
                result = result * self.gate(number, few[-1] + 1)
        return result

    def gated(self, key: Key, amount: Num, written: Mapping[int, int]) -> Num:
        """Return an amount where the rounds are there that an event is in, and 0 elsewhere."""
        for number, place in key.rounds:
            if number in self.real and number not in written:
                needed = ALIKE if place == MIDDLE else 2 if place == 0 and number in self.from_two else 1
                amount = amount * self.gate(number, needed)
        return amount

    def gate(self, number: int, needed: int) -> Num:
        """Return 1 where a repetition has as many rounds as needed, and 0 where it has fewer."""
        if self.least[number] >= needed:
            return 1
        above = self.real[number] - (needed - 1)
        if self.least[number] < needed - 1:
            above = maximum([0, above], self.box)
        return minimum([1, above], self.box)


def _name(number: int) -> str:
    return f"rounds {number}"


def _is_below_last(found: Mapping[Key, Num], key: Key, number: int, told: Foretold) -> bool:
    """Tell whether an event of the first or a middle round never has more in memory than that of the last."""
    last = found.get(key.moved(number, LAST))
    if key.place(number) == LAST or last is None:
        return False
    least = {_name(n): ALIKE if key.place(n) == MIDDLE else 1 for n in told.real}
    raised = substitute(last - found[key], {name: symbol(name, "index") + low for name, low in least.items()})
    return _plainly_below(0, raised) or never_negative(raised, {**told.box, **dict.fromkeys(least, (0, None))})


def keys(step: Step) -> Iterator[Key]:
    """Yield what tells the events of a schedule from one another."""
    for phase, call in step.events:
        if call is None:
            yield Key(phase, "", (), ())
        else:
            rounds = tuple((one.repeat, one.place) for one in call.rounds)
            yield Key(phase, call.node.name, tuple(call.at.items()), rounds)


def _twin(key: Key, number: int, rounds: int) -> Key | None:
    """Return which event of three rounds an event of so many is; none for a middle round that is not the last one."""
    place = key.place(number)
    if place is None or (place == 0 and rounds > 1):
        return key
    if place == rounds - 1:
        return key.moved(number, LAST)
    return key.moved(number, MIDDLE) if place == rounds - 2 else None


def _unlike(step: Step, number: int) -> NoAnswer:
    calls = (call for _, call in step.events if call is not None)
    inside = next(call.node.name for call in calls if any(one.repeat == number for one in call.rounds))
    return NoAnswer(
        "the memory of a training step has no one form in the number of rounds of the repetition that begins with node "
        f"'{inside}'; fix the counts of repetitions with numbers"
    )


def least_rounds(count: Num, box: Box) -> int:
    """Return the least number of rounds that a formula for it allows."""
    low = lower_bound(count, box) or 0
    return max(-(-low.numerator // low.denominator), 0)


def largest(options: Iterable[Num], box: Box) -> Num:
    """Return the largest of several formulas, most of which are plainly below others.

    What is plainly below another is not above it anywhere, so the largest at some sizes are looked at first.

    Raises:
        NoAnswer: too many are left.
    """
    left: list[Num] = []
    for option in dict.fromkeys(options):
        while left and _plainly_below(left[-1], option):
            left.pop()
        if not left or not _plainly_below(option, left[-1]):
            left.append(option)
    names = sorted(frozenset().union(*map(symbols_of, left)))
    point = {name: (box.get(name, (1, None))[0] or 0) + 40 + place for place, name in enumerate(names)}
    best: list[Num] = []
    for option in sorted(left, key=lambda x: -evaluate(x, point)):
        if not any(_plainly_below(option, other) for other in best):
            best.append(option)
        if len(best) > MOST_OPTIONS:
            raise NoForm(
                f"the memory of a training step is the largest of more than {MOST_OPTIONS} formulas; fix the counts of "
                "repetitions, or other sizes, with numbers"
            )
    return maximum(best, box)


def _plainly_below(x: Num, other: Num) -> bool:
    """Tell whether another formula exceeds x by a sum of products of sizes, or is the same."""
    gap = simplest(other - x)
    return all(c > 0 for c in terms_of(gap).values()) and not any(isinstance(atom, Max) for atom in atoms_of(gap))
