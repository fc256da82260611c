"""How blocks of ``console`` are coloured: the commands stand out, and what they print is text and not a language."""

from __future__ import annotations

from typing import Any

from pygments.lexer import RegexLexer, bygroups
from pygments.token import Generic, Keyword, String, Text


class Console(RegexLexer):
    """Commands after a dollar, and what they print."""

    name = "console"
    tokens = {
        "root": [
            (r"^(\$ )", Generic.Prompt, "command"),
            (r"^[^\n]*\n", Generic.Output),
        ],
        "command": [
            (r"\n", Text, "#pop"),
            (r"'[^'\n]*'", String),
            (r"( )(--?[\w-]+)", bygroups(Text, Keyword)),
            (r"[^\s']+|[ \t]+", Text),
        ],
    }


def setup(app: Any) -> dict[str, Any]:
    """Tell Sphinx how to colour them."""
    app.add_lexer("console", Console)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
