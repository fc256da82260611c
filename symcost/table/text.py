"""Tables in plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from symcost.errors import printable
from symcost.table.cells import shown
from symcost.table.model import Column, Table

GAP = "  "
LEAST = 16
"""The width down to which columns of these kinds may be cut."""
ELASTIC = ("text", "formula")


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
    natural = [_natural(column, [row[i] for row in cells]) for i, column in enumerate(table.columns)]
    least = [min(n, LEAST) if c.kind in ELASTIC else n for n, c in zip(natural, table.columns, strict=True)]
    lines = [Line("caption", line) for line in textwrap.wrap(printable(table.caption), width)]
    for number, group in enumerate(_groups(least, width)):
        lines += [Line("blank", "")] if number else []
        sizes = _fitted([natural[i] for i in group], [least[i] for i in group], width)
        part = _Part([table.columns[i] for i in group], sizes)
        lines += part.lines([[row[i] for i in group] for row in cells], total=table.total is not None)
    return lines


def shortened(text: str, width: int) -> str:
    """Return text with its middle left out where it is too long: both ends of a dotted name tell."""
    if len(text) <= width:
        return text
    tail = (width - 1) * 2 // 3
    return f"{text[: width - 1 - tail]}…{text[-tail:]}"


def _natural(column: Column, cells: Sequence[str]) -> int:
    return max(map(len, (*column.heading, *cells)))


def _fitted(natural: Sequence[int], least: Sequence[int], width: int) -> list[int]:
    """Take what is missing from columns that can give, always from the widest of them."""
    widths = list(natural)
    excess = sum(widths) + len(GAP) * (len(widths) - 1) - width
    for _ in range(min(excess, sum(natural) - sum(least))):
        i = max((i for i in range(len(widths)) if widths[i] > least[i]), key=lambda i: widths[i])
        widths[i] -= 1
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
        height = max(len(column.heading) for column in self.columns)
        headings = [("",) * (height - len(c.heading)) + c.heading for c in self.columns]
        return [Line("heading", self._line([h[k] for h in headings])) for k in range(height)]

    def _row(self, cells: Sequence[str]) -> list[str]:
        """Return the lines of a row; formulas may take several."""
        parts = [_wrapped(c, size, cell) for c, size, cell in zip(self.columns, self.sizes, cells, strict=True)]
        height = max(map(len, parts))
        return [self._line([part[k] if k < len(part) else "" for part in parts]) for k in range(height)]

    def _line(self, cells: Sequence[str]) -> str:
        aligned = (
            cell.rjust(size) if column.kind == "number" else cell.ljust(size)
            for column, size, cell in zip(self.columns, self.sizes, cells, strict=True)
        )
        return GAP.join(aligned).rstrip()


def _wrapped(column: Column, size: int, cell: str) -> list[str]:
    if column.kind == "formula":
        return textwrap.wrap(cell, size, break_long_words=False, break_on_hyphens=False) or [""]
    return [shortened(cell, size) if column.kind == "text" else cell]
