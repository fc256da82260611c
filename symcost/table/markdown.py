"""Answers as Markdown; whatever a cell holds stays text."""

from __future__ import annotations

from collections.abc import Sequence

from symcost.errors import printable
from symcost.table.cells import shown
from symcost.table.model import Column, Table
from symcost.table.parts import Part, lines_of

_SPECIAL = r"\`*_{}[]<>|#~$"
_SPACE = "&nbsp;"


def to_markdown(parts: Sequence[Part]) -> str:
    """Return paragraphs and tables as GitHub-flavoured Markdown."""
    return "\n".join(_paragraph(lines_of(part)) if isinstance(part, str) else _table(part) for part in parts)


def typeset_bundle(text: str, latex: str, notes: Sequence[str]) -> dict[str, str]:
    """Return a formula for notebooks: typeset, as Markdown with what must be known to read it, and as text.

    JupyterLab shows the Markdown, viewers that know only one of them whichever that is.
    """
    told = f"\n{_paragraph(notes)}" if notes else ""
    return {"text/plain": text, "text/latex": latex, "text/markdown": f"{latex}\n{told}"}


def _paragraph(lines: Sequence[str]) -> str:
    return "\\\n".join(map(_line, lines)) + "\n"


def _line(line: str) -> str:
    """Return a line of a paragraph: one that is indented stays so, and none begins a list."""
    text = _escaped(line)
    indent = _SPACE * (len(line) - len(line.lstrip()))
    head, dot, rest = text.partition(".")
    if indent:
        return indent + text
    if dot and head.isdigit():
        return f"{head}\\.{rest}"
    return f"\\{text}" if text.startswith(("-", "+", "=")) else text


def _table(table: Table) -> str:
    heads = [_escaped(" ".join(column.heading)) for column in table.columns]
    rule = ["---:" if column.kind == "number" else ":---" for column in table.columns]
    rows = [[_cell(column, shown(cell)) for column, cell in zip(table.columns, row, strict=True)] for row in table.rows]
    if table.total:
        rows.append([_strong(column, shown(cell)) for column, cell in zip(table.columns, table.total, strict=True)])
    lines = [f"| {' | '.join(row)} |" for row in (heads, rule, *rows)]
    return "\n".join([*([_escaped(table.caption), ""] if table.caption else []), *lines]) + "\n"


def _cell(column: Column, text: str) -> str:
    if column.kind == "formula" and text:
        return f"`{text.replace('|', '').replace('`', '')}`"
    return _escaped(text)


def _strong(column: Column, text: str) -> str:
    return f"**{_cell(column, text)}**" if text else ""


def _escaped(text: str) -> str:
    """Return text that Markdown and the HTML inside it leave as it is."""
    flat = printable(" ".join(text.split()))
    return "".join(f"\\{c}" if c in _SPECIAL else "&amp;" if c == "&" else c for c in flat)
