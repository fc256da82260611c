"""Two amounts along one size, and where one overtakes the other."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from symcost.algebra.atoms import Number, exact
from symcost.algebra.poly import evaluate
from symcost.calculus.amount import unit_of
from symcost.errors import UsageError
from symcost.picture import GREY, axes, finish, laid_out, near, scale, sign
from symcost.picture.frame import SMALL
from symcost.picture.words import label, legend_of, listed, place, trail

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symcost.calculus.crossing import Crossover

MOST = 400
"""Values of the size that are drawn."""
NAMED = 6
"""Crossings that are named."""
BEYOND = 4
"""How many times the last crossing the picture goes, where there is no end."""
USUAL = 64
"""How many times the least value it goes, where there is neither an end nor a crossing."""


def draw(found: Crossover, ax: Axes | None = None) -> Axes:
    """Draw two amounts along a size, and return the axes drawn on.

    Raises:
        UsageError: other sizes have no values, or no value is allowed.
    """
    values = _values(found)
    ax = axes(ax)
    xs = [near(value) for value in values]
    lines = [[near(evaluate(x, {**found.at, found.size: value})) for value in values] for x in found.formulas]
    scale(ax, "x", xs)
    scale(ax, "y", lines[0] + lines[1])
    for turn, (name, ys) in enumerate(zip(found.names, lines, strict=True)):
        look = sign((0, 3)[turn])
        marker = look.marker if len(xs) == 1 else ""
        ax.plot(xs, ys, color=look.colour, linestyle=("-", "--")[turn], marker=marker, linewidth=1.6, label=name)
    ax.set_xlabel(found.size)
    units = {unit for name in found.names if (unit := _unit(name))}
    ax.set_ylabel(label("amount", units.pop() if len(units) == 1 else ""))
    finish(ax, f"{' and '.join(found.names)}{listed(found.at)}")
    ax.legend(frameon=False, fontsize=SMALL, loc="best")
    _crossings(found, ax, [list(zip(xs, ys, strict=True)) for ys in lines])
    return ax


def _unit(name: str) -> str:
    """Return the unit of an amount by its name, empty where that is no metric's."""
    try:
        return unit_of(name, "")
    except UsageError:
        return ""


def _values(found: Crossover) -> list[Number]:
    """Return the values of the size to draw: from the first allowed to the last, or well beyond the last crossing."""
    if found.spans is None:
        raise UsageError("a picture needs values of the other sizes; give them in at")
    if not found.spans:
        raise UsageError(f"no {found.size} is allowed, so that there is nothing to draw")
    first, last, step = found.spans[0].first, found.spans[-1].last, min(span.step for span in found.spans)
    if last is None:
        start = found.spans[-1].first
        last = start * BEYOND if len(found.spans) > 1 else max(first, step) * USUAL
    ends = {value for span in found.spans for value in (span.first, span.last) if value is not None and value <= last}
    count = int((last - first) / Fraction(step))
    if count < MOST:
        between = {exact(first + step * i) for i in range(count + 1)}
    else:
        low = float(max(first, step))
        ratio = (float(last) / low) ** (1 / MOST)
        between = {exact(step * round(low * ratio**i / float(step))) for i in range(MOST + 1)}
    return sorted(ends | {value for value in between if first <= value <= last})


def _crossings(found: Crossover, ax: Axes, lines: Sequence[list[tuple[float, float]]]) -> None:
    """Mark where the relation changes, and say to which."""
    laid_out(ax)
    taken = legend_of(ax) + [spot for line in lines for spot in trail(ax, line)]
    first, second = found.names
    for span in (found.spans or ())[1 : NAMED + 1]:
        at = near(span.first)
        amount = near(evaluate(found.formulas[0], {**found.at, found.size: span.first}))
        ax.axvline(at, color=GREY, linewidth=0.8, linestyle=":", zorder=1)
        words = f"{found.size} = {span.first}: {first} {span.relation} {second}"
        for text in (words, f"{span.relation} {'at' if span.relation == '=' else 'from'} {found.size} = {span.first}"):
            if place(ax, text, (at, amount), taken):
                break
