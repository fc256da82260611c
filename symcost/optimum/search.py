"""Branch and bound over boxes of designs, the most promising box first.

A box is cut down by every limit and by what the best design found so far reaches; it is done with when its best corner
meets all limits, or when nothing in it is proved to be better. Otherwise it is halved. What is left over when the
search stops bounds what could still be found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count
from time import monotonic

from symcost.algebra.atoms import Number
from symcost.optimum.bound import Bounder, Hint, Nothing
from symcost.optimum.goal import Goal
from symcost.optimum.limit import Limit, Test
from symcost.optimum.start import filled, improved

_GREEDY = 16
"""Boxes from which a design is built up with care; later ones are only looked at where they point to."""
_ROUNDS = 3


@dataclass(eq=False)
class Box:
    """Places from ``first`` to ``last`` of each unknown, and what is known of the designs there.

    Attributes:
        first: one corner.
        last: the other corner.
        hint: where the bound was found.
        open: numbers of the limits that some designs here may not meet.
        depth: how often it was halved.
        bound: of the goal, None where none is known.
    """

    first: list[int]
    last: list[int]
    hint: Hint
    open: list[int] = field(default_factory=list)
    depth: int = 0
    bound: Number | None = None

    def halves(self) -> tuple[Box, Box]:
        """Return its two halves, across the unknown on which most depends."""
        spans = {axis: b - a for axis, (a, b) in enumerate(zip(self.first, self.last, strict=True)) if a < b}
        weights = self.hint.weights
        axis = max(spans, key=lambda i: (weights.get(i, 0.0), spans[i], -i))
        middle = (self.first[axis] + self.last[axis]) // 2
        lower, upper = self._copy(), self._copy()
        lower.last[axis], upper.first[axis] = middle, middle + 1
        return lower, upper

    def _copy(self) -> Box:
        hint = Hint(list(self.hint.near), list(self.hint.point), dict(self.hint.prices), dict(self.hint.weights))
        return Box(list(self.first), list(self.last), hint, self.open, self.depth + 1, self.bound)


@dataclass(eq=False)
class Problem:
    """A goal to be made great, limits and tests to be met, and the numbers of values of each unknown."""

    goal: Goal
    limits: Sequence[Limit]
    tests: Sequence[Test]
    counts: Sequence[int]

    def meets(self, places: Sequence[int]) -> bool:
        """Tell whether a design meets everything."""
        return all(limit.meets(places) for limit in self.limits) and all(test.meets(places) for test in self.tests)

    def box(self) -> Box:
        """Return the box of all designs."""
        middle = [n // 2 for n in self.counts]
        limits = list(range(len(self.limits)))
        return Box(
            [0] * len(self.counts),
            [n - 1 for n in self.counts],
            Hint([float(p) for p in middle], middle, {}, {}),
            limits,
        )


class Search:
    """One search, and how far it has come.

    Attributes:
        best: the best design found, as places, None where none is found yet.
        value: its value.
        nodes: boxes looked at.
        even: boxes without anything better than ``value``, where it may be reached again.
        complete: whether nothing is left over.
    """

    def __init__(
        self,
        problem: Problem,
        deadline: float | None = None,
        most: int | None = None,
        watch: Callable[[Search], None] | None = None,
    ) -> None:
        self.problem = problem
        self.best: list[int] | None = None
        self.value: Number | None = None
        self.nodes = 0
        self.even: list[Box] = []
        self.complete = False
        self._goal = problem.goal
        self._bounder = Bounder(problem.goal, problem.limits)
        self._deadline, self._most, self._watch = deadline, most, watch
        self._heap: list[tuple[tuple[int, Number], int, int, Box]] = []
        self._number = count()

    def run(self) -> None:
        """Search until all is decided, or time or nodes are used up."""
        self._enter(self.problem.box())
        while self._heap:
            if self.out_of_work():
                return
            box = heappop(self._heap)[3]
            if self._hopeless(box, box.bound):
                continue
            for half in box.halves():
                self._enter(half)
        self.complete = True

    def out_of_work(self) -> bool:
        """Tell whether time or nodes are used up."""
        if self._watch is not None:
            self._watch(self)
        if self._most is not None and self.nodes >= self._most:
            return True
        return self._deadline is not None and monotonic() >= self._deadline

    def bound(self) -> Number | None:
        """Return what no design is better than; None where no bound is known."""
        if self._heap:
            top = self._heap[0][3].bound
            return top if self.value is None or top is None else max(top, self.value)
        return self.value

    @property
    def gap(self) -> float | None:
        """How much better than the best found a design may still be, as a part of it; None where that is not known."""
        bound, value = self.bound(), self.value
        if bound is None or value is None or not value:
            return None
        return float(abs(Fraction(bound - value) / Fraction(value)))

    def _enter(self, box: Box) -> None:
        """Cut a box down, and keep it where it can hold something better."""
        self.nodes += 1
        tests = self.cut(box)
        if tests is None:
            return
        exact = self._goal.high(box.first, box.last)
        if self._hopeless(box, exact):
            return
        corner = self._goal.best_corner(box.first, box.last)
        if corner is not None and (not (box.open or tests) or self.problem.meets(corner)):
            self._record(corner)
            self.even.append(box)
            return
        if box.first == box.last:
            return
        try:
            bound = self._bounder.bound(box.first, box.last, box.hint, box.open, self.value)
        except Nothing:
            return
        box.bound = _least(box.bound, exact, bound)
        self._try(box)
        if not self._hopeless(box, box.bound):
            rank = (0, 0) if box.bound is None else (1, -box.bound)
            heappush(self._heap, (rank, -box.depth, next(self._number), box))

    def cut(self, box: Box) -> list[Test] | None:
        """Cut off what cannot meet a limit or reach the best value; return open tests, None where nothing is left."""
        limits, tests = self.problem.limits, list(self.problem.tests)
        for _ in range(_ROUNDS):
            before = [*box.first, *box.last]
            still = []
            for number in box.open:
                kept = limits[number].tighten(box.first, box.last)
                if kept is False:
                    return None
                still += [number] if kept is None else []
            box.open = still
            if self.value is not None and self._goal.tighten(self.value, box.first, box.last) is False:
                return None
            undecided = []
            for test in tests:
                verdict = test.tighten(box.first, box.last)
                if verdict is False:  # the box may be empty now, and another test must not look at it
                    return None
                undecided += [test] if verdict is None else []
            tests = undecided
            if [*box.first, *box.last] == before:
                break
        return tests

    def _hopeless(self, box: Box, bound: Number | None) -> bool:
        """Tell whether a box holds nothing better than what is found; where it may be as good, keep it apart."""
        if self.value is None or bound is None or bound > self.value:
            return False
        if bound == self.value:
            self.even.append(box)
        return True

    def _record(self, places: Sequence[int]) -> bool:
        value = self._goal.at(places)
        if self.value is not None and value <= self.value:
            return False
        self.best, self.value = list(places), value
        self.even = [box for box in self.even if box.bound is None or box.bound >= value]
        return True

    def _try(self, box: Box) -> None:
        """Look whether a design that the bound points to meets the limits, and build on it."""
        meets = self.problem.meets
        found = list(box.hint.point) if meets(box.hint.point) else None
        if found is None and (self.nodes <= _GREEDY or self.value is None):
            found = filled(self.problem, box.first, box.last, box.hint.point)
        if found is None:
            return
        if self._record(found) or self.nodes <= _GREEDY:
            self._record(improved(self.problem, found))


def _least(*bounds: Number | None) -> Number | None:
    return min((bound for bound in bounds if bound is not None), default=None)
