"""Peak memory: the largest set of tensors that are in memory at once, in an evaluation without gradients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from symcost.algebra.atoms import Box, Number
from symcost.algebra.maximum import maximum, minimum
from symcost.algebra.poly import Num, constant, simplest, substitute, symbol, symbols_of, total
from symcost.algebra.remainders import never_negative
from symcost.errors import NoAnswer
from symcost.graph.assumptions import narrow_box
from symcost.graph.live import FIRST, LATER, Event, Held, Schedule
from symcost.graph.model import Graph, Loop
from symcost.graph.schedule import schedule
from symcost.metrics.metric import Metric

MOST_ROUNDS = 200
Rounds = tuple[tuple[Loop, str], ...]


class Moment(NamedTuple):
    """What is in memory while a node runs, in the rounds where that may be most.

    Attributes:
        node: name of the node that runs.
        size: elements, 0 where there is no such round.
        live: the tensors in memory, with their sizes in the indices of the rounds.
        rounds: the value of the index of every repetition around it.
    """

    node: str
    size: Num
    live: tuple[Held, ...]
    rounds: Mapping[str, Num]


def peaks(graph: Graph) -> dict[str, Num]:
    """Return the elements in memory while each node runs, at most over its rounds.

    Raises:
        NoAnswer: a repetition has rounds of which none is known to hold the most.
    """
    box = narrow_box(graph)
    found: dict[str, list[Num]] = {}
    for moment in moments(graph):
        found.setdefault(moment.node, []).append(moment.size)
    return {node: maximum(sizes, box) for node, sizes in found.items()}


def moments(graph: Graph) -> Iterator[Moment]:
    """Yield what is in memory at every event of the schedule, in order.

    Raises:
        NoAnswer: as for ``peaks``.
    """
    try:
        found = list(_moments(graph, schedule(graph)))
    except NoAnswer:
        if not any(isinstance(constant(repeat.loop.count), int) for repeat in graph.repeats):
            raise
        found = list(_moments(graph, schedule(graph, one_by_one=True)))
    yield from found


def _moments(graph: Graph, plan: Schedule) -> Iterator[Moment]:
    box = narrow_box(graph)
    lives = [tuple(live) for live in plan.live()]
    sums = [simplest(total((held.size, 1) for held in live)) for live in lives]
    found = {_key(event): size for event, size in zip(plan.events, sums, strict=True)}
    for event, size, live in zip(plan.events, sums, lives, strict=True):
        for most, rounds in _over_rounds(event, size, found, box):
            yield Moment(event.node.name, most, live, {**event.at, **rounds})


def _key(event: Event, kinds: Iterable[str] | None = None) -> Key:
    kinds = (which for _, which in event.rounds) if kinds is None else kinds
    return event.node.name, tuple(event.at.values()), tuple(kinds)


Key = tuple[str, tuple[Number, ...], tuple[str, ...]]
"""A node, the rounds in which it runs, and which of two they are where these stand for all."""
Found = list[tuple[Num, dict[str, Num]]]
"""Sizes without indices, each with the values of the indices that it is for."""


def _over_rounds(event: Event, size: Num, found: Mapping[Key, Num], box: Box) -> Found:
    """Return sizes of which the largest is the largest over all rounds.

    A later round whose live set is the first one's too, with 0 for its index, stands for that as well.
    """
    first: dict[str, Num] = {loop.index: 0 for loop, which in event.rounds if which == FIRST}
    loops = [(Loop(loop.index, substitute(loop.count, first)), which) for loop, which in event.rounds]
    starts = [1 if which == FIRST else _start(event, depth, size, found) for depth, (_, which) in enumerate(loops)]
    box = {**box, **{loop.index: (start, None) for (loop, _), start in zip(loops, starts, strict=True)}}
    sizes: Found = [(substitute(size, first), first)]
    for (loop, which), start in zip(reversed(loops), reversed(starts), strict=True):
        if which == LATER:
            sizes = [_at(one, loop.index, end) for one in sizes for end in _ends(one[0], loop, start, box)]
        fewest = 1 if which == FIRST else start + 1
        sizes = [(_where(one, loop.count - fewest, box, event), rounds) for one, rounds in sizes]
    return sizes


def _at(one: tuple[Num, dict[str, Num]], index: str, value: Num) -> tuple[Num, dict[str, Num]]:
    size, rounds = one
    inner = {name: substitute(end, {index: value}) for name, end in rounds.items()}
    return substitute(size, {index: value}), {index: value, **inner}


def _start(event: Event, depth: int, size: Num, found: Mapping[Key, Num]) -> int:
    """Return 0 where a later round is like the first, 1 where it is not."""
    loop, _ = event.rounds[depth]
    kinds = [which for _, which in event.rounds]
    twin = found.get(_key(event, [*kinds[:depth], FIRST, *kinds[depth + 1 :]]))
    inner = any(loop.index in symbols_of(inside.count) for inside, _ in event.rounds[depth + 1 :])
    zero = {loop.index: 0}
    return int(twin is None or inner or substitute(twin, zero) != substitute(size, zero))


def _ends(x: Num, loop: Loop, least: int, box: Box) -> list[Num]:
    """Return values of the index, of least .. count - 1, of which one makes x the largest."""
    if loop.index not in symbols_of(x):
        return [least]
    index, last = symbol(loop.index, "index"), loop.count - 1
    step = substitute(x, {loop.index: index + 1}) - x
    if never_negative(step, box):
        return [last]
    if never_negative(-step, box):
        return [least]
    if never_negative(substitute(step, {loop.index: index + 1}) - step, box):
        return [least, last]
    number = constant(last)
    if isinstance(number, int) and number < MOST_ROUNDS:
        return list(range(least, number + 1))
    raise NoAnswer(f"the peak has no form for {loop.count} rounds: none of them is known to hold the most")


def _where(x: Num, gap: Num, box: Box, event: Event) -> Num:
    """Return x where a gap is not negative, and 0 where it is: x times the lesser of 1 and gap + 1."""
    if never_negative(gap, box):
        return x
    if any(loop.index in symbols_of(gap) for loop, _ in event.rounds):
        raise NoAnswer(f"the peak has no form for rounds in number {gap}: node '{event.node.name}' may not run")
    rounds = gap + 1 if never_negative(gap + 1, box) else maximum([0, gap + 1], box)
    return x * minimum([1, rounds], box)


METRICS = (
    Metric(
        "peak_activations",
        "elements",
        "elements in memory at once at most: peak memory (largest live set) without weights and inputs",
        peaks=peaks,
        shown=False,
    ),
)
