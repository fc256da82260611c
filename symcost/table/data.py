"""Tables for programs: exact numbers, no rounding, no separators, no column that follows from others."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from symcost.algebra.poly import Poly
from symcost.table.cells import exact
from symcost.table.model import Cell, Rate, Table, kept

if TYPE_CHECKING:
    import pandas as pd


def to_csv(table: Table) -> str:
    """Return comma-separated values; text that a spreadsheet would run as a formula gets an apostrophe in front."""
    data = kept(table)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in data.columns])
    writer.writerows([[_safe(cell) for cell in row] for row in data.rows])
    return out.getvalue()


def _safe(cell: Cell) -> str:
    text = exact(cell)
    return f"'{text}" if isinstance(cell, (str, Poly)) and text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def to_json(table: Table) -> list[dict[str, Any]]:
    """Return the rows as objects; numbers are text, true and false and nothing are themselves."""
    data = kept(table)
    names = [column.name for column in data.columns]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in data.rows]


def _plain(cell: Cell) -> Any:
    return cell if cell is None or isinstance(cell, bool) else exact(cell)


def to_pandas(table: Table) -> pd.DataFrame:
    """Return a data frame of Python objects, indexed by the first column; formulas are SymPy."""
    import pandas as pd

    data = kept(table)
    names = [column.name for column in data.columns]
    frame = pd.DataFrame([[_object(cell) for cell in row] for row in data.rows], columns=names, dtype=object)
    return frame.set_index(names[0])


def _object(cell: Cell) -> Any:
    if not isinstance(cell, Poly):
        return cell.value if isinstance(cell, Rate) else cell
    from symcost.algebra.to_sympy import to_sympy

    return to_sympy(cell)
