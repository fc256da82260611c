"""What a stream is: a terminal of some width, with colours or without, or a pipe or file."""

from __future__ import annotations

import os
import shutil
from typing import TextIO

NARROWEST = 40
"""Columns below which lines are not made shorter."""


def is_terminal(stream: TextIO) -> bool:
    """Tell whether people read a stream as it is written."""
    return stream.isatty()


def coloured(stream: TextIO) -> bool:
    """Tell whether a stream takes colours: a terminal does that is not dumb.

    NO_COLOR takes them from all streams (no-color.org), FORCE_COLOR gives them to pipes and files too
    (force-color.org); each is set where it is not empty, and the former goes first.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return is_terminal(stream) and os.environ.get("TERM") != "dumb" and not _is_old_windows()


def moving(stream: TextIO) -> bool:
    """Tell whether lines of a stream can be written again: it is a terminal that is not dumb."""
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def columns(stream: TextIO, most: int) -> int:
    """Return how long lines may be: at most the width of a terminal; pipes and files are as wide as it takes."""
    if not is_terminal(stream):
        return most
    return max(NARROWEST, min(most, shutil.get_terminal_size((most, 0)).columns))


def many_colours() -> bool:
    """Tell whether a terminal is known to have 256 colours, which no theme changes."""
    return "256" in os.environ.get("TERM", "") or bool(os.environ.get("COLORTERM") or os.environ.get("FORCE_COLOR"))


def _is_old_windows() -> bool:
    """Tell whether this is a console of Windows that does not know ANSI escapes."""
    if os.name != "nt":
        return False
    from rich.console import Console

    return Console().legacy_windows
