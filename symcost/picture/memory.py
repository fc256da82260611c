"""What is in memory over a schedule: an area for each role, one upon the other, and the peak with its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from symcost.algebra.atoms import Number
from symcost.picture.colours import EDGE, GREY, INK, sign
from symcost.picture.frame import SIZE, SMALL, axes, finish, laid_out
from symcost.picture.numbers import amount, near
from symcost.picture.scale import mark
from symcost.picture.words import Shift, label, legend_of, place, spots, trail

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LATE = 0.6
"""From which part of the schedule on a peak is at the right, where else the legend would be."""
ROOM = 1.3
"""How high the axis of amounts goes, by the peak: above it stand words."""


BESIDE: tuple[Shift, ...] = ((0, 9, "center"), (8, 7, "left"), (-8, 7, "right"), (9, -3, "left"), (-9, -3, "right"))
"""Where the words of the peak stand, by its mark."""


class Moment(NamedTuple):
    """Something that runs: in which phase, in words what, and how much of each role is in memory."""

    phase: str
    runs: str
    held: Mapping[str, Number]

    @property
    def whole(self) -> Number:
        """All that is in memory."""
        return sum(self.held.values())


def draw(moments: Sequence[Moment], roles: Mapping[str, str], unit: str, title: str, ax: Axes | None) -> Axes:
    """Draw what is in memory while one after the other runs, and return the axes drawn on.

    Args:
        moments: in order.
        roles: what each role is called, from below.
        unit: of the amounts.
        title: above.
        ax: what to draw on, new axes by default.
    """
    ax = axes(ax, SIZE)
    below = [0.0] * len(moments)
    for place_, (role, words) in enumerate(roles.items()):
        amounts = [near(moment.held.get(role, 0)) for moment in moments]
        if not any(amounts):
            continue
        look = sign(place_)
        above = [one + more for one, more in zip(below, amounts, strict=True)]
        ax.stairs(
            above, baseline=below, fill=True, facecolor=look.colour, edgecolor=EDGE, hatch=look.hatch, linewidth=0,
            label=words,
        )  # fmt: skip
        below = above
    top = max(below, default=0.0)
    ax.set_xlim(0, max(len(moments), 1))
    ax.set_ylim(0, top * ROOM or 1)
    ax.locator_params(axis="x", integer=True)
    mark(ax.yaxis, [0.0, top], unit, log=False)
    ax.set_xlabel("nodes, in the order in which they run")
    ax.set_ylabel(label("in memory", unit))
    finish(ax, title, grid="y")
    if top:
        first = max(range(len(moments)), key=lambda now: moments[now].whole)
        late = first > LATE * len(moments)
        ax.legend(loc="upper left" if late else "upper right", frameon=False, fontsize=SMALL, reverse=True)
        _name(ax, moments, first, unit)
    return ax


def _name(ax: Axes, moments: Sequence[Moment], first: int, unit: str) -> None:
    """Mark where each phase begins, and the first peak, with what runs then."""
    laid_out(ax)
    taken, high = legend_of(ax), ax.get_ylim()[1]
    starts = [now for now, moment in enumerate(moments) if now and moments[now - 1].phase != moment.phase]
    for now in [0, *starts] if starts else ():
        place(ax, moments[now].phase, (now, high), taken, [(4, -5, "left")], va="top")
    for now in starts:
        ax.axvline(now, color=GREY, linewidth=0.8, linestyle=":")
        taken += trail(ax, [(now, 0), (now, high)])
    peak = first + 0.5, near(moments[first].whole)
    ax.plot(*peak, marker="v", color=INK, markersize=7, linestyle="", zorder=5)
    taken += spots(ax, [peak], 4)
    words = f"peak {amount(moments[first].whole, unit)}\n{moments[first].runs}"
    for text in (words, words.splitlines()[0]):
        if place(ax, text, peak, taken, BESIDE):
            return
    place(ax, text, peak, legend_of(ax), BESIDE)  # better upon a line than not told
