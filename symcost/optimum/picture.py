"""Designs of equal budgets as stairs: below each is all that meets it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from symcost.errors import UsageError
from symcost.picture import axes, finish, laid_out, near, scale, sign
from symcost.picture.frame import SMALL
from symcost.picture.words import Shift, listed, place, spots, trail

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symcost.optimum.level import Iso

ON_LINE: tuple[Shift, ...] = ((4, 6, "left"), (0, 7, "center"), (-4, 6, "right"), (5, -13, "left"), (-5, -13, "right"))


def draw(curves: Sequence[Iso], ax: Axes | None = None) -> Axes:
    """Draw curves of the same two sizes, and return the axes drawn on.

    A line goes back from each design to the value before it, since what fits at a value fits below it where costs rise.

    Raises:
        UsageError: the curves are not of the same sizes.
    """
    first = curves[0]
    for curve in curves:
        if (curve.along, curve.largest) != (first.along, first.largest):
            raise UsageError(
                f"curves in one picture are of the same sizes, got {curve.largest} along {curve.along} beside "
                f"{first.largest} along {first.along}"
            )
    ax = axes(ax)
    points = [[(near(d[curve.along]), near(d[curve.largest])) for d in curve.designs] for curve in curves]
    together = [point for line in points for point in line]
    scale(ax, "x", [x for x, _ in together])
    scale(ax, "y", [y for _, y in together])
    for turn, (curve, line) in enumerate(zip(curves, points, strict=True)):
        look = sign(turn)
        ax.plot(
            [x for x, _ in line], [y for _, y in line], drawstyle="steps-pre", color=look.colour, linewidth=1.5,
            marker=look.marker, markersize=4, zorder=3, label=budget(curve),
        )  # fmt: skip
    ax.margins(0.09)
    ax.set_xlabel(first.along)
    ax.set_ylabel(f"largest {first.largest}")
    finish(ax, f"{first.name}: {first.largest} along {first.along} within budgets{listed(first.at)}")
    _name(ax, curves, points)
    return ax


def budget(curve: Iso) -> str:
    """Return the budgets of a curve in words."""
    return " and ".join(b.text for b in curve.budgets)


def _name(ax: Axes, curves: Sequence[Iso], points: Sequence[list[tuple[float, float]]]) -> None:
    """Write each budget on its line where there is room, from the middle on; a legend has those without."""
    laid_out(ax)
    taken = [spot for line in points for spot in (*trail(ax, line, "pre"), *spots(ax, line, 2.5))]
    missing = False
    for curve, line in zip(curves, points, strict=True):
        middle = sorted(line, key=lambda point: abs(line.index(point) - len(line) // 2))
        words = budget(curve)
        missing |= not any(place(ax, words, at, taken, ON_LINE) for at in middle)
    if missing:
        ax.legend(frameon=False, fontsize=SMALL)
