"""Colours that all eyes tell apart, each with a mark, a hatch and a dash, so that colour is never the only sign.

Source: Okabe and Ito 2008, Color Universal Design, the set of eight.
"""

from __future__ import annotations

from typing import NamedTuple

BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, YELLOW, BLACK = "#56B4E9", "#CC79A7", "#F0E442", "#000000"
SAFE = (BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE, YELLOW)
"""In the order in which they are given out; black is for words."""
INK, GREY, FAINT = "#333333", "#9A9A9A", "#E5E5E5"
"""Words and lines that measure; what stands behind; the grid."""
MOVING, COMPUTING = "#FBEDE3", "#E3F0F8"
"""Shades of regions behind marks: of vermilion and of blue."""
EDGE = (1.0, 1.0, 1.0, 0.55)
"""White that lets colours through, of hatches and of lines between areas."""
_HATCHES = ("", "//", "..", "\\\\", "xx", "--", "oo")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
_DASHES = ("-", "--", "-.", ":")


class Sign(NamedTuple):
    """How one of several is drawn: a colour, and what tells it apart without colour."""

    colour: str
    hatch: str
    marker: str
    dash: str

    @property
    def words(self) -> str:
        """The colour of words upon it."""
        return BLACK if _light(self.colour) > DARK else "#FFFFFF"


DARK = 0.21
"""The luminance up to which words upon a colour are white: there black and white stand out alike, 5 to 1."""


def sign(place: int) -> Sign:
    """Return how the one in a place is drawn; colours come again with another hatch."""
    turn, at = divmod(place, len(SAFE))
    return Sign(
        SAFE[at], _HATCHES[(at + 3 * turn) % len(_HATCHES)], _MARKERS[(at + turn) % len(_MARKERS)],
        _DASHES[(at + turn) % len(_DASHES)],
    )  # fmt: skip


def _light(colour: str) -> float:
    """Return the relative luminance of a colour, by WCAG 2.2."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
