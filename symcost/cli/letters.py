"""Letters for streams that lack some: what is closest stands in their place, and nothing fails."""

from __future__ import annotations

import codecs
import unicodedata
from typing import TextIO

CLOSEST = {
    **dict.fromkeys("█▉▊▋▌", "#"),
    **dict.fromkeys("▍▎▏", "-"),
    **dict.fromkeys("‐‑‒–—−", "-"),
    **dict.fromkeys("‘’‚", "'"),
    **dict.fromkeys("“”„", '"'),
    "…": "...",
    "·": "*",
    "×": "x",
    "÷": "/",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "≈": "~",
}
"""Signs that are written with others where they are lacking: the bars of tables, dashes, quotes."""
ERRORS = "symcost.closest"


def closest(letter: str) -> str:
    """Return how a letter is written in ASCII: without its accents, ``?`` where it has no such form."""
    known = CLOSEST.get(letter)
    return known or unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode() or "?"


def show_all(stream: TextIO) -> None:
    """Let a stream that lacks a letter show the closest instead of failing."""
    codecs.register_error(ERRORS, _closest)
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors=ERRORS)


def shows(stream: TextIO, text: str) -> bool:
    """Tell whether a stream has all letters of a text."""
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _closest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(closest, error.object[error.start : error.end])), error.end
