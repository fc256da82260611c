"""A roofline as a picture: the roof, and under it every kernel where its intensity puts it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from symcost.algebra.poly import evaluate
from symcost.picture import GREY, INK, amount, axes, finish, laid_out, mark, near, share
from symcost.picture.colours import BLUE, COMPUTING, MOVING, VERMILION
from symcost.picture.words import legend_of, listed, place, spots, trail

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symcost.kernels.bounds import Roofline

NAMED = 3
"""Kernels whose names are written beside them: those that take longest."""


def draw(roofline: Roofline, ax: Axes | None = None) -> Axes:
    """Draw a roofline, and return the axes drawn on."""
    ax = axes(ax)
    points = _points(roofline)
    flops, bandwidth = (near(evaluate(x, roofline.at)) for x in roofline.roof)
    ridge = float(roofline.ridge)
    reach = [ridge, *(point.x for point in points)]
    left, right = min(reach) / 3, max(reach) * 10
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(left, right)
    ax.axvspan(left, ridge, color=MOVING, zorder=0)
    ax.axvspan(ridge, right, color=COMPUTING, zorder=0)
    ax.plot([left, ridge, right], [left * bandwidth, flops, flops], color=INK, linewidth=1.5, zorder=2)
    _kernels(ax, points)
    _words(roofline, ax)
    _names(ax, points, (ridge, flops))
    return ax


class _Point(NamedTuple):
    """A kernel in the picture: its name, intensity, rate, what bounds it, and its share of the time."""

    name: str
    x: float
    y: float
    bound: str
    share: float


def _points(roofline: Roofline) -> list[_Point]:
    """Return the kernels that compute and move something, those that take longest first."""
    found, whole = [], float(roofline.seconds)
    names = [kernel.name for kernel in roofline.kernels]
    for kernel in roofline.kernels:
        work, moved, seconds = (near(evaluate(x, roofline.at)) for x in (kernel.work, kernel.moved, kernel.seconds))
        if work and moved:
            name = _short(kernel.name, names)
            found.append(_Point(name, work / moved, work / seconds, roofline.bound(kernel), seconds / whole))
    return sorted(found, key=lambda point: -point.share)


def _short(name: str, names: Sequence[str]) -> str:
    """Return the end of a name: two steps of its path, or as many as tell it from all others."""
    steps = name.split(".")
    ends = (".".join(steps[-count:]) for count in range(2, len(steps)))
    return next((end for end in ends if sum(f".{other}".endswith(f".{end}") for other in names) == 1), name)


def _kernels(ax: Axes, points: list[_Point]) -> None:
    for bound, colour, marker in (("moving", VERMILION, "o"), ("computing", BLUE, "s")):
        here = [point for point in points if point.bound == bound]
        if here:
            count = f"{len(here)} kernel{'s' * (len(here) > 1)}"
            ax.scatter(
                [point.x for point in here], [point.y for point in here], s=28, color=colour, marker=marker,
                edgecolors="white", linewidths=0.5, zorder=3, label=f"{count} bound by {bound}",
            )  # fmt: skip


def _names(ax: Axes, points: list[_Point], ridge: tuple[float, float]) -> None:
    """Write the ridge over it, and beside those that take longest what they are, with lines to them."""
    laid_out(ax)
    left, right = ax.get_xlim()
    slope = ridge[1] / ridge[0]
    roof = trail(ax, [(left, left * slope), ridge, (right, ridge[1])])
    taken = legend_of(ax) + roof + spots(ax, [(point.x, point.y) for point in points])
    place(
        ax, f"ridge {amount(ridge[0])} FLOPs/byte", ridge, taken, [(4, 8, "left"), (-4, 8, "right"), (4, -18, "left")]
    )
    for turn, point in enumerate(sorted(points[:NAMED], key=lambda point: -point.x)):
        moving = point.x < ridge[0]
        sides = [(24, "left")] if moving else [(12, "left"), (0, "center"), (-12, "right")]
        arrow = {"arrowstyle": "-", "color": GREY, "linewidth": 0.7, "shrinkB": 4}
        for name in (point.name, ".".join(point.name.split(".")[-2:])):
            if place(
                ax,
                f"{name}, {share(point.share)} of the time",
                (point.x, point.y),
                taken,
                [(right, -20 - 15 * down, side) for down in range(14) for right, side in sides],
                va="center",
                zorder=6 - turn,
                arrowprops={**arrow, "relpos": (0, 0.5) if moving else (0.5, 1)},
                bbox={"facecolor": MOVING if moving else COMPUTING, "edgecolor": "none", "pad": 1},
            ):
                break


def _words(roofline: Roofline, ax: Axes) -> None:
    for axis, at in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        mark(axis, at, log=True)
    ax.set_xlabel("arithmetic intensity [FLOPs/byte]")
    ax.set_ylabel("rate [FLOP/s]")
    ax.margins(y=0.12)
    finish(ax, f"{roofline.name} on {roofline.device}{listed(roofline.at)}")
    ax.legend(frameon=False, fontsize="small", loc="lower right")
