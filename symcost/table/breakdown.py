"""A break-down as a table: numbers at given sizes, or formulas, with the total that the rows add up to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Protocol

from symcost.algebra.atoms import Number
from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num, evaluate, total
from symcost.table.model import Cell, Column, Folded, Kind, Share, Table


class RowLike(Protocol):
    """A line of a break-down."""

    @property
    def name(self) -> str:
        """Return what it stands for."""

    @property
    def count(self) -> Num:
        """Return how many applications of ops it sums up."""

    @property
    def times(self) -> Num:
        """Return for how many rounds of a repetition it stands, each the same block."""

    @property
    def values(self) -> Mapping[str, Num]:
        """Return the amount of each metric."""


def break_down(
    rows: Sequence[RowLike],
    units: Mapping[str, str],
    env: Mapping[str, Number] | None,
    *,
    by: str = "block",
    share: str = "",
    caption: str = "",
    largest: Collection[str] = (),
) -> Table:
    """Return a table of rows and their total.

    Args:
        rows: to show.
        units: of the metrics to show, in order.
        env: values of all symbols; None leaves formulas.
        by: what a row stands for.
        share: a metric whose rows are shown as parts of its total, for numbers.
        caption: a line above.
        largest: metrics whose total is that of the largest row.
    """
    kind: Kind = "formula" if env is None else "number"
    columns = [Column(by, kind="text"), Column("count", kind=kind), *(Column(n, u, kind) for n, u in units.items())]
    cells = [(row.count, *(row.values[name] for name in units)) for row in rows]
    if env is not None:
        cells = [_numbers(line, env) for line in cells]
    columns_of = list(zip(*cells, strict=True)) or [()] * (len(units) + 1)
    sums = tuple(
        maximum((0, *column), None) if name in largest else total((cell, 1) for cell in column)
        for name, column in zip(("count", *units), columns_of, strict=True)
    )
    lines: list[tuple[Cell, ...]] = [(_name(row), *line) for row, line in zip(rows, cells, strict=True)]
    table = Table(tuple(columns), tuple(lines), caption, ("total", *sums))
    return with_share(table, share) if share and env is not None else table


def _name(row: RowLike) -> Cell:
    return row.name if row.times == 1 else Folded(row.name, row.times)


def _numbers(line: tuple[Num, ...], env: Mapping[str, Number]) -> tuple[Num, ...]:
    return tuple(evaluate(cell, env) for cell in line)


def with_share(table: Table, name: str) -> Table:
    """Return the table with a last column that shows each number of a column as a part of the total."""
    at = [column.name for column in table.columns].index(name)
    whole = table.total[at] if table.total else None
    unit = table.columns[at].unit
    column = Column(f"share of {unit if unit.lower() == name else name}", kind="share")
    rows = tuple((*row, _share(row[at], whole)) for row in table.rows)
    total_row = None if table.total is None else (*table.total, None)
    return Table((*table.columns, column), rows, table.caption, total_row)


def _share(part: Cell, whole: Cell) -> Cell:
    if isinstance(part, (int, Fraction)) and isinstance(whole, (int, Fraction)) and whole:
        return Share(Fraction(part) / Fraction(whole))
    return None
