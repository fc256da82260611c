"""The verb ``export``."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from symcost.cli.options import Convention, Free, Metrics, SpecName, Words, names
from symcost.cli.output import write

if TYPE_CHECKING:
    from symcost.cli.question import Question


def _html(asked: Question, metrics: tuple[str, ...]) -> str:
    from symcost.explorer.page import page

    return page(asked.architecture, metrics, asked.given, convention=asked.convention)


@dataclass(frozen=True)
class Format:
    """What a network can be written as.

    Attributes:
        make: writes it, with these metrics where it shows any.
        on_terminal: whether people read it as it is; what they do not goes into a file.
    """

    make: Callable[[Question, tuple[str, ...]], str]
    on_terminal: bool = True


FORMATS = {
    "html": Format(_html, on_terminal=False),
}


def export(
    spec: SpecName,
    words: Words = None,
    to: Annotated[str, typer.Option("--to", metavar="|".join(FORMATS), help="What to write.", show_default=False)] = "",
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where to; - for standard output. On a terminal, a page goes into NAME.html unless that is there.",
        ),
    ] = "",
    metric: Metrics = None,
    free: Free = "",
    convention: Convention = "symcost",
) -> None:
    """Write a network as a document of its own.

    html is a page with its formulas, sliders, break-down and budgets, in one file that needs no network and no server.
    The values given are where its sliders start.

        symcost export resnet50 H=256 W=256 --to html > resnet50.html
    """
    from symcost.cli.files import place
    from symcost.cli.question import answered, ask
    from symcost.errors import UsageError, did_you_mean, quoted

    if to not in FORMATS:
        known = f"export writes {' or '.join(FORMATS)}, as in --to {next(iter(FORMATS))}"
        raise UsageError(f"there is no format {quoted(to)}{did_you_mean(to, FORMATS, f'; {known}')}" if to else known)
    path = place("--output", output) if output not in ("", "-") else None
    asked = ask(spec, words, free=names(free), convention=convention)
    if not output and sys.stdout.isatty() and not FORMATS[to].on_terminal:
        path = _beside(asked.architecture.name, to)
    text = answered(asked, lambda question: FORMATS[to].make(question, tuple(metric or ())))
    if path is None:
        write(text)
    else:
        _put(path, text.encode())


def _beside(name: str, to: str) -> Path:
    """Return a file that is not there yet, named for a network.

    Raises:
        UsageError: it is there.
    """
    from symcost.errors import UsageError

    path = Path(f"{re.sub(r'[^A-Za-z0-9_-]+', '-', name).strip('-') or 'network'}.{to}")
    if path.exists():
        raise UsageError(f"{path} is there already: -o {path} replaces it, -o FILE writes another, -o - prints it")
    return path


def _put(path: Path, content: bytes) -> None:
    from symcost.cli.files import replace

    replace(path, content)
    sys.stderr.write(f"wrote {path}, {len(content) / 1000:.0f} kB\n")
