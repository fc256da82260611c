"""A table: columns with units, rows of exact cells, and a total that stands apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from symcost.algebra.poly import Num
from symcost.table.tabled import Tabled

if TYPE_CHECKING:
    from rich.text import Text

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, between 0 and 1; shown as a bar and a percentage."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Rate:
    """An exact number that people read rounded, such as an elasticity; with ``percent``, as a change in percent."""

    value: Fraction
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Folded:
    """The name of a block that stands for several rounds, each the same block; programs are given the name.

    Attributes:
        name: of the block.
        times: how many rounds there are.
    """

    name: str
    times: Num


def share_of(part: Fraction) -> Share | Rate:
    """Return a part of a whole as a cell: without a bar where it is below zero, as a formula's terms may be."""
    return Share(part) if part >= 0 else Rate(part, percent=True)


Kind: TypeAlias = Literal["text", "number", "formula", "share"]
Cell: TypeAlias = Num | str | bool | Folded | Share | Rate | None


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in one column.

    Attributes:
        name: by which programs ask for it.
        unit: of its numbers; empty for text.
        kind: ``text`` and ``formula`` may be broken into lines, ``number`` is shown in one, and
            ``share`` follows from other columns, so that programs are not given it.
    """

    name: str
    unit: str = ""
    kind: Kind = "number"

    @property
    def heading(self) -> tuple[str, ...]:
        """The name and the unit in lines, one line where they are the same word."""
        if self.name.lower() == self.unit.lower():
            return (self.unit,)
        return (self.name, f"[{self.unit}]") if self.unit else (self.name,)


@dataclass(frozen=True)
class Table(Tabled):
    """Rows of cells under columns; printing it shows it.

    Attributes:
        columns: what stands in each column.
        rows: cells, exact.
        caption: a line above.
        total: a last row that adds the others up, if there is one.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    total: tuple[Cell, ...] | None = field(default=None)

    def __str__(self) -> str:
        return self.to_text()

    def __len__(self) -> int:
        return len(self.rows)

    def table(self, *_: Any, **__: Any) -> Table:
        """Return the table itself."""
        return self

    def told(self) -> tuple[Table, ...]:
        """Return the table by itself."""
        return (self,)

    def to_text(self, width: int = WIDTH) -> str:
        """Return plain text of at most this many columns; a table that is too wide is continued below itself."""
        from symcost.table.text import to_text

        return to_text(self, width)

    def __rich__(self) -> Text:
        from symcost.table.terminal import to_rich

        return to_rich(self)


def kept(table: Table) -> Table:
    """Return the table without the columns that follow from others."""
    chosen = [i for i, column in enumerate(table.columns) if column.kind != "share"]
    total = None if table.total is None else pick(table.total, chosen)
    rows = tuple(pick(row, chosen) for row in table.rows)
    return replace(table, columns=tuple(table.columns[i] for i in chosen), rows=rows, total=total)


def pick(row: Sequence[Cell], chosen: Iterable[int]) -> tuple[Cell, ...]:
    """Return some cells of a row."""
    return tuple(row[i] for i in chosen)
