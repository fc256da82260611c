"""A frontier as a table."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from symcost.table import Cell, Column, Table

if TYPE_CHECKING:
    from symcost.frontier.result import Frontier


def listing(frontier: Frontier, rows: Sequence[int], caption: str = "", *, rates: bool = False) -> Table:
    """Return a row for each of some points: its number, its first design, its values, and how many designs share them.

    A column of rates, for two goals, says how much the second changes per unit of the first from the point before; it
    is approximate, and for people only.
    """
    rates = rates and len(frontier.goals) == 2
    tied = any(point.count > 1 for point in frontier.points)
    columns = [Column("point"), *(Column(axis.name) for axis in frontier.axes)]
    columns += [Column(goal.text, goal.unit) for goal in frontier.goals]
    columns += [Column("rate", _per(frontier), kind="text")] if rates else []
    columns += [Column("equal", "designs")] * tied
    return Table(tuple(columns), tuple(_row(frontier, i, tied=tied, rates=rates) for i in rows), caption)


def shown_rows(count: int, most: int) -> Sequence[int]:
    """Return the points to show of so many: all, or as many as asked spread evenly, with both ends."""
    return range(count) if count <= most else [round(i * (count - 1) / (most - 1)) for i in range(most)]


def _row(frontier: Frontier, i: int, *, tied: bool, rates: bool) -> tuple[Cell, ...]:
    point = frontier.points[i]
    design, values = tuple(point.designs[0].values()), tuple(point.values.values())
    rate = (about(frontier.rate(i)) if i else "",) if rates else ()
    return (i + 1, *design, *values, *rate, *((point.count,) if tied else ()))


def _per(frontier: Frontier) -> str:
    one, two = ((goal.unit or goal.text) for goal in frontier.goals)
    return f"{two} per {one.removesuffix('s')}"


def about(x: Fraction) -> str:
    """Return a number to three digits."""
    return f"{float(x):.3g}"
