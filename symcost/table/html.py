"""Answers as HTML: formulas as MathML, shares as bars, in the colours of the page that shows them.

A viewer that does not trust an answer takes the style sheet, the bars and the tags of formulas out. What is left says
the same: see ``symcost.notation.mathml`` on formulas, and a share is a number beside its bar.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache
from html import escape
from importlib.resources import files

from symcost.algebra.poly import Poly
from symcost.errors import printable
from symcost.notation.mathml import legible
from symcost.table.cells import factor, percent, shown
from symcost.table.model import Cell, Column, Folded, Share, Table
from symcost.table.parts import Part, captioned

LONGEST = 1000
"""How long the text of a formula may be that is typeset, which takes some twenty times as much."""
ROOT = "symcost-answer"
PLAIN = "tex2jax_ignore mathjax_ignore"
"""Classes for MathJax, which would take what stands between two dollar signs for a formula."""


def to_html(parts: Sequence[Part], *, style: bool = True) -> str:
    """Return paragraphs and tables as one element, with its style sheet unless told otherwise."""
    body = "".join(_paragraph(lines) if table is None else _table(table, lines) for lines, table in captioned(parts))
    return f'<div class="{ROOT} {PLAIN}">{f"<style>{style_sheet()}</style>" if style else ""}{body}</div>'


@cache
def style_sheet() -> str:
    """Return the style sheet of answers; every rule is for what is inside them."""
    text = files("symcost.table").joinpath("answer.css").read_text(encoding="utf-8")
    return " ".join(text.split())


def _paragraph(lines: Sequence[str]) -> str:
    return f"<p>{_lines(lines)}</p>"


def _lines(lines: Sequence[str]) -> str:
    return "<br>".join(_text(line) for line in lines)


def _text(text: str) -> str:
    """Return text; spaces that set a line in stay."""
    indent = len(text) - len(text.lstrip(" "))
    return "\N{NO-BREAK SPACE}" * indent + escape(printable(text[indent:]))


def _table(table: Table, caption: Sequence[str]) -> str:
    """Return a table in a box that scrolls where it is too large, which keys can reach."""
    head = "".join(f'<th scope="col" class="{_kind(c)}">{_heading(c)}</th>' for c in table.columns)
    rows = "".join(_row(table.columns, row) for row in table.rows)
    foot = f"<tfoot>{_row(table.columns, table.total)}</tfoot>" if table.total else ""
    name = escape(printable(caption[0])) if caption else "table"
    told = f"<caption><div>{_caption(caption)}</div></caption>" if caption else ""
    inner = f"<table>{told}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>{foot}</table>"
    return f'<div class="scroll" role="group" aria-label="{name}" tabindex="0">{inner}</div>'


def _caption(lines: Sequence[str]) -> str:
    """Return a caption, its first line as a title where there are more."""
    first, *rest = lines
    return f"<strong>{_text(first)}</strong><br>{_lines(rest)}" if rest else _text(first)


def _heading(column: Column) -> str:
    name, *unit = map(escape, map(printable, column.heading))
    return name + "".join(f' <span class="unit">{text}</span>' for text in unit)


def _row(columns: Iterable[Column], cells: Iterable[Cell]) -> str:
    """Return a row; a name that it begins with is its heading."""
    made = []
    for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        heads = place == 0 and column.kind == "text"
        open_, close = ('th scope="row"', "th") if heads else ("td", "td")
        made.append(f'<{open_} class="{_kind(column)}">{_inner(column, cell)}</{close}>')
    return f"<tr>{''.join(made)}</tr>"


def _kind(column: Column) -> str:
    return column.kind


def _inner(column: Column, cell: Cell) -> str:
    match cell:
        case Poly() if len(shown(cell)) <= LONGEST:
            return legible(cell)
        case int() | Fraction() if column.kind == "formula" and not isinstance(cell, bool):
            return legible(cell)
        case Folded():
            return f'{_text(cell.name)} <span class="times">×\N{NO-BREAK SPACE}{_times(cell)}</span>'
        case Share():
            width = f"{min(float(cell.value), 1) * 100:.4g}"
            bar = f'<span class="bar" aria-hidden="true"><span style="width:{width}%"></span></span>'
            return f"{bar} {escape(percent(cell.value))}"
    text = _text(shown(cell))
    return f"<code>{text}</code>" if column.kind == "formula" and text else text


def _times(cell: Folded) -> str:
    formula = legible(cell.times)
    return f"({formula})" if factor(cell.times).startswith("(") else formula
