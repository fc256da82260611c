"""Names and comments in generated programs: whatever a spec calls things, the program stays one program."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable

from symcost.errors import printable

WIDTH = 100


def identifier(name: str, reserved: Collection[str]) -> str:
    """Return the name of a metric or symbol as a name that a language allows."""
    word = re.sub(r"\W", "_", name)
    return f"{word}_" if word in reserved else word


def identifiers(names: Iterable[str], reserved: Collection[str]) -> dict[str, str]:
    """Return different names for different symbols."""
    found: dict[str, str] = {}
    for name in names:
        found[name] = fresh(identifier(name, reserved), {*found.values(), *reserved})
    return found


def fresh(name: str, taken: Collection[str]) -> str:
    """Return the name, with a number where it is taken."""
    tries = (name, *(f"{name}_{i}" for i in range(2, len(taken) + 3)))
    return next(t for t in tries if t not in taken)


def bracketed(text: str) -> str:
    """Return text as one factor."""
    return text if re.fullmatch(r"\w+", text) else f"({text})"


def comments(notes: Iterable[str], mark: str) -> str:
    """Return notes as comment lines, each to the end of its line whatever it holds: no breaks, no backslashes."""
    plain = (printable(note).replace("\\", "/").replace("??", "? ?") for note in notes)
    lines = (line for note in plain for line in textwrap.wrap(note, WIDTH - len(mark) - 1, subsequent_indent="  "))
    return "".join(f"{mark} {line}\n" for line in lines)
