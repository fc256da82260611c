"""A graph in the language of Graphviz."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symcost.graph.drawing import Box, Drawing, Group

STYLES = {
    "input": 'shape=ellipse, fillcolor="#ffffff"',
    "op": 'fillcolor="#ffffff"',
    "weights": 'fillcolor="#cfe5f4"',
    "block": 'fillcolor="#fbe6bd", peripheries=2',
    "output": 'shape=ellipse, fillcolor="#ffffff"',
}
"""How each kind of box looks: dark letters on light grounds, and never by colour alone."""
HEAD = (
    '  graph [labelloc=t, fontname="Helvetica", fontsize=16, ranksep=0.3, nodesep=0.25]',
    '  node [shape=box, style="rounded,filled", color="#555555", fontname="Helvetica", fontsize=11, margin="0.1,0.05"]',
    '  edge [color="#555555", fontname="Helvetica", fontsize=9]',
)
GROUP = 'style="rounded"; color="#999999"; fontsize=12; labeljust=l'


def to_dot(drawing: Drawing, *, shapes: bool = False) -> str:
    """Return the text that ``dot`` draws.

    Args:
        drawing: what to draw.
        shapes: whether arrows say what goes along them.
    """
    lines = [f"digraph {_quoted([drawing.name])} {{", *HEAD, f"  label={_quoted([drawing.name])}"]
    lines += _parts(drawing.parts, 1)
    for arrow in drawing.arrows:
        label = f" [label={_quoted(arrow.shapes)}]" if shapes else ""
        lines.append(f"  {arrow.start} -> {arrow.end}{label}")
    for link in drawing.links:
        label = _quoted([f"weights {link.name}"])
        # a label proper takes part in the ranking, in which some Graphviz gets lost between groups
        lines.append(f"  {link.start} -> {link.end} [xlabel={label}, style=dashed, dir=none, constraint=false]")
    return "\n".join([*lines, "}"]) + "\n"


def _parts(parts: Iterable[Box | Group], level: int) -> Iterator[str]:
    indent = "  " * level
    for part in parts:
        if isinstance(part, Group):
            yield f"{indent}subgraph cluster_{part.id} {{"
            yield f"{indent}  label={_quoted([part.title])}; {GROUP}"
            yield from _parts(part.parts, level + 1)
            yield f"{indent}}}"
        else:
            yield f"{indent}{part.id} [label={_quoted(part.lines)}, {STYLES[part.kind]}]"


def _quoted(lines: Iterable[str]) -> str:
    r"""Return lines as a label; in one, ``\N`` would be a name and ``&lt;`` a sign."""
    return '"' + r"\n".join(map(_escaped, lines)) + '"'


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
