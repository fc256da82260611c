"""How many designs reach the best value, and which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from math import prod

from symcost.optimum.search import Box, Search

_MOST_BOXES = 20_000


@dataclass(frozen=True)
class Ties:
    """The designs that reach the best value.

    Attributes:
        count: how many were found.
        complete: whether these are all.
        designs: the first ones, as places, in order of places.
    """

    count: int
    complete: bool
    designs: tuple[tuple[int, ...], ...]


def find_ties(search: Search, most: int) -> Ties:
    """Look through what a search left apart because nothing there is better.

    A box in which every design meets all limits and the goal never changes is counted as a whole.
    """
    assert search.best is not None
    stack, search.even = list(search.even), []
    count, boxes = 0, 0
    found: set[tuple[int, ...]] = set()
    while stack and boxes < _MOST_BOXES and not search.out_of_work():
        boxes += 1
        box = stack.pop()
        tests = search.cut(box)
        if tests is None or not _level(search, box):
            stack += [] if tests is None or _below(search, box) else box.halves()
        elif not box.open and not tests:
            count += prod(b - a + 1 for a, b in zip(box.first, box.last, strict=True))
            found.update(islice(_designs(box), most))
        elif box.first != box.last:
            stack += box.halves()
        elif search.problem.meets(box.first):
            count += 1
            found.add(tuple(box.first))
    found.add(tuple(search.best))
    return Ties(max(count, len(found)), not stack and search.complete, tuple(sorted(found)[:most]))


def _level(search: Search, box: Box) -> bool:
    """Tell whether the goal has the best value all over a box."""
    goal = search.problem.goal
    return goal.high(box.first, box.last) == goal.low(box.first, box.last) == search.value


def _below(search: Search, box: Box) -> bool:
    high = search.problem.goal.high(box.first, box.last)
    return box.first == box.last or (high is not None and search.value is not None and high < search.value)


def _designs(box: Box) -> Iterator[tuple[int, ...]]:
    return product(*(range(a, b + 1) for a, b in zip(box.first, box.last, strict=True)))
