"""Tables for programs: exact numbers, no rounding, no separators, no column that follows from others."""

from __future__ import annotations

import re
from itertools import chain, count
from typing import Any

from symcost.algebra.poly import Poly
from symcost.table.cells import exact
from symcost.table.model import Cell, Folded, Table, kept


def to_csv(table: Table) -> str:
    """Return comma-separated values; text that a spreadsheet would run as a formula gets an apostrophe in front."""
    rows = [list(map(_text, names_of(table))), *(list(map(_safe, row)) for row in kept(table).rows)]
    return "".join((",".join(map(_quoted, row)) or '""') + "\n" for row in rows)


def _quoted(field: str) -> str:
    """Return a field in quotes where a reader would end it too early."""
    if not re.search(r'[,"\r\n]', field):
        return field
    return '"' + field.replace('"', '""') + '"'


def names_of(table: Table) -> list[str]:
    """Return the names of the columns for programs, no two the same."""
    found: list[str] = []
    for column in kept(table).columns:
        numbered = (f"{column.name}_{n}" for n in count(2))
        found.append(next(name for name in chain([column.name], numbered) if name not in found))
    return found


def _safe(cell: Cell) -> str:
    return _text(exact(cell)) if isinstance(cell, (str, Poly, Folded)) else exact(cell)


def _text(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def to_json(table: Table) -> list[dict[str, Any]]:
    """Return the rows as objects; numbers are text, true and false and nothing are themselves."""
    names = names_of(table)
    return [dict(zip(names, map(_plain, row), strict=True)) for row in kept(table).rows]


def _plain(cell: Cell) -> Any:
    return cell if cell is None or isinstance(cell, bool) else exact(cell)
