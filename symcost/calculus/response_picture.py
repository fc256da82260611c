"""What a metric responds to as bars, the longest on top: elasticities, or what a change of each size does."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate
from symcost.errors import UsageError
from symcost.picture import INK, amount, axes, finish, near, sign
from symcost.picture.frame import SIZE, SMALL
from symcost.picture.words import listed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symcost.calculus.response import Sensitivity

HIGH = 0.62
LONGEST = 12
"""Signs of a size that is written out."""
SIDE = 0.17
"""Of the width of the bars, what is left beside them for numbers."""


class Bar(NamedTuple):
    """A size, and the ends of its bar from zero; none where the metric has no derivative."""

    size: str
    ends: tuple[Fraction, ...]

    @property
    def reach(self) -> Fraction:
        """How far the bar goes."""
        return max(map(abs, self.ends), default=Fraction(0))


def draw(found: Sensitivity, change: Fraction | None, ax: Axes | None = None) -> Axes:
    """Draw a bar for each size, and return the axes drawn on.

    Args:
        found: how a metric responds.
        change: by what part of itself each size goes down and up; None for elasticities.
        ax: what to draw on, new axes by default.

    Raises:
        UsageError: the change is not between 0 and 1.
    """
    if change is not None and not 0 < change < 1:
        raise UsageError(f"a size changes by a part of itself between 0 and 1, such as 1/10, got {change}")
    bars = sorted((Bar(size, _ends(found, size, change)) for size in found.sizes), key=lambda bar: -bar.reach)
    ax = axes(ax, (SIZE[0], max(2.2, 1.4 + 0.38 * len(bars))))
    for side, name in enumerate(_sides(change)):
        look = sign((3, 4)[side] if change is not None else 0)
        ax.barh(
            range(len(bars)), [near(bar.ends[side]) if bar.ends else 0 for bar in bars], height=HIGH, label=name,
            color=look.colour, hatch=look.hatch if change is not None else "", edgecolor="white", linewidth=0.5,
        )  # fmt: skip
    _frame(ax, bars)
    ax.set_yticks(range(len(bars)), [f"{bar.size} = {_shown(found.at[bar.size])}" for bar in bars])
    _say(ax, found, change)
    return ax


def _shown(value: Number) -> str:
    return str(value) if len(str(value)) <= LONGEST else amount(value)


def _sides(change: Fraction | None) -> tuple[str, ...]:
    if change is None:
        return ("elasticity",)
    return tuple(f"each size {way} {float(change) * 100:.3g} %" for way in "-+")


def _ends(found: Sensitivity, size: str, change: Fraction | None) -> tuple[Fraction, ...]:
    """Return the elasticity; or by what part of itself the smooth total changes as the size goes down, and up."""
    if change is None:
        local = found.total.elasticity_at(size)
        return () if local is None else (Fraction(local),)
    try:
        there = [_at(found, size, step) for step in (-change, change)]
    except UsageError:
        return ()
    return tuple(Fraction(value) / found.total.amount - 1 for value in there)


def _at(found: Sensitivity, size: str, step: Fraction) -> Number:
    return evaluate(found.total.smooth, {**found.at, size: Fraction(found.at[size]) * (1 + step)})


def _frame(ax: Axes, bars: Sequence[Bar]) -> None:
    """Draw the zero, leave room for numbers, and write these at the ends of the bars."""
    reach = [0.0, *(near(end) for bar in bars for end in bar.ends)]
    width = max(reach) - min(reach) or 1.0
    ax.set_xlim(min(reach) - SIDE * width * (min(reach) < 0), max(reach) + SIDE * width)
    ax.set_ylim(max(len(bars), 1) - 0.4, -0.6)
    ax.axvline(0, color=INK, linewidth=0.8)
    pair = any(len(bar.ends) > 1 for bar in bars)
    for place, bar in enumerate(bars):
        for end in bar.ends or (None,):
            words = "no derivative" if end is None else f"{float(end) * 100:+.3g} %" if pair else f"{float(end):.4g}"
            left = end is not None and (end < 0 or (pair and not end and end is bar.ends[0]))
            ax.annotate(
                words, (float(end or 0), place), xytext=(-4 if left else 4, 0), textcoords="offset points",
                ha="right" if left else "left", va="center", fontsize=SMALL, color=INK,
            )  # fmt: skip


def _say(ax: Axes, found: Sensitivity, change: Fraction | None) -> None:
    """Write what the bars are, at which sizes and by which convention."""
    if change is None:
        ax.set_xlabel(f"elasticity of {found.metric}, by the smooth formula")
    else:
        ax.set_xlabel(f"change of {found.metric}, by the smooth formula")
        ax.xaxis.set_major_formatter(lambda x, _: f"{x * 100:+.3g} %" if x else "0 %")
        ax.legend(frameon=False, fontsize=SMALL, loc="lower right")
    others = {name: value for name, value in found.at.items() if name not in found.sizes}
    finish(ax, f"{found.name}: {found.metric}{listed(others)}; convention {found.convention}", grid="x")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
