"""Paragraphs and tables: what an answer is told in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

from symcost.table.model import WIDTH, Table

Part: TypeAlias = str | Table
INDENT = "  "


def words_beside(words: str, table: Table) -> tuple[Part, ...]:
    """Return what is said before and after a table, around it; words that do not hold it stand before it.

    Args:
        words: the answer as text, which may show the table.
        table: the answer as rows; its caption is left out where the words say it.
    """
    before, found, after = words.partition(str(table))
    if not found and table.caption and " ".join(table.caption.split()) in " ".join(words.split()):
        table = replace(table, caption="")
    parts: tuple[Part, ...] = (before.strip("\n"), table, after.strip("\n"))
    return tuple(part for part in parts if part != "")


def lines_of(paragraph: str) -> list[str]:
    """Return the lines of a paragraph as they were before they were broken to fit a width."""
    first, *rest = paragraph.split("\n")
    lines = [first]
    for before, line in pairwise((first, *rest)):
        if _continues(line, before):
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line)
    return lines


def _continues(line: str, before: str) -> bool:
    """Tell whether a line is indented by two and begins with a word that the line before it had no room for."""
    word, *_ = line.split() or [""]
    return line.startswith(f"{INDENT}{word}") and word != "" and len(before) + 1 + len(word) > WIDTH


def captioned(parts: Sequence[Part]) -> list[tuple[list[str], Table | None]]:
    """Return the parts as tables, each with the lines of its caption, and as paragraphs alone.

    A paragraph is the caption of the table after it, unless that has one of its own.
    """
    found: list[tuple[list[str], Table | None]] = []
    for part in parts:
        if isinstance(part, str):
            found.append((lines_of(part), None))
        elif part.caption or not found or found[-1][1] is not None:
            found.append(([part.caption] if part.caption else [], part))
        else:
            found[-1] = (found[-1][0], part)
    return found
