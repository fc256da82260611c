"""Run a command line to its exit code, whatever happens on the way."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from traceback import extract_tb
from typing import Any

import typer

from symcost.cli.app import app
from symcost.cli.letters import show_all
from symcost.cli.own_ops import places as own_places
from symcost.cli.progress import busy
from symcost.errors import SymcostError, printable, quoted

USAGE, INTERNAL, INPUT_OUTPUT, INTERRUPTED = 2, 70, 74, 130
"""Exit codes besides 0, done, and those that errors carry: 1, the answer is no, and 3, a spec is not one."""
COMPLETION = "_SYMCOST_COMPLETE"
"""The variable by which shells ask for candidates instead."""
_MEANT = re.compile(r"\.? (?:Did you mean (.*)\?|\(Possible options: (.*)\))$")
"""How Click says what may have been meant."""
_VERBLESS = re.compile(r"No such command '(\S{1,99})'(?:; did you mean .*)?")
"""How Click says that a word is no verb."""
_click: Any = import_module(typer.BadParameter.__module__)  # typer brings its own click, or uses that of the system


def main(args: Sequence[str] | None = None) -> int:
    """Run a command line, by default that of the process, and return its exit code."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looking for some takes as long as the answer
    if sys.stdout is None:
        return INPUT_OUTPUT
    for stream in (sys.stdout, sys.stderr):
        show_all(stream)
    try:
        return _run(args)
    except SymcostError as error:
        return _end(str(error), error.exit_code)
    except _click.ClickException as error:
        return _end(_usage(error), USAGE)
    except (KeyboardInterrupt, typer.Abort):
        return _end("interrupted", INTERRUPTED)
    except OSError as error:
        return _end(f"cannot go on: {error}", INPUT_OUTPUT)
    except RecursionError:
        return _end("the question nests too deep to be answered", USAGE)
    except Exception as error:  # noqa: BLE001 - people are shown a line, not a traceback
        return _end(*_fault(error))


def _run(args: Sequence[str] | None) -> int:
    if COMPLETION in os.environ:
        from symcost.cli.completion import complete

        return complete(app)
    with busy():
        return app(args=args, prog_name="symcost", standalone_mode=False) or 0


def _end(message: str, code: int) -> int:
    sys.stderr.write(f"{message}\n")
    return code


def _usage(error: Any) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "symcost"
    message = printable(" ".join(error.format_message().split())).rstrip(".")
    early = "; it stands before the verb" if getattr(error, "option_name", "") == "--ops" else ""
    message = _MEANT.sub(_meant, message)
    if (verbless := _VERBLESS.fullmatch(message)) and _is_spec(verbless[1]):
        return f"a verb stands before the network, as in `symcost report {verbless[1]}`; see `symcost --help`"
    return f"{path}: {message}{early}; see `{path} --help`"


def _is_spec(word: str) -> bool:
    from symcost.spec.shipped import find_shipped

    return word.endswith((".yaml", ".yml", ".json")) or find_shipped(word) is not None


def _meant(said: re.Match[str]) -> str:
    words = re.findall(r"[\w-]+", said[1] or said[2])
    return f"; did you mean {' or '.join(map(quoted, words))}?"


def _fault(error: Exception) -> tuple[str, int]:
    """Return what to say of a fault, and the exit code: one in an op of the user's own is for the user to mend."""
    said, frames = f"{type(error).__name__}: {error}", extract_tb(error.__traceback__)
    if own := own_places(frames):
        return printable(f"{own[-1]}: in an op of your own: {said}"), USAGE
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return printable(f"a fault of symcost, please report it: {said}{place}"), INTERNAL
