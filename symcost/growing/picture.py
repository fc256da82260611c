"""Growth as a picture: the exact steps, the sizes where all comes out even, and the smooth form beside them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from symcost.picture import INK, amount, axes, finish, laid_out, near, scale, sign
from symcost.picture.frame import SMALL
from symcost.picture.words import label, legend_of, listed, place, spots, trail

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symcost.growing.along import Growth

MARKED = 80
"""Points up to which each is marked."""


def draw(growth: Growth, ax: Axes | None = None) -> Axes:
    """Draw the three views of a metric along a size, and return the axes drawn on."""
    ax = axes(ax)
    xs = [near(point.value) for point in growth.points]
    ys = [near(point.exact) for point in growth.points]
    smooth = [near(point.smooth) for point in growth.points if point.smooth is not None]
    scale(ax, "x", xs)
    scale(ax, "y", ys + smooth, growth.unit)
    stairs = growth.complete and not growth.polynomial
    about = (
        "the views are one polynomial" if growth.polynomial else "exact" if growth.complete else "exact, at some sizes"
    )
    ax.plot(
        xs, ys, drawstyle="steps-post" if stairs else "default", color=sign(0).colour, linewidth=1.6,
        marker="o" if len(xs) == 1 or (growth.polynomial and len(xs) <= MARKED) else "", markersize=4, zorder=3,
        label=about,
    )  # fmt: skip
    if smooth and not growth.polynomial:
        _polynomial(growth, ax, xs, smooth)
    ax.set_xlabel(growth.along)
    ax.set_ylabel(label(growth.metric, growth.unit, growth.convention))
    finish(ax, f"{growth.name}{listed(growth.at)}")
    ax.legend(frameon=False, fontsize=SMALL, loc="best")
    _default(growth, ax, list(zip(xs, ys, strict=True)))
    return ax


def _polynomial(growth: Growth, ax: Axes, xs: list[float], smooth: list[float]) -> None:
    """Draw the smooth form as a line, and marks where it is exact."""
    even = [(x, y) for x, y, point in zip(xs, smooth, growth.points, strict=True) if point.even]
    ax.plot(xs, smooth, color=sign(3).colour, linewidth=1.4, linestyle="--", zorder=2, label=f"smooth{_errors(growth)}")
    if not even:
        return
    look, many = sign(2), len(even) > MARKED
    ax.plot(
        [x for x, _ in even], [y for _, y in even], color=look.colour, linestyle="", marker=look.marker,
        markersize=2.5 if many else 5, zorder=4, label=f"divisible ({' and '.join(growth.even_where)})",
    )  # fmt: skip


def _errors(growth: Growth) -> str:
    """Return how far off the smooth form is at the points drawn, in words."""
    if growth.errors is None:
        return ""
    least, greatest = growth.errors
    if least == greatest == 0:
        return ", no error here"
    return f", error here {_percent(least)} to {_percent(greatest)}"


def _percent(x: Fraction) -> str:
    return f"{float(x) * 100:+.3g} %" if x else "0 %"


def _default(growth: Growth, ax: Axes, points: list[tuple[float, float]]) -> None:
    """Mark the default with its amount, where it is."""
    found = next((i for i, point in enumerate(growth.points) if point.value == growth.default), None)
    if found is None:
        return
    laid_out(ax)
    ax.plot(*points[found], marker="o", markersize=7, markerfacecolor="white", color=INK, linestyle="", zorder=5)
    words = f"default {growth.along} = {growth.default}: {amount(growth.points[found].exact, growth.unit)}"
    taken = legend_of(ax) + trail(ax, points, "post") + spots(ax, [points[found]], 5)
    place(ax, words, points[found], taken)
