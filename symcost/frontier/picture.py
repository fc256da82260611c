"""A frontier as a picture: a staircase over the cloud of other designs, a third goal as colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from symcost.errors import UsageError
from symcost.solver.objective import Objective

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symcost.frontier.result import Frontier, Point

LINE, CLOUD, INK = "#0072B2", "#9A9A9A", "#333333"
"""Told apart by all eyes: blue of Okabe and Ito, and greys."""
COLOURS = "cividis"
MARKED = 60
"""Points up to which each has its mark."""
SIZE = (7.2, 4.6)
"""Width and height of a picture of its own, in inches."""


def draw(frontier: Frontier, ax: Axes | None = None) -> Axes:
    """Draw a frontier of two or three goals, and return the axes drawn on.

    Raises:
        UsageError: there are more goals.
    """
    if len(frontier.goals) > 3:
        raise UsageError(f"a picture shows two or three goals, and there are {len(frontier.goals)}")
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=SIZE, layout="constrained")
    columns = [[float(point.values[goal.text]) for point in frontier.points] for goal in frontier.goals]
    cloud = [[float(row[i]) for row in frontier.sample] for i in range(2)]
    ax.set_xscale("log" if _wide(columns[0] + cloud[0]) else "linear")
    ax.set_yscale("log" if _wide(columns[1] + cloud[1]) else "linear")
    for i, axis in enumerate((ax.xaxis, ax.yaxis)):
        _mark(axis, columns[i] + cloud[i])
        axis.set_label_text(_label(frontier.goals[i]))
    ax.margins(0.07)
    ax.scatter(cloud[0], cloud[1], s=5, color=CLOUD, alpha=0.45, linewidths=0, zorder=1, label=_cloud_label(frontier))
    if len(columns) == 2:
        _staircase(frontier, ax, columns)
    else:
        _coloured(frontier, ax, columns)
    ax.set_title(frontier.name, loc="left", fontsize="medium")
    ax.grid(visible=True, which="major", color="#E5E5E5", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, fontsize="small")
    return ax


def _staircase(frontier: Frontier, ax: Axes, columns: Sequence[list[float]]) -> None:
    """Draw what the second goal comes to at best under each bound on the first."""
    some = len(columns[0]) <= MARKED
    ax.plot(
        columns[0], columns[1], drawstyle="steps-pre" if frontier.goals[0].maximize else "steps-post",
        color=LINE, linewidth=1.5, marker="o" if some else "", markersize=4, zorder=3,
        label=f"frontier, {len(frontier.points):,} points",
    )  # fmt: skip
    _name_ends(frontier, ax, columns)


def _coloured(frontier: Frontier, ax: Axes, columns: Sequence[list[float]]) -> None:
    from matplotlib.colors import LogNorm

    third = columns[2]
    marks = ax.scatter(
        columns[0], columns[1], c=third, cmap=COLOURS, norm=LogNorm() if _wide(third) else None,
        s=22, edgecolors="#555555", linewidths=0.3, zorder=3, label=f"frontier, {len(frontier.points):,} points",
    )  # fmt: skip
    figure: Any = ax.figure
    bar = figure.colorbar(marks, ax=ax, label=_label(frontier.goals[2]))
    _mark(bar.ax.yaxis, third)


def _name_ends(frontier: Frontier, ax: Axes, columns: Sequence[list[float]]) -> None:
    """Write the design next to the first and the last point, towards the middle of the picture."""
    rising = (columns[1][-1] > columns[1][0]) == (columns[0][-1] >= columns[0][0])
    last = (0, -14) if frontier.goals[0].maximize else (-9, -3)  # away from the stairs
    ends = [((4, -13), "left"), (last, "right")] if rising else [((9, 3), "left"), ((0, 9), "right")]
    leftmost = sorted({(columns[0][i], i) for i in (0, len(frontier.points) - 1)})
    for (x, i), (shift, side) in zip(leftmost, ends, strict=False):
        ax.annotate(
            _design(frontier.points[i]), (x, columns[1][i]), xytext=shift, textcoords="offset points", ha=side,
            fontsize="small", color=INK, zorder=4,
        )  # fmt: skip


def _design(point: Point) -> str:
    return ", ".join(f"{name} = {value}" for name, value in point.designs[0].items())


def _cloud_label(frontier: Frontier) -> str:
    share = "" if len(frontier.sample) >= frontier.compared else "a sample of "
    return f"{share}{frontier.compared:,} designs"


def _label(goal: Objective) -> str:
    unit = f" [{goal.unit}]" if goal.unit and goal.unit.lower() != goal.text.lower() else ""
    name = goal.unit if goal.unit and not unit else goal.text
    return f"{name}{unit}, {'more' if goal.maximize else 'less'} is better"


def _wide(values: Sequence[float]) -> bool:
    """Tell whether positive values cross a decade, so that a logarithmic scale shows them better."""
    return min(values) > 0 and max(values) / min(values) >= 10


def _mark(axis: Any, values: Sequence[float]) -> None:
    """Write round numbers along an axis, 2e9 as 2 G."""
    from matplotlib.ticker import EngFormatter, LogLocator, NullFormatter

    if _wide(values):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5) if max(values) / min(values) < 300 else (1,)))
        axis.set_minor_formatter(NullFormatter())
    axis.set_major_formatter(EngFormatter(sep=" "))
