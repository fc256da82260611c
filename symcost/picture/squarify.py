"""Rectangles whose areas are parts of a whole, as near to squares as goes, filling a box; all exact.

Source: Bruls, Huizing and van Wijk 2000, Squarified Treemaps, section 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple


class Rect(NamedTuple):
    """A rectangle: its lower left corner and its sides."""

    x: Fraction
    y: Fraction
    width: Fraction
    height: Fraction

    @property
    def area(self) -> Fraction:
        """Width times height."""
        return self.width * self.height


def squarify(parts: Sequence[Fraction], box: Rect) -> list[Rect]:
    """Return a rectangle for each part of a box, in the order given; the areas are in proportion to the parts.

    Args:
        parts: not negative, of which one is positive; one of 0 gets no area.
        box: what they fill, without overlap.
    """
    scale = box.area / sum(parts)
    order = sorted((i for i, part in enumerate(parts) if part), key=lambda i: -parts[i])
    placed = dict(zip(order, _filled([parts[i] * scale for i in order], box), strict=True))
    nothing = Rect(box.x, box.y, Fraction(0), Fraction(0))
    return [placed.get(i, nothing) for i in range(len(parts))]


def _filled(areas: Sequence[Fraction], box: Rect) -> Iterator[Rect]:
    """Yield rectangles of areas that fill a box, the greatest first, in rows along its shorter side."""
    while areas:
        side = min(box.width, box.height)
        count = 1
        while count < len(areas) and _worst(areas[: count + 1], side) <= _worst(areas[:count], side):
            count += 1
        row, areas = areas[:count], areas[count:]
        yield from _row(row, box)
        box = _rest(box, sum(row, Fraction(0)))


def _worst(row: Sequence[Fraction], side: Fraction) -> Fraction:
    """Return the greatest ratio of sides in a row of falling areas along a side."""
    deep = sum(row, Fraction(0)) ** 2
    square = side**2
    return max(square * row[0] / deep, deep / (square * row[-1]))


def _row(row: Sequence[Fraction], box: Rect) -> Iterator[Rect]:
    """Yield the rectangles of a row: upward at the left where the box is wide, rightward at the top where not."""
    whole = sum(row, Fraction(0))
    upright = box.width >= box.height
    deep = whole / (box.height if upright else box.width)
    x, y = box.x, box.y + box.height
    for area in row:
        along = area / deep
        if upright:
            y -= along
            yield Rect(x, y, deep, along)
        else:
            yield Rect(x, y - deep, along, deep)
            x += along


def _rest(box: Rect, taken: Fraction) -> Rect:
    """Return what is left of a box beyond a row."""
    if box.width >= box.height:
        deep = taken / box.height
        return Rect(box.x + deep, box.y, box.width - deep, box.height)
    return Rect(box.x, box.y, box.width, box.height - taken / box.width)
