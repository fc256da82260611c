"""Tables as Markdown and HTML; whatever a cell holds stays text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import TypeAlias

from symcost.algebra.poly import Poly
from symcost.notation.mathml import mathml
from symcost.table.cells import shown
from symcost.table.model import Cell, Column, Table

Inner: TypeAlias = Callable[[Column, Cell], str]
LONGEST = 200
"""How long the text of a formula may be that is typeset, which takes some twenty times as much."""

_SPECIAL = r"\`*_{}[]<>|#~$"


def to_markdown(table: Table) -> str:
    """Return a GitHub-flavoured Markdown table."""
    heads = [_escaped(" ".join(column.heading)) for column in table.columns]
    rule = ["---:" if column.kind == "number" else ":---" for column in table.columns]
    rows = [[_cell(column, shown(cell)) for column, cell in zip(table.columns, row, strict=True)] for row in table.rows]
    if table.total:
        rows.append([f"**{_escaped(shown(cell))}**" if cell is not None else "" for cell in table.total])
    lines = [f"| {' | '.join(row)} |" for row in (heads, rule, *rows)]
    return "\n".join([*([_escaped(table.caption), ""] if table.caption else []), *lines]) + "\n"


def _cell(column: Column, text: str) -> str:
    if column.kind == "formula" and text:
        return f"`{text.replace('|', '')}`"
    return _escaped(text)


def _escaped(text: str) -> str:
    """Return text that Markdown and the HTML inside it leave as it is."""
    flat = " ".join(text.split())
    return "".join(f"\\{c}" if c in _SPECIAL else "&amp;" if c == "&" else c for c in flat)


def to_html(table: Table, *, typeset: bool = True) -> str:
    """Return an HTML table.

    Args:
        table: what to show.
        typeset: whether formulas are MathML where that is not too long; otherwise they are text, which stays what it is
            where a viewer takes unknown tags out: without them a fraction H/16 would read H16.
    """
    cell = _typeset if typeset else _html
    heads = [f'<th style="{_align(c)}">{"<br>".join(map(escape, c.heading))}</th>' for c in table.columns]
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    rows = "".join(_html_row(table.columns, row, cell) for row in table.rows)
    total = f"<tfoot>{_html_row(table.columns, table.total, cell, 'th')}</tfoot>" if table.total else ""
    return f"<table>{caption}<thead><tr>{''.join(heads)}</tr></thead><tbody>{rows}</tbody>{total}</table>"


def _html_row(columns: Iterable[Column], cells: Iterable[Cell], inner: Inner, tag: str = "td") -> str:
    made = (f'<{tag} style="{_align(c)}">{inner(c, cell)}</{tag}>' for c, cell in zip(columns, cells, strict=True))
    return f"<tr>{''.join(made)}</tr>"


def _typeset(column: Column, cell: Cell) -> str:
    if isinstance(cell, Poly) and len(shown(cell)) <= LONGEST:
        return mathml(cell)
    return _html(column, cell)


def _html(column: Column, cell: Cell) -> str:
    text = escape(shown(cell))
    return f"<code>{text}</code>" if column.kind == "formula" and text else text


def _align(column: Column) -> str:
    figures = "; font-variant-numeric: tabular-nums" if column.kind == "number" else ""
    return f"text-align: {'right' if column.kind == 'number' else 'left'}{figures}"
