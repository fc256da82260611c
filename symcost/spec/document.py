"""What a spec file says, as plain data, and where in the file each part stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Protocol, TypeAlias

from symcost.errors import Problem
from symcost.spec.origin import Origin, Path

Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str | int | bool | None"
"""Plain data; a number with a point or an exponent is kept as the text that was written, which is exact."""

MAX_NESTING = 60
MAX_DIGITS = 40


class Marks(Protocol):
    """Places of the parts of a file."""

    def locate(self, path: Path) -> tuple[int, int]:
        """Return the 1-based line and column of a part: of its key, or of the element of a list.

        A path that leads nowhere gives the place of the last part on the way.
        """
        ...


@dataclass(frozen=True, slots=True)
class Document:
    """A spec file that was read.

    Attributes:
        tree: its contents.
        file: its name in messages.
        marks: places of the parts of the tree.
        path: where the file is, None for a text that is no file.
    """

    tree: dict[str, Tree]
    file: str
    marks: Marks
    path: FilePath | None = None

    def problem(self, path: Path, message: str) -> Problem:
        """Return a problem of the part at a path."""
        return Origin(self.file, self.marks.locate).problem(message, path)
