"""A graph in the language of Mermaid, which GitHub, GitLab and JupyterLab draw."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from symcost.graph.drawing import Box, Drawing, Group

SHAPES = {
    "input": ("([", "])"),
    "op": ("[", "]"),
    "weights": ("[", "]"),
    "block": ("[[", "]]"),
    "output": ("([", "])"),
}
STYLES = {
    "input": "fill:#ffffff,stroke:#555555,color:#000000",
    "op": "fill:#ffffff,stroke:#555555,color:#000000",
    "weights": "fill:#cfe5f4,stroke:#0072b2,color:#000000",
    "block": "fill:#fbe6bd,stroke:#8a5a00,color:#000000",
    "output": "fill:#ffffff,stroke:#555555,color:#000000",
}
"""How each kind of box looks, on light pages and on dark ones."""
THEME = (
    "config:",
    "  theme: base",
    "  themeVariables:",
    *(f'    {name}: "#808080"' for name in ("lineColor", "textColor", "titleColor", "clusterBorder")),
    '    clusterBkg: "#80808018"',
    '    edgeLabelBackground: "#ffffff"',
)
"""Grey for what stands on the page, which may turn dark and does not draw anew: 3.9 to 1 on white, 5.3 on black."""
MOST_ARROWS, MOST_CHARACTERS = 500, 50_000
"""What Mermaid draws unless it is told otherwise: its settings ``maxEdges`` and ``maxTextSize``."""


def to_mermaid(drawing: Drawing, *, shapes: bool = False) -> str:
    """Return the text that Mermaid draws.

    Args:
        drawing: what to draw.
        shapes: whether arrows say what goes along them.
    """
    lines = ["---", f"title: {json.dumps(drawing.name)}", *THEME, "---", "flowchart TD", *_parts(drawing.parts, 1)]
    for arrow in drawing.arrows:
        label = f"|{_quoted(arrow.shapes)}|" if shapes else ""
        lines.append(f"  {arrow.start} -->{label} {arrow.end}")
    lines += (f"  {link.start} -.-|{_quoted([f'weights {link.name}'])}| {link.end}" for link in drawing.links)
    for kind, style in STYLES.items():
        if of_kind := [box.id for box in drawing.boxes if box.kind == kind]:
            lines += [f"  classDef {kind} {style}", f"  class {','.join(of_kind)} {kind}"]
    return "\n".join(lines) + "\n"


def drawable(drawing: Drawing) -> bool:
    """Tell whether Mermaid draws it without being told that it may be large."""
    few = len(drawing.arrows) + len(drawing.links) <= MOST_ARROWS
    return few and len(to_mermaid(drawing)) <= MOST_CHARACTERS


def _parts(parts: Iterable[Box | Group], level: int) -> Iterator[str]:
    indent = "  " * level
    for part in parts:
        if isinstance(part, Group):
            yield f"{indent}subgraph {part.id}[{_quoted([part.title])}]"
            yield from _parts(part.parts, level + 1)
            yield f"{indent}end"
        else:
            left, right = SHAPES[part.kind]
            yield f"{indent}{part.id}{left}{_quoted(part.lines)}{right}"


def _quoted(lines: Iterable[str]) -> str:
    return '"' + "<br/>".join(map(_escaped, lines)) + '"'


def _escaped(line: str) -> str:
    """Return a line in which every sign that Mermaid, Markdown or HTML may read as theirs is a number."""
    escaped = re.sub(r"[^\w ,()/=:.+-]|^[+-]", lambda sign: f"#{ord(sign[0])};", line)
    return re.sub(r"^(\d+)\.", r"\1#46;", escaped)  # or Markdown begins a list, as with a sign in front
