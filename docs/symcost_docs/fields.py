"""Lists of parameters as people write them: a colon after a name, where Sphinx puts two hyphens."""

from __future__ import annotations

from typing import Any

from docutils import nodes


def setup(app: Any) -> dict[str, Any]:
    """Let Sphinx read lists so."""
    app.connect("doctree-read", _colons)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _colons(_: Any, page: nodes.document) -> None:
    for body in page.findall(nodes.field_body):
        for text in [text for text in body.findall(nodes.Text) if text == " -- "]:
            text.parent.replace(text, nodes.Text(": "))
