"""Words in pictures: labels with units, and places where they cover nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from symcost.picture.colours import INK
from symcost.picture.frame import SMALL, figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation, Text
    from matplotlib.transforms import Bbox

Shift = tuple[float, float, str]
"""How far right and up words stand from their point, in points, and which of their sides is there."""
AROUND: tuple[Shift, ...] = (
    (7, 7, "left"), (7, -12, "left"), (-7, 7, "right"), (-7, -12, "right"), (0, 9, "center"), (0, -15, "center"),
    (9, 22, "left"), (9, -26, "left"), (-9, 22, "right"), (-9, -26, "right"), (0, 26, "center"), (0, -32, "center"),
)  # fmt: skip
"""Places near a point, the best first."""


NEXT = 6
"""Pixels from one place of a line to the next that is looked at."""


def label(name: str, unit: str = "", convention: str = "") -> str:
    """Return what an axis shows: a name with its unit once, and the convention where one says how it is counted."""
    shown = unit if unit and unit.lower() == name.lower() else f"{name} [{unit}]" if unit else name
    return f"{shown}, convention {convention}" if convention else shown


def listed(at: Mapping[str, object]) -> str:
    """Return at which sizes, after what is there; lines do not end within one."""
    given = ", ".join(f"{name}\u00a0=\u00a0{value}" for name, value in at.items())
    return f" at {given}" if at else ""


def inside(outer: Bbox, inner: Bbox) -> bool:
    """Tell whether a box is within another."""
    return bool(outer.x0 <= inner.x0 and inner.x1 <= outer.x1 and outer.y0 <= inner.y0 and inner.y1 <= outer.y1)


def box_of(text: Text) -> Bbox:
    """Return the place that words take, without the line that an annotation has to its point."""
    from matplotlib.text import Text

    text.get_window_extent()  # which moves an annotation to its point
    return Text.get_window_extent(text)


def fits(text: Text, room: Bbox, taken: Iterable[Bbox] = ()) -> bool:
    """Tell whether words stand within a room and on nothing that is taken."""
    box = box_of(text)
    return inside(room, box) and not any(box.overlaps(other) for other in taken)


def place(
    ax: Axes, words: str, at: tuple[float, float], taken: list[Bbox], shifts: Sequence[Shift] = AROUND, **look: Any
) -> Annotation | None:
    """Write words near a point where they are within the axes and on nothing that is taken, and take that place.

    None, and nothing written, where there is no such place. The axes are laid out before.
    """
    room = ax.get_window_extent()
    style = {"fontsize": SMALL, "color": INK, "zorder": 6, **look}
    for right, up, side in shifts:
        note = ax.annotate(words, at, xytext=(right, up), textcoords="offset points", ha=side, **style)
        if fits(note, room, taken):
            taken.append(box_of(note))
            return note
        note.remove()
    return None


def trail(ax: Axes, points: Sequence[tuple[float, float]], steps: str = "") -> list[Bbox]:
    """Return places that a line through points takes; ``steps`` is ``pre`` or ``post`` where it is stairs."""
    corners = points[:1]
    for (x, y), (right, up) in pairwise(points):
        corners = [*corners, *{"pre": [(x, up)], "post": [(right, y)]}.get(steps, []), (right, up)]
    pixels = [ax.transData.transform(point) for point in corners]
    dense: list[tuple[float, float]] = []
    for (x, y), (right, up) in pairwise(pixels):
        count = 1 + int(max(abs(right - x), abs(up - y)) // NEXT)
        dense += [(x + (right - x) * i / count, y + (up - y) * i / count) for i in range(count + 1)]
    return [_around(float(x), float(y), 1) for x, y in dense]


def spots(ax: Axes, points: Iterable[tuple[float, float]], radius: float = 3.5) -> list[Bbox]:
    """Return the places that marks at points take, of a radius in points."""
    reach = radius * figure_of(ax).dpi / 72
    pixels = (ax.transData.transform(point) for point in points)
    return [_around(float(x), float(y), reach) for x, y in pixels]


def legend_of(ax: Axes) -> list[Bbox]:
    """Return the place that the legend takes, if there is one."""
    legend = ax.get_legend()
    return [legend.get_window_extent()] if legend else []


def _around(x: float, y: float, reach: float) -> Bbox:
    from matplotlib.transforms import Bbox

    return Bbox([[x - reach, y - reach], [x + reach, y + reach]])
