"""The answer: the designs that no other design of the grid beats, and how many were compared."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num
from symcost.frontier.listing import listing, shown_rows
from symcost.metrics.convention import convention
from symcost.solver.grid import Axis, Value
from symcost.solver.objective import Objective
from symcost.table import Table, Tabled
from symcost.table.model import WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROWS = 24
"""Points that are printed of a long frontier."""


@dataclass(frozen=True)
class Point:
    """Designs with equal values that no design beats.

    Attributes:
        values: of every goal, exact, by its text.
        designs: the first few of them, in the order of the grid, as values of the grid's symbols.
        count: how many there are.
    """

    values: Mapping[str, Number]
    designs: tuple[Mapping[str, Value], ...]
    count: int


@dataclass(frozen=True)
class Frontier(Tabled):
    """The Pareto frontier of goals over a grid: no design is better in one goal and no worse in the others.

    Attributes:
        name: of the network.
        goals: what is to be small or great.
        axes: the grid.
        points: from the best in the first goal on.
        size: designs of the grid.
        compared: designs whose values were computed and compared, all exactly.
        left_out: designs that break a condition of the network, by its words.
        at: values of all other symbols, formulas where they follow those of the grid.
        convention: name of the convention of FLOPs.
        setup: in words, what its amounts stand under besides.
        sample: values of the goals at some designs spread over the grid, for pictures.
    """

    name: str
    goals: tuple[Objective, ...]
    axes: tuple[Axis, ...]
    points: tuple[Point, ...]
    size: int
    compared: int
    left_out: Mapping[str, int]
    at: Mapping[str, Num]
    convention: str = ""
    setup: str = ""
    sample: tuple[tuple[Number, ...], ...] = field(default=(), repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.points)

    @property
    def dominated(self) -> int:
        """How many designs some other design beats."""
        return self.compared - sum(point.count for point in self.points)

    def rate(self, i: int) -> Fraction:
        """Return how much the second of two goals changes per unit of the first from the point before to point i."""
        x, y = (goal.text for goal in self.goals)
        before, here = self.points[i - 1].values, self.points[i].values
        return Fraction(here[y] - before[y]) / (here[x] - before[x])

    def told(self) -> tuple[str | Table, ...]:
        """Return what was asked, the points and what changes from one to the next, and the certificate."""
        rows = shown_rows(len(self.points), ROWS)
        skipped = len(self.points) - len(rows)
        notes = [f"{skipped:,} points between these are not shown"] if skipped else []
        notes = [_wrapped(note) for note in (*notes, self.certificate())]
        return (_wrapped(self._title()), listing(self, rows, rates=True), "\n".join(notes))

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.told()))

    def table(self) -> Table:
        """Return a row for each point: its first design, its values and how many designs share them."""
        return listing(self, range(len(self.points)), f"{self._title()}; {self.certificate()}")

    def to_json(self) -> dict[str, Any]:
        """Return the answer as JSON takes it, amounts as strings."""
        return {
            "schema": 1,
            "name": self.name,
            "goals": [{"goal": g.text, "maximize": g.maximize, "unit": g.unit} for g in self.goals],
            "over": {axis.name: _axis(axis) for axis in self.axes},
            "at": {name: _plain(value) for name, value in self.at.items()},
            "convention": self.convention,
            "designs": self.size,
            "compared": self.compared,
            "dominated": self.dominated,
            "left_out": dict(self.left_out),
            "points": [_point(point) for point in self.points],
        }

    def draw(self, ax: Axes | None = None) -> Axes:
        """Draw the frontier over the cloud of dominated designs, and return the axes drawn on.

        Two goals make a staircase; a third is shown by colour.

        Args:
            ax: what to draw on, new axes by default.

        Raises:
            UsageError: there are more than three goals.
        """
        from symcost.frontier.picture import draw

        return draw(self, ax)

    def certificate(self) -> str:
        """Return how many designs were compared, and what was left out and why, in one line."""
        on = self.compared - self.dominated
        left = "".join(f"; {count:,} left out: needs {words}" for words, count in self.left_out.items())
        given = f"; at {', '.join(f'{name} = {value}' for name, value in self.at.items())}" if self.at else ""
        priced = f"; {convention(self.convention).said}" if any(goal.priced for goal in self.goals) else ""
        priced += f"; {self.setup}" if self.setup else ""
        whole = "all" if self.compared == self.size else f"{self.compared:,} of"
        return (
            f"{whole} {self.size:,} designs compared, exactly: {on:,} on the frontier, "
            f"{self.dominated:,} dominated{left}{given}{priced}"
        )

    def _title(self) -> str:
        goals = " and ".join(f"{'greatest' if goal.maximize else 'least'} {goal.text}" for goal in self.goals)
        points = f"{len(self.points):,} point{'s' * (len(self.points) != 1)}"
        return f"{self.name}: {points} on the frontier of {goals}, over {'; '.join(map(str, self.axes))}"


def _wrapped(text: str) -> str:
    """Return text in lines that fit; what is equal stays on one line."""
    joined = text.replace(" = ", "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}")
    lines = textwrap.wrap(joined, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def _point(point: Point) -> dict[str, Any]:
    return {
        "values": {name: str(value) for name, value in point.values.items()},
        "designs": [{name: _plain(value) for name, value in design.items()} for design in point.designs],
        "count": point.count,
    }


def _axis(axis: Axis) -> dict[str, Any]:
    return {"first": _plain(axis.values[0]), "last": _plain(axis.values[-1]), "count": len(axis.values)}


def _plain(value: Value | Num) -> int | bool | str:
    return value if isinstance(value, (int, bool)) else str(value)
