"""Every error of symcost, and how it is written: where, what was found, and the way out when it is sure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from typing import ClassVar

_OPTIONS_READ = 2000  # looking for a close word takes microseconds per option
_WORD_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and its place.

    Attributes:
        path: dotted path inside the spec, such as ``model[3].conv2d.out``.
        line: 1-based, 0 where it is unknown; so is the column.
    """

    message: str
    path: str = ""
    file: str = ""
    line: int = 0
    column: int = 0

    def text(self) -> str:
        """Return one printable line, such as ``specs/tiny.yaml:6:3: node 'act' reads ...``."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        if self.path and not self.line:
            place = f"{place}: {self.path}" if place else self.path
        return printable(f"{place}: {self.message}" if place else self.message)


class SymcostError(Exception):
    """Something that the user can put right; ``str`` of it is one line per problem."""

    exit_code: ClassVar[int] = 3

    def __init__(self, *problems: Problem | str) -> None:
        super().__init__(*problems)
        self.problems: tuple[Problem, ...] = tuple(
            Problem(problem) if isinstance(problem, str) else problem for problem in problems
        )

    def __str__(self) -> str:
        return "\n".join(problem.text() for problem in self.problems)


class SpecError(SymcostError):
    """A spec cannot be read, or does not describe a network."""

    exit_code = 3


class UsageError(SymcostError):
    """A question is asked in a way that has no meaning."""

    exit_code = 2


class NoAnswer(SymcostError):
    """The question has no answer, such as a budget that nothing fits."""

    exit_code = 1


class NoForm(NoAnswer):
    """An amount has no formula in the symbols that are free; with numbers for some it may have one."""


def require(package: str, extra: str, what: str) -> None:
    """Ask for a package that an extra brings.

    Raises:
        UsageError: it is not installed.
    """
    if find_spec(package) is None:
        raise UsageError(f"{what} {package}: pip install 'symcost[{extra}]'")


def did_you_mean(word: str, options: Iterable[str], otherwise: str = "") -> str:
    """Return ``"; did you mean 'stem'?"`` for the option closest to a word, or what to say where none is close."""
    if len(word) > _WORD_LENGTH:
        return otherwise
    names = {option.lower(): option for option in islice(options, _OPTIONS_READ)}
    close = difflib.get_close_matches(word.lower(), names, n=1)
    return f"; did you mean {quoted(names[close[0]])}?" if close else otherwise


def quoted(text: str) -> str:
    """Return text in quotes, as messages show what the user wrote; the middle of a long text is left out."""
    if len(text) > _WORD_LENGTH:
        half = _WORD_LENGTH // 2 - 2
        text = f"{text[:half]} ... {text[-half:]}"
    mark = '"' if "'" in text else "'"
    return f"{mark}{printable(text)}{mark}"


def printable(text: str) -> str:
    """Return text with control characters, line breaks and lone surrogates written as escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
