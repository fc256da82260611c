"""Tables on a terminal, by rich: the plain text in colours."""

from __future__ import annotations

from rich.text import Text

from symcost.table.model import WIDTH, Table
from symcost.table.text import layout

STYLES = {"caption": "bold", "heading": "bold cyan", "rule": "dim", "total": "bold"}


def to_rich(table: Table, width: int = WIDTH) -> Text:
    """Return what rich prints; text in cells is never read as markup."""
    lines = [Text(line, style=STYLES.get(kind, ""), no_wrap=True) for kind, line in layout(table, width)]
    return Text("\n").join(lines)
