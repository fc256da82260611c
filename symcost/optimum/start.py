"""Good designs to start from, by climbing; nothing here has to be right, only quick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from symcost.algebra.atoms import Number

if TYPE_CHECKING:
    from symcost.optimum.search import Problem

_MOST_ROUNDS = 6


def filled(problem: Problem, first: Sequence[int], last: Sequence[int], near: Sequence[int]) -> list[int] | None:
    """Return a design that meets everything, on the way from a corner of a box towards a design that may not."""
    for corner in _corners(problem, first, last):
        if problem.meets(corner):
            place = list(corner)
            for axis, aim in enumerate(near):
                _move(problem.meets, place, axis, aim)
            return place
    return None


def improved(problem: Problem, places: Sequence[int]) -> list[int]:
    """Return a design that no step of one unknown down and of others up makes better."""
    best = _climbed(problem, list(places))
    value = problem.goal.at(best)
    for _ in range(_MOST_ROUNDS):
        better = _exchanged(problem, best, value)
        if better is None:
            break
        best, value = better
    return best


def _exchanged(problem: Problem, best: list[int], value: Number) -> tuple[list[int], Number] | None:
    for axis in range(len(best)):
        for step in (-1, 1):
            place = list(best)
            place[axis] += step
            if not 0 <= place[axis] < problem.counts[axis]:
                continue
            for order in (range(len(best)), range(len(best) - 1, -1, -1)):
                other = _climbed(problem, list(place), [i for i in order if i != axis])
                if problem.meets(other) and (found := problem.goal.at(other)) > value:
                    return other, found
    return None


def _climbed(problem: Problem, place: list[int], order: Sequence[int] | None = None) -> list[int]:
    """Move each unknown as far as the limits allow, the way the goal goes."""
    if not problem.meets(place):
        return place
    for axis in order if order is not None else range(len(place)):
        trend = problem.goal.trends.get(axis)
        if trend:
            _move(problem.meets, place, axis, problem.counts[axis] - 1 if trend > 0 else 0)
    return place


def _move(meets: Callable[[Sequence[int]], bool], place: list[int], axis: int, aim: int) -> None:
    """Move one unknown from where everything is met towards an aim, by bisection."""
    kept, place[axis] = place[axis], aim
    if kept == aim or meets(place):
        return
    lost = aim
    while abs(lost - kept) > 1:
        place[axis] = (lost + kept) // 2
        if meets(place):
            kept = place[axis]
        else:
            lost = place[axis]
    place[axis] = kept


def _corners(problem: Problem, first: Sequence[int], last: Sequence[int]) -> list[list[int]]:
    """Return corners of a box where limits are most likely to be met: for each limit the one that is best for it."""
    found = [list(first), list(last)]
    for limit in problem.limits:
        corner = list(first)
        for axis, trend in limit.form.trends.items():
            corner[axis] = last[axis] if trend == -1 else first[axis]
        found.append(corner)
    return found
