"""Tables as data frames, every number exact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from symcost.algebra.poly import Poly
from symcost.errors import require
from symcost.table.cells import exact
from symcost.table.data import names_of
from symcost.table.model import Cell, Column, Folded, Rate, Table, kept

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_HALF = {"Int64": 2**63, "Int128": 2**127}
"""Integer types and how many numbers of either sign they hold."""


def to_pandas(table: Table) -> pd.DataFrame:
    """Return a data frame of Python objects, indexed by the first column; formulas are SymPy."""
    require("pandas", "num", "a data frame needs")
    import pandas as pd

    data, names = kept(table), names_of(table)
    frame = pd.DataFrame([[_object(cell) for cell in row] for row in data.rows], columns=names, dtype=object)
    return frame.set_index(names[0])


def _object(cell: Cell) -> Any:
    match cell:
        case Rate():
            return cell.value
        case Folded():
            return cell.name
        case Poly():
            from symcost.algebra.to_sympy import to_sympy

            return to_sympy(cell)
    return cell


def to_polars(table: Table) -> pl.DataFrame:
    """Return a data frame of Polars: integers of the least type that holds a column, what has no exact type as text."""
    require("polars", "polars", "a data frame of Polars needs")
    import polars as pl

    data, names = kept(table), names_of(table)
    cells = list(zip(*data.rows, strict=True)) or [()] * len(names)
    return pl.DataFrame([_series(*column) for column in zip(names, data.columns, cells, strict=True)])


def _series(name: str, column: Column, cells: Sequence[Cell]) -> pl.Series:
    import polars as pl

    kind = _kind(column, [cell for cell in cells if cell is not None])
    values = [None if cell is None else exact(cell) if kind == "String" else cell for cell in cells]
    return pl.Series(name, values, dtype=getattr(pl, kind))


def _kind(column: Column, cells: Sequence[Cell]) -> str:
    """Return the name of the type of a column that holds all of its cells as they are."""
    if cells and all(isinstance(cell, bool) for cell in cells):
        return "Boolean"
    whole = [cell for cell in cells if isinstance(cell, int) and not isinstance(cell, bool)]
    if len(whole) < len(cells) or (not cells and column.kind != "number"):
        return "String"
    return next((kind for kind, half in _HALF.items() if all(-half <= cell < half for cell in whole)), "String")
