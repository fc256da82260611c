"""A frontier as a picture: a staircase over the cloud of other designs, a third goal as colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from symcost.errors import UsageError
from symcost.picture import GREY, axes, finish, laid_out, mark, near, scale, sign, wide
from symcost.picture.words import legend_of, listed, place, spots, trail
from symcost.solver.objective import Objective

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symcost.frontier.result import Frontier, Point

COLOURS = "cividis"
"""From dark blue to bright yellow for all eyes."""
MARKED = 60
"""Points up to which each has its mark."""


def draw(frontier: Frontier, ax: Axes | None = None) -> Axes:
    """Draw a frontier of two or three goals, and return the axes drawn on.

    Raises:
        UsageError: there are more goals.
    """
    if len(frontier.goals) > 3:
        raise UsageError(f"a picture shows two or three goals, and there are {len(frontier.goals)}")
    ax = axes(ax)
    columns = [[near(point.values[goal.text]) for point in frontier.points] for goal in frontier.goals]
    cloud = [[near(row[i]) for row in frontier.sample] for i in range(2)]
    for i, axis in enumerate((ax.xaxis, ax.yaxis)):
        scale(ax, "xy"[i], columns[i] + cloud[i], frontier.goals[i].unit)
        axis.set_label_text(_label(frontier.goals[i]))
    ax.margins(0.07)
    ax.scatter(cloud[0], cloud[1], s=5, color=GREY, alpha=0.45, linewidths=0, zorder=1, label=_cloud_label(frontier))
    (_staircase if len(columns) == 2 else _coloured)(frontier, ax, columns)
    under = f"; convention {frontier.convention}" if any(goal.priced for goal in frontier.goals) else ""
    finish(ax, f"{frontier.name}{listed(frontier.at)}{under}")
    ax.legend(frameon=False, fontsize="small")
    if len(columns) == 2:
        _name_ends(frontier, ax, (columns[0], columns[1]))
    return ax


def _staircase(frontier: Frontier, ax: Axes, columns: Sequence[list[float]]) -> None:
    """Draw what the second goal comes to at best under each bound on the first."""
    some = len(columns[0]) <= MARKED
    ax.plot(
        columns[0], columns[1], drawstyle="steps-pre" if frontier.goals[0].maximize else "steps-post",
        color=sign(0).colour, linewidth=1.5, marker="o" if some else "", markersize=4, zorder=3,
        label=_frontier_label(frontier),
    )  # fmt: skip


def _coloured(frontier: Frontier, ax: Axes, columns: Sequence[list[float]]) -> None:
    from matplotlib.colors import LogNorm

    third = columns[2]
    marks = ax.scatter(
        columns[0], columns[1], c=third, cmap=COLOURS, norm=LogNorm() if wide(third) else None,
        s=22, edgecolors="#555555", linewidths=0.3, zorder=3, label=_frontier_label(frontier),
    )  # fmt: skip
    figure: Any = ax.figure
    bar = figure.colorbar(marks, ax=ax, label=_label(frontier.goals[2]))
    mark(bar.ax.yaxis, third, frontier.goals[2].unit)


def _name_ends(frontier: Frontier, ax: Axes, columns: tuple[list[float], list[float]]) -> None:
    """Write the design next to the first and the last point, where that covers no other."""
    laid_out(ax)
    points = list(zip(*columns, strict=True))
    taken = legend_of(ax) + trail(ax, points, "pre" if frontier.goals[0].maximize else "post") + spots(ax, points)
    for i in dict.fromkeys((0, len(frontier.points) - 1)):
        place(ax, _design(frontier.points[i]), points[i], taken)


def _design(point: Point) -> str:
    return ", ".join(f"{name} = {value}" for name, value in point.designs[0].items())


def _frontier_label(frontier: Frontier) -> str:
    count = len(frontier.points)
    return f"frontier, {count:,} point{'s' * (count != 1)}"


def _cloud_label(frontier: Frontier) -> str:
    share = "" if len(frontier.sample) >= frontier.compared else "a sample of "
    return f"{share}{frontier.compared:,} designs"


def _label(goal: Objective) -> str:
    unit = f" [{goal.unit}]" if goal.unit and goal.unit.lower() != goal.text.lower() else ""
    name = goal.unit if goal.unit and not unit else goal.text
    return f"{name}{unit}, {'more' if goal.maximize else 'less'} is better"
