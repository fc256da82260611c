"""What is in memory at each event of a training step, where three rounds of a repetition stand for many.

Of a repetition with n rounds that are alike, a tape holds the first, the middle and the last. In truth there are n - 2
middle ones. What one of them holds across the loss, each of those before it holds too. So while the middle round that
is written out runs, forward or backward, and all that comes between, n - 3 more such pieces of memory are there: the
round stands for the last of the middle ones, which has most below it. In rounds inside rounds, a middle round outside
holds those of its own n - 2 middle rounds inside.

That rounds are alike is not taken for granted: ``symcost.graph.foretold`` compares with other numbers of rounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from symcost.algebra.poly import Num, Poly, simplest
from symcost.graph.step import Held, Step
from symcost.graph.tape import ALIKE, Round

MIDDLE = 1
"""Which of the three rounds stands for others."""
Sizes = Callable[[Held], Num]
Counts = Mapping[int, Num]


class Span(NamedTuple):
    """An amount that is in memory from one event to another."""

    amount: Num
    first: int
    last: int


def amounts(step: Step, counts: Counts, sizes: Sizes) -> list[Num]:
    """Return how much is in memory at each event.

    Args:
        step: the schedule.
        counts: how many rounds there are of repetitions of which three are written out.
        sizes: what a piece of memory counts.
    """
    change: list[list[Num]] = [[] for _ in range(len(step.events) + 1)]
    for _, (amount, first, last) in spans(step, counts, sizes):
        change[first].append(amount)
        change[last + 1].append(-amount)
    found: list[Num] = []
    here: Num = Poly({})
    for changes in change[:-1]:
        for one in changes:
            here = here + one
        found.append(simplest(here))
    return found


def kept(step: Step, counts: Counts, sizes: Sizes) -> Iterator[tuple[Held, Num]]:
    """Find what is kept when the loss runs, each piece of memory with all those that it stands for.

    Args:
        step: the schedule.
        counts: as for ``amounts``.
        sizes: as for ``amounts``.
    """
    for held, (amount, first, last) in spans(step, counts, sizes):
        if held.kept and first <= step.turn <= last:
            yield held, amount


def spans(step: Step, counts: Counts, sizes: Sizes) -> Iterator[tuple[Held, Span]]:
    """Find how long each piece of memory is there, and those that it stands for.

    Args:
        step: the schedule.
        counts: as for ``amounts``.
        sizes: as for ``amounts``.
    """
    yield from ((held, Span(sizes(held), held.born, held.last)) for held in step.held)
    if counts:
        yield from _below(step, counts, sizes)


def _below(step: Step, counts: Counts, sizes: Sizes) -> Iterator[tuple[Held, Span]]:
    """Find what the middle rounds hold that are not written out."""
    windows = _windows(step)
    for held in step.held:
        rounds = _middles(step, held, counts)
        for depth, one in enumerate(rounds):
            many = counts[one.repeat] - ALIKE
            for inner in rounds[depth + 1 :]:
                many = many * (counts[inner.repeat] - ALIKE + 1)
            yield held, Span(sizes(held) * many, *windows[one, held.again])


def _middles(step: Step, held: Held, counts: Counts) -> list[Round]:
    """Return the middle rounds in which a piece of memory is made that it outlives; none if it goes before the loss."""
    if held.call is None:
        return []
    rounds, turn = held.call.rounds, step.turn
    if held.again:
        own = step.segments.first[held.call.number]
        rounds, turn = rounds[step.segments.depth[own] :], step.ends[own]
    if not held.born <= turn < held.last:
        return []
    return [one for one in rounds if one.repeat in counts and one.place == MIDDLE]


def _windows(step: Step) -> dict[tuple[Round, bool], tuple[int, int]]:
    """Return the first and the last event of each round: of its forward pass, or its second one, to its backward."""
    found: dict[tuple[Round, bool], tuple[int, int]] = {}
    for now, (phase, call) in enumerate(step.events):
        for one in call.rounds if call is not None else ():
            for again in (False, True):
                if phase == "backward" or again == (phase == "again"):
                    first, _ = found.get((one, again), (now, now))
                    found[one, again] = first, now
    return found
