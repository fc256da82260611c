"""Where the parts of a spec stand in its file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symcost.errors import Problem

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Origin:
    """The file of a spec.

    Attributes:
        file: its path as it was given.
        locate: line and column, from 1, of a path of the canonical form.
    """

    file: str
    locate: Callable[[Path], tuple[int, int]]

    def problem(self, message: str, path: Path) -> Problem:
        """Return a problem at the place of a path."""
        line, column = self.locate(path)
        return Problem(message, dotted(path), self.file, line, column)


def dotted(path: Path) -> str:
    """Return a path as text: ``model[3].do[0]``."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return text.removeprefix(".")
