"""Completion of words: what shells ask for while people type.

``symcost --install-completion`` puts a few lines where a shell finds them, ``--show-completion`` prints them. They call
symcost with $_SYMCOST_COMPLETE set; a command line that cannot be made sense of has no candidates, and no error.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from importlib import import_module
from typing import Any

import typer
from typer.main import get_command

from symcost.cli import candidates

ASKED = "_SYMCOST_COMPLETE"
BREAKS = "=:"
"""Signs at which Bash ends a word, and of which it makes words; symcost's go on."""

_Item: Any = import_module(typer.BadParameter.__module__.replace("exceptions", "shell_completion")).CompletionItem


def complete(app: typer.Typer) -> int:
    """Print the candidates that a shell asks for, and return the exit code."""
    bash = os.environ[ASKED] == "complete_bash"
    before = _joined() if bash else ""
    if bash and os.environ["COMP_CWORD"] == "1" and (verbs := _verbs(app)):
        sys.stdout.write("".join(f"{verb}\n" for verb in verbs))
        return 0
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        code = _asked(app)
    lines = out.getvalue().splitlines()
    sys.stdout.write("".join(f"{line[len(before) :]}\n" for line in lines if line and line.startswith(before)))
    return code


def _verbs(app: typer.Typer) -> list[str]:
    """Return the verbs that begin so, without what it takes to know their options."""
    begun = os.environ["COMP_WORDS"].split("\n")[1]
    return [name for verb in app.registered_commands if (name := verb.name or "").startswith(begun)]


def _asked(app: typer.Typer) -> int:
    command: Any = get_command(app)
    for verb in command.commands.values():
        for parameter in verb.params:
            if (found := candidates.of(parameter)) is not None:
                parameter.shell_complete = partial(_items, found)
    try:
        command(args=[], prog_name="symcost", standalone_mode=False)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except Exception:  # noqa: BLE001 - a shell shows what is printed in the middle of what people type
        return 1
    return 0


def _items(found: Callable[[Any, str], list[str]], context: Any, incomplete: str) -> list[Any]:
    return [_Item(text) for text in found(context, incomplete) if text.startswith(incomplete)]


def _joined() -> str:
    """Join the words that Bash makes of one, and return what stands in the last before what Bash completes."""
    pieces = os.environ.get("COMP_WORDS", "").split("\n")
    at = int(os.environ.get("COMP_CWORD", "0"))
    words, current = _words(pieces[: at + 1]), pieces[at] if at < len(pieces) else ""
    os.environ["COMP_WORDS"] = "\n".join(words)
    os.environ["COMP_CWORD"] = str(len(words) - 1)
    return words[-1].removesuffix("" if _breaks(current) else current) if words else ""


def _words(pieces: Sequence[str]) -> list[str]:
    words: list[str] = []
    for piece in pieces:
        goes_on = bool(words) and (_breaks(piece) or words[-1][-1:] in (*BREAKS,))
        if goes_on and len(words) > 1:
            words[-1] += piece
        else:
            words.append(piece)
    return words


def _breaks(piece: str) -> bool:
    return bool(piece) and not piece.strip(BREAKS)
