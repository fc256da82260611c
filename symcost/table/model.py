"""A table: columns with units, rows of exact cells, and a total that stands apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from symcost.algebra.poly import Num

if TYPE_CHECKING:
    import pandas as pd
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


def share_of(part: Fraction) -> Share | Rate:
    """Return a part of a whole as a cell: without a bar where it is below zero, as a formula's terms may be."""
    return Share(part) if part >= 0 else Rate(part, percent=True)


Kind: TypeAlias = Literal["text", "number", "formula", "share"]
Cell: TypeAlias = Num | str | bool | Share | Rate | None


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
class Table:
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

    def to_text(self, width: int = WIDTH) -> str:
        """Return plain text of at most this many columns; a table that is too wide is continued below itself."""
        from symcost.table.text import to_text

        return to_text(self, width)

    def to_markdown(self) -> str:
        """Return a GitHub-flavoured Markdown table."""
        from symcost.table.markup import to_markdown

        return to_markdown(self)

    def to_html(self) -> str:
        """Return an HTML table with formulas as MathML, which browsers draw and screen readers speak."""
        from symcost.table.markup import to_html

        return to_html(self)

    def to_latex(self) -> str:
        """Return a LaTeX tabular with formulas in math mode."""
        from symcost.table.tabular import to_latex

        return to_latex(self)

    def to_csv(self) -> str:
        """Return comma-separated values: one line of column names, then the rows, numbers exact and plain."""
        from symcost.table.data import to_csv

        return to_csv(self)

    def to_json(self) -> list[dict[str, Any]]:
        """Return the rows as JSON takes them, numbers as exact text."""
        from symcost.table.data import to_json

        return to_json(self)

    def to_pandas(self) -> pd.DataFrame:
        """Return a data frame; integers are Python's own, which have no limit."""
        from symcost.table.data import to_pandas

        return to_pandas(self)

    def __rich__(self) -> Text:
        from symcost.table.terminal import to_rich

        return to_rich(self)

    def bundle(self) -> dict[str, str]:
        """Return the table as notebooks take it, by MIME type; viewers of notebooks may not know MathML."""
        from symcost.table.markup import to_html

        return {
            "text/plain": self.to_text(),
            "text/markdown": self.to_markdown(),
            "text/html": to_html(self, typeset=False),
            "text/latex": self.to_latex(),
        }

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return self.bundle()


def kept(table: Table) -> Table:
    """Return the table without the columns that follow from others."""
    chosen = [i for i, column in enumerate(table.columns) if column.kind != "share"]
    total = None if table.total is None else pick(table.total, chosen)
    rows = tuple(pick(row, chosen) for row in table.rows)
    return replace(table, columns=tuple(table.columns[i] for i in chosen), rows=rows, total=total)


def pick(row: Sequence[Cell], chosen: Iterable[int]) -> tuple[Cell, ...]:
    """Return some cells of a row."""
    return tuple(row[i] for i in chosen)
