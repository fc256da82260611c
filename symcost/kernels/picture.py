"""A roofline as a picture: the roof, and under it every kernel where its intensity puts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from symcost.algebra.poly import evaluate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symcost.kernels.bounds import Roofline

ROOF, COMPUTES, MOVES, INK = "#333333", "#0072B2", "#D55E00", "#333333"
"""Told apart by all eyes: blue and vermilion of Okabe and Ito, and greys; and by their marks."""
SHADES = ("#FBEDE3", "#E3F0F8")
"""Of the two regions: where moving bounds, and where computing does."""
SIZE = (7.2, 4.6)
"""Width and height of a picture of its own, in inches."""
NAMED = 3
"""Kernels whose names are written beside them: those that take longest."""


def draw(roofline: Roofline, ax: Axes | None = None) -> Axes:
    """Draw a roofline, and return the axes drawn on."""
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=SIZE, layout="constrained")
    points = _points(roofline)
    flops, bandwidth = (float(evaluate(x, roofline.at)) for x in roofline.roof)
    ridge = float(roofline.ridge)
    reach = [ridge, *(point.x for point in points)]
    left, right = min(reach) / 3, max(reach) * 10
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(left, right)
    ax.axvspan(left, ridge, color=SHADES[0], zorder=0)
    ax.axvspan(ridge, right, color=SHADES[1], zorder=0)
    ax.plot([left, ridge, right], [left * bandwidth, flops, flops], color=ROOF, linewidth=1.5, zorder=2)
    _kernels(ax, points)
    _names(ax, points, ridge)
    _words(roofline, ax)
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
    for kernel in roofline.kernels:
        work, moved, seconds = (float(evaluate(x, roofline.at)) for x in (kernel.work, kernel.moved, kernel.seconds))
        if work and moved:
            name = ".".join(kernel.name.split(".")[-2:])
            found.append(_Point(name, work / moved, work / seconds, roofline.bound(kernel), seconds / whole))
    return sorted(found, key=lambda point: -point.share)


def _kernels(ax: Axes, points: list[_Point]) -> None:
    for bound, colour, mark in (("moving", MOVES, "o"), ("computing", COMPUTES, "s")):
        here = [point for point in points if point.bound == bound]
        if here:
            count = f"{len(here)} kernel{'s' * (len(here) > 1)}"
            ax.scatter(
                [point.x for point in here], [point.y for point in here], s=28, color=colour, marker=mark,
                edgecolors="white", linewidths=0.5, zorder=3, label=f"{count} bound by {bound}",
            )  # fmt: skip


def _names(ax: Axes, points: list[_Point], ridge: float) -> None:
    """Write beside those that take longest what they are: under the roof, and over the lines to those below."""
    for place, point in reversed([*enumerate(sorted(points[:NAMED], key=lambda point: -point.x))]):
        right = point.x < ridge
        ax.annotate(
            f"{point.name}, {point.share:.0%} of the time", (point.x, point.y),
            xytext=(22 if right else 0, -24 - 17 * place), textcoords="offset points",
            ha="left" if right else "center", va="center", fontsize="small", color=INK, zorder=4,
            bbox={"facecolor": SHADES[0 if right else 1], "edgecolor": "none", "pad": 1},
            arrowprops={
                "arrowstyle": "-", "color": "#777777", "linewidth": 0.7, "shrinkB": 4,
                "relpos": (0, 0.5) if right else (0.5, 1),
            },
        )  # fmt: skip


def _words(roofline: Roofline, ax: Axes) -> None:
    from matplotlib.ticker import EngFormatter

    ax.xaxis.set_major_formatter(EngFormatter(sep=" "))
    ax.yaxis.set_major_formatter(EngFormatter(sep=" "))
    ax.set_xlabel("arithmetic intensity [FLOPs/byte]")
    ax.set_ylabel("rate [FLOP/s]")
    ax.set_title(f"{roofline.name} on {roofline.device}", loc="left", fontsize="medium")
    ridge = float(roofline.ridge)
    ax.annotate(
        f"ridge {ridge:.4g}", (ridge, float(evaluate(roofline.roof.flops, roofline.at))), xytext=(4, 6),
        textcoords="offset points", fontsize="small", color=INK,
    )  # fmt: skip
    ax.grid(visible=True, which="major", color="#E5E5E5", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.margins(y=0.12)
    ax.legend(frameon=False, fontsize="small", loc="lower right")
