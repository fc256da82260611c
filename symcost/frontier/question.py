"""What is asked: goals over a grid of designs, and the sheets that the grid is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, constant, symbols_of
from symcost.architecture import Architecture, cost_of
from symcost.cost import Cost
from symcost.errors import SpecError, UsageError
from symcost.frontier.goals import Goals, read_goals
from symcost.frontier.sheet import Sheet
from symcost.solver.following import sizes_over
from symcost.solver.grid import Axis, Over, Value, axes, axis_names
from symcost.solver.objective import Objective

Subject = Cost | Architecture


@dataclass(frozen=True)
class Question:
    """Goals over a grid.

    Attributes:
        subject: the network, or its cost.
        convention: by which FLOPs are counted, where the subject is a network.
        goals: two or more.
        axes: of the grid, the first varying slowest.
        structure: the axes among them that decide the graph.
        at: values of other symbols, as given.
    """

    subject: Subject
    convention: str
    goals: tuple[Objective, ...]
    axes: tuple[Axis, ...]
    structure: tuple[Axis, ...]
    at: Mapping[str, Number | str]

    @property
    def name(self) -> str:
        """The name of the network."""
        return self.subject.name or (self.subject.graph.name if isinstance(self.subject, Cost) else "")

    @property
    def size(self) -> int:
        """How many designs the grid has."""
        return prod(len(axis.values) for axis in self.axes)

    @property
    def inner(self) -> tuple[Axis, ...]:
        """The axes whose symbols stay in the formulas."""
        return tuple(axis for axis in self.axes if axis not in self.structure)

    def design(self, place: int) -> dict[str, Value]:
        """Return the design at a place of the grid."""
        found: dict[str, Value] = {}
        for axis in reversed(self.axes):
            place, i = divmod(place, len(axis.values))
            found[axis.name] = axis.values[i]
        return {axis.name: found[axis.name] for axis in self.axes}

    def sheets(self) -> Iterator[Sheet | tuple[str, int]]:
        """Yield the parts of the grid over one graph each, or why there is no graph, and for how many designs.

        Raises:
            SpecError: there is none at all.
        """
        each = prod(len(axis.values) for axis in self.inner)
        first: SpecError | None = None
        some = False
        for places in product(*(range(len(axis.values)) for axis in self.structure)):
            chosen = {axis.name: axis.values[i] for axis, i in zip(self.structure, places, strict=True)}
            offset = sum(i * self.stride(axis) for axis, i in zip(self.structure, places, strict=True))
            try:
                yield self._sheet(chosen, offset)
                some = True
            except SpecError as error:
                first = first or error
                yield str(error).splitlines()[0], each
        if first and not some:
            raise first

    def stride(self, axis: Axis) -> int:
        """Return how far apart in the grid neighbours along an axis are."""
        after = self.axes[self.axes.index(axis) + 1 :]
        return prod(len(later.values) for later in after)

    def _sheet(self, chosen: Mapping[str, Value], offset: int) -> Sheet:
        cost = self.subject if isinstance(self.subject, Cost) else self.subject.cost(self.convention, **chosen)
        names = [axis.name for axis in self.inner]
        sizes = sizes_over(cost, names, self.at)
        put = {**sizes, **{name: value for name, value in chosen.items() if not isinstance(value, bool)}}
        quotients = [goal.quotient(cost, put) for goal in self.goals]
        for goal, (_, below) in zip(self.goals, quotients, strict=True):
            if constant(below) == 0:
                raise UsageError(f"{goal.text} divides by 0, whatever the sizes")
        if not self.structure:
            _check(self, quotients)
        small = [
            (-above if goal.maximize else above, below)
            for goal, (above, below) in zip(self.goals, quotients, strict=True)
        ]
        return Sheet.of(cost, small, sizes, self.inner, offset, [self.stride(axis) for axis in self.inner])


def ask(subject: Subject, metrics: Goals, over: Over, at: Mapping[str, Number | str], convention: str) -> Question:
    """Read and check the arguments of ``pareto``.

    Raises:
        UsageError: they have no meaning, or contradict each other.
    """
    goals = read_goals(metrics)
    over = over if isinstance(over, (str, Mapping)) else list(over)
    names = axis_names(over)
    if isinstance(subject, Architecture):
        subject = subject.free(*(name for name in names if name in subject.fixed))
    else:
        cost_of(subject)
    symbols = {**subject.setup.symbols, **subject.symbols}
    grid = axes(over, symbols)
    if not grid:
        raise UsageError("a frontier takes a grid, such as C=16:256:8")
    for name in names:
        if name in at:
            raise UsageError(f"{name} is an axis of the grid, and is given as {at[name]} too; leave one out")
    structure = tuple(axis for axis in grid if symbols[axis.name].structural)
    for goal in goals:
        _ = goal.metrics  # a goal that cannot be read is refused before anything is built
    convention = subject.convention.name if isinstance(subject, Cost) else convention
    goals = tuple(replace(goal, convention=convention) for goal in goals)
    return Question(subject, convention, goals, grid, structure, at)


def _check(question: Question, quotients: Sequence[tuple[Num, Num]]) -> None:
    """Make sure that every goal varies and every axis matters."""
    used = [symbols_of(above) | symbols_of(below) for above, below in quotients]
    for goal, names in zip(question.goals, used, strict=True):
        if not names:
            raise UsageError(f"{goal.text} is the same all over the grid; leave it out or choose other axes")
    for axis in question.axes:
        if not any(axis.name in names for names in used) and len(axis.values) > 1:
            raise UsageError(f"no goal depends on {axis.name}; leave it out of the grid")
