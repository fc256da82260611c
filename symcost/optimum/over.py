"""What an optimum is over: names of unknowns with the values they may take, read from text or from Python.

The grammar of a text, in which pieces are set apart by commas::

    over   = piece , piece , ...
    piece  = name                       values as declared: multiple_of, min and max; budgets may end them
           | name = low : high : step   as in a grid, see ``symcost.solver.grid``; each of the three may be left out
           | name = value , value , ... these values only
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from symcost.algebra.atoms import Number
from symcost.errors import UsageError, quoted

Values: TypeAlias = "str | Iterable[Number | str] | None"
"""A text such as ``16:256:8`` or ``16,32,64``, values one by one, or None for all that are declared."""
Over: TypeAlias = str | Iterable[str] | Mapping[str, Values]


def read_over(over: Over) -> dict[str, Values]:
    """Return the values asked for of each unknown, in order.

    Raises:
        UsageError: it is not of the grammar, names nothing, or a name twice.
    """
    if isinstance(over, Mapping):
        found = dict(over)
    else:
        found = {}
        for text in (over,) if isinstance(over, str) else over:
            for name, values in _pieces(text):
                if name in found:
                    raise UsageError(f"over: {name} comes twice")
                found[name] = values
    if not found:
        raise UsageError("over names no unknown; give some, such as over 'C, H=32:512:32'")
    return found


def _pieces(text: str) -> list[tuple[str, str | None]]:
    """Return names and the text of their values; what follows a comma and is no name is another value."""
    found: list[tuple[str, str | None]] = []
    for piece in text.split(","):
        name, equals, values = (part.strip() for part in piece.partition("="))
        if not name or (equals and not values):
            raise UsageError(f"over {quoted(text)}: write NAME, NAME=LOW:HIGH:STEP or NAME=VALUE,VALUE")
        if name.isidentifier():
            found.append((name, values if equals else None))
        elif found and found[-1][1] is not None and not equals:
            found[-1] = (found[-1][0], f"{found[-1][1]},{name}")
        else:
            raise UsageError(f"over {quoted(text)}: {quoted(name)} is not the name of an unknown")
    return found
