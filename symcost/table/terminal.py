"""Tables on a terminal, by rich: the plain text in colours."""

from __future__ import annotations

from rich.text import Text

from symcost.table.model import WIDTH, Table
from symcost.table.text import layout

ACCENT = "color(31)"
"""A blue of the 256 colours, which no theme changes: its contrast is 4.1 on white and 5.1 on black."""
STYLES = {"caption": "bold", "heading": f"bold {ACCENT}", "rule": "dim", "total": "bold"}
BARS = "[\u2588-\u258f]+"


def to_rich(table: Table, width: int = WIDTH) -> Text:
    """Return what rich prints; text in cells is never read as markup."""
    lines = [Text(line, style=STYLES.get(kind, ""), no_wrap=True) for kind, line in layout(table, width)]
    for line in lines:
        line.highlight_regex(BARS, ACCENT)
    return Text("\n").join(lines)
