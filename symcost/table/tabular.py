"""Answers as LaTeX."""

from __future__ import annotations

from collections.abc import Sequence

from symcost.algebra.poly import Poly
from symcost.errors import printable
from symcost.notation.latex import latex
from symcost.table.cells import factor, percent, shown
from symcost.table.model import Cell, Folded, Share, Table
from symcost.table.parts import Part, lines_of

_ESCAPES = {
    **{c: f"\\{c}" for c in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "…": r"\ldots{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
}


def to_latex(parts: Sequence[Part]) -> str:
    """Return paragraphs, and a tabular for each table with formulas in math mode."""
    return "\n\n".join(_paragraph(lines_of(part)) if isinstance(part, str) else _table(part) for part in parts)


def _paragraph(lines: Sequence[str]) -> str:
    told = [_guarded(text) for text in map(_escaped, lines) if text]
    return "\\noindent\n" + "\\\\\n".join(told) + "\n\\par"


def _table(table: Table) -> str:
    spec = "".join("r" if column.kind == "number" else "l" for column in table.columns)
    heads = _line([_escaped(" ".join(column.heading)) for column in table.columns])
    body = [heads, r"\hline", *(_row(row) for row in table.rows)]
    body += [r"\hline", _row(table.total)] if table.total else []
    caption = [_escaped(table.caption), r"\par"] if table.caption else []
    return "\n".join([*caption, rf"\begin{{tabular}}{{{spec}}}", *body, r"\end{tabular}"])


def _row(row: Sequence[Cell]) -> str:
    return _line([_cell(cell) for cell in row])


def _line(cells: Sequence[str]) -> str:
    """Return a line of a tabular, which never begins with what ends of lines take for options of theirs."""
    return _guarded(" & ".join(cells)) + r" \\"


def _guarded(text: str) -> str:
    return f"{{}}{text}" if text.startswith(("[", "*")) else text


def _cell(cell: Cell) -> str:
    if isinstance(cell, Poly):
        return f"${latex(cell)}$"
    if isinstance(cell, Folded):
        times = latex(cell.times)
        return rf"{_escaped(cell.name)} $\times {f'({times})' if factor(cell.times).startswith('(') else times}$"
    return _escaped(percent(cell.value) if isinstance(cell, Share) else shown(cell))


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(c, c) for c in printable(" ".join(text.split())))
