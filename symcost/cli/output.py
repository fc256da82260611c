"""Where answers go: plain text and JSON to pipes and files, colours to terminals."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import typer

from symcost.cli.progress import settle
from symcost.cli.terminal import coloured, columns, many_colours

if TYPE_CHECKING:
    from symcost.table import Table
    from symcost.views.answer import Answer

PIPE_CLOSED = 141
"""What a shell makes of a program whose reader is gone."""


def give(answer: Answer, *, as_json: bool = False) -> None:
    """Print an answer, as wide as the terminal."""
    if as_json:
        give_json(answer.data)
        return
    from symcost.table.model import WIDTH

    width = columns(sys.stdout, WIDTH)
    parts = (_narrowed(part, width) if isinstance(part, str) else part for part in answer.parts)
    show = _painted if coloured(sys.stdout) else _plain
    write("\n\n".join(show(part, width) for part in parts) + "\n")


def give_text(text: str) -> None:
    """Print prose, as wide as the terminal."""
    from symcost.table.model import WIDTH

    write(_narrowed(text, columns(sys.stdout, WIDTH)))


def give_json(data: Any) -> None:
    """Print data as JSON."""
    write(json.dumps(data, indent=2) + "\n")


def write(text: str) -> None:
    """Print text to the end, quietly stopping where nobody reads on."""
    settle()
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter fails as it ends
        raise typer.Exit(PIPE_CLOSED) from None


def _narrowed(text: str, width: int) -> str:
    from symcost.table.prose import narrowed

    end = "\n" if text.endswith("\n") else ""
    return narrowed(text.removesuffix("\n"), width) + end


def _plain(part: str | Table, width: int) -> str:
    return part if isinstance(part, str) else part.to_text(width)


def _painted(part: str | Table, width: int) -> str:
    """Return a part with the escapes that terminals read as colours."""
    if isinstance(part, str):
        return part
    import io

    from rich.console import Console

    from symcost.table.terminal import to_rich

    out = io.StringIO()
    console = Console(
        file=out,
        force_terminal=True,
        color_system="256",
        no_color=not many_colours(),
        legacy_windows=False,
        width=width,
    )
    console.print(to_rich(part, width), end="", soft_wrap=True)
    return out.getvalue()
