"""Tables as LaTeX."""

from __future__ import annotations

from collections.abc import Sequence

from symcost.algebra.poly import Poly
from symcost.notation.latex import latex
from symcost.table.cells import percent, shown
from symcost.table.model import Cell, Share, Table

_ESCAPES = {
    **{c: f"\\{c}" for c in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "…": r"\ldots{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}


def to_latex(table: Table) -> str:
    """Return a LaTeX tabular with formulas in math mode."""
    spec = "".join("r" if column.kind == "number" else "l" for column in table.columns)
    heads = _line([_escaped(" ".join(column.heading)) for column in table.columns])
    body = [heads, r"\hline", *(_row(row) for row in table.rows)]
    body += [r"\hline", _row(table.total)] if table.total else []
    caption = [_escaped(table.caption), r"\par"] if table.caption else []
    return "\n".join([*caption, rf"\begin{{tabular}}{{{spec}}}", *body, r"\end{tabular}"])


def _row(row: Sequence[Cell]) -> str:
    return _line([_cell(cell) for cell in row])


def _line(cells: Sequence[str]) -> str:
    return " & ".join(cells) + r" \\"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Poly):
        return f"${latex(cell)}$"
    return _escaped(percent(cell.value) if isinstance(cell, Share) else shown(cell))


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(c, c) for c in " ".join(text.split()))
