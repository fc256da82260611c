"""Paragraphs that are laid out for one width, laid out for a narrower one."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from symcost.table.breaking import LEVELS, broken
from symcost.table.model import WIDTH

INDENT = 2
FEW = 2
"""Letters that do not stand in a line of their own."""


def narrowed(text: str, width: int, was: int = WIDTH) -> str:
    """Return text in lines of at most this width.

    A line that ended only since the next word would not have fit is joined with the next one first; other ends of
    lines are meant, and stay.

    Args:
        text: in lines of at most ``was``.
        width: of the lines to be.
        was: for which width the text was laid out.
    """
    lines = text.splitlines()
    if max(map(len, lines), default=0) <= width:
        return text
    return "\n".join(line for paragraph in _paragraphs(lines, was) for line in _laid_out(paragraph, width))


def _paragraphs(lines: Sequence[str], was: int) -> Iterator[list[str]]:
    """Give the lines that make a line each."""
    start = 0
    for i in range(1, len(lines) + 1):
        if i < len(lines) and lines[i].strip():
            word = lines[i].split(maxsplit=1)[0]
            if len(lines[i - 1]) + 1 + len(word) > was:
                continue
        yield list(lines[start:i])
        start = i


def _laid_out(paragraph: Sequence[str], width: int) -> list[str]:
    first = _indent(paragraph[0])
    rest = _indent(paragraph[1]) if len(paragraph) > 1 else first + INDENT
    joined = " ".join(line.strip() for line in paragraph)
    if first + len(joined) <= width:
        return [" " * first + joined]
    lines = textwrap.wrap(
        joined,
        width,
        initial_indent=" " * first,
        subsequent_indent=" " * rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [piece for line in _led(lines, width) for piece in _pieces(line, width, rest)]


def _led(lines: Sequence[str], width: int) -> Iterator[str]:
    """Give the lines, a long word together with what leads to it, such as an equals sign."""
    lead = ""
    for line, after in zip(lines, (*lines[1:], ""), strict=True):
        whole = f"{lead} {line.strip()}" if lead else line
        lead = whole if len(after) > width and len(line.strip()) <= FEW else ""
        if not lead:
            yield whole


def _pieces(line: str, width: int, rest: int) -> list[str]:
    """Return a line as it is, or what is one long word, such as a formula, in several."""
    if len(line) <= width:
        return [line]
    first = _indent(line)
    head, *more = broken(line.strip(), width - max(first, rest), LEVELS[1:])
    return [" " * first + head, *(" " * rest + piece for piece in more)]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
