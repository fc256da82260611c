"""Where answers go: plain text and JSON to pipes and files, colours to terminals."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from symcost.views.answer import Answer

PIPE_CLOSED = 141
"""What a shell makes of a program whose reader is gone."""


def give(answer: Answer, *, as_json: bool = False) -> None:
    """Print an answer."""
    if as_json:
        give_json(answer.data)
    elif sys.stdout.isatty():
        _paint(answer)
    else:
        write(f"{answer}\n")


def give_json(data: Any) -> None:
    """Print data as JSON."""
    write(json.dumps(data, indent=2) + "\n")


def write(text: str) -> None:
    """Print text to the end, quietly stopping where nobody reads on."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter fails as it ends
        raise typer.Exit(PIPE_CLOSED) from None


def _paint(answer: Answer) -> None:
    """Print an answer on a terminal, in colours unless NO_COLOR is set."""
    from rich.console import Console

    from symcost.table.model import WIDTH
    from symcost.table.terminal import to_rich

    console = Console(highlight=False, markup=False, emoji=False)
    for i, part in enumerate(answer.parts):
        blank = "\n" if i else ""
        painted = part if isinstance(part, str) else to_rich(part, min(console.width, WIDTH))
        console.print(f"{blank}", painted, sep="", soft_wrap=True)
