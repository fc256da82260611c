"""Tables in plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from symcost.errors import printable
from symcost.table.breaking import broken
from symcost.table.cells import PERCENT, shown
from symcost.table.model import Column, Table

GAP = "  "
INDENT = "  "
LEAST = 16
"""The width down to which columns of text and formulas, and headings, may go: these then take several lines."""
LEAST_SHARE = len("share of")
DIGITS = ((",/", True),)
"""Where a number is broken that no line holds."""


class Line(NamedTuple):
    """A line and what it is: ``caption``, ``heading``, ``rule``, ``row``, ``total`` or ``blank``."""

    kind: str
    text: str


def to_text(table: Table, width: int) -> str:
    """Return the table as lines of at most this width; columns that do not fit come in further tables below."""
    return "\n".join(line.text for line in layout(table, width))


def layout(table: Table, width: int) -> list[Line]:
    """Return the lines of a table."""
    cells = [tuple(map(shown, row)) for row in (*table.rows, *([table.total] if table.total else []))]
    longest = [max((len(row[i]) for row in cells), default=0) for i in range(len(table.columns))]
    natural = [max(n, *map(len, column.heading)) for n, column in zip(longest, table.columns, strict=True)]
    most = max(LEAST, width - LEAST - len(GAP))
    least = [min(_least(*each), most) for each in zip(table.columns, natural, longest, strict=True)]
    lines = [Line("caption", line) for line in textwrap.wrap(printable(table.caption), width)]
    for number, group in enumerate(_groups(least, width)):
        lines += [Line("blank", "")] if number else []
        columns = [table.columns[i] for i in group]
        part = _Part(columns, _fitted(columns, [natural[i] for i in group], [least[i] for i in group], width))
        lines += part.lines([[row[i] for i in group] for row in cells], total=table.total is not None)
    return lines


def _least(column: Column, natural: int, cells: int) -> int:
    """Return the width down to which a column may go, of what it takes by itself and what its cells take."""
    match column.kind:
        case "number":
            return max(cells, min(natural, LEAST))
        case "share":
            return min(natural, LEAST_SHARE)
    return min(natural, LEAST)


def _fitted(columns: Sequence[Column], natural: Sequence[int], least: Sequence[int], width: int) -> list[int]:
    """Take what is missing from the widest columns that can give; bars go before names, and after formulas."""
    widths = list(natural)
    excess = sum(widths) + len(GAP) * (len(widths) - 1) - width
    bars_last = any(column.kind == "formula" for column in columns)
    for _ in range(min(excess, sum(natural) - sum(least))):
        able = (i for i in range(len(widths)) if widths[i] > least[i])
        widths[max(able, key=lambda i: ((columns[i].kind == "share") != bars_last, widths[i]))] -= 1
    return widths


def _groups(widths: Sequence[int], width: int) -> Iterator[list[int]]:
    """Give the columns in groups that fit, the first column in each."""
    group = [0]
    for i in range(1, len(widths)):
        if len(group) > 1 and sum(widths[j] + len(GAP) for j in group) + widths[i] > width:
            yield group
            group = [0]
        group.append(i)
    yield group


@dataclass(frozen=True)
class _Part:
    """Columns that stand side by side."""

    columns: Sequence[Column]
    sizes: Sequence[int]

    def lines(self, rows: Sequence[Sequence[str]], *, total: bool) -> list[Line]:
        """Return headings, rows and the total, which is the last row."""
        rule = Line("rule", GAP.join("-" * size for size in self.sizes))
        plain, last = (rows[:-1], rows[-1:]) if total else (rows, [])
        body = [Line("row", line) for row in plain for line in self._row(row)]
        end = [rule, *(Line("total", line) for row in last for line in self._row(row))] if total else []
        return [*self._headings(), rule, *body, *end]

    def _headings(self) -> list[Line]:
        headings = [_heading(column, size) for column, size in zip(self.columns, self.sizes, strict=True)]
        height = max(map(len, headings))
        headings = [[""] * (height - len(lines)) + lines for lines in headings]
        return [Line("heading", self._line([lines[k] for lines in headings])) for k in range(height)]

    def _row(self, cells: Sequence[str]) -> list[str]:
        """Return the lines of a row; text and formulas may take several."""
        parts = [_wrapped(c, size, cell) for c, size, cell in zip(self.columns, self.sizes, cells, strict=True)]
        height = max(map(len, parts))
        return [self._line([part[k] if k < len(part) else "" for part in parts]) for k in range(height)]

    def _line(self, cells: Sequence[str]) -> str:
        aligned = (
            cell.rjust(size) if column.kind == "number" else cell.ljust(size)
            for column, size, cell in zip(self.columns, self.sizes, cells, strict=True)
        )
        return GAP.join(aligned).rstrip()


def _heading(column: Column, size: int) -> list[str]:
    return [line for part in column.heading for line in broken(part, size)]


def _wrapped(column: Column, size: int, cell: str) -> list[str]:
    if len(cell) <= size:
        return [cell]
    if column.kind == "number":
        return broken(cell, size, DIGITS)
    if column.kind == "share":
        return [cell[-PERCENT:]]
    head, *rest = broken(cell, size - len(INDENT)) if column.kind == "text" else broken(cell, size)
    return [head, *(f"{INDENT}{line}" if column.kind == "text" else line for line in rest)]
