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
    from symcost.graph import Graph


@dataclass(frozen=True)
class Wanted:
    """What is wanted of a document.

    Attributes:
        metrics: that a page shows.
        depth: how many levels of blocks a drawing tells apart; 0 chooses.
        shapes: whether its arrows say what goes along them.
    """

    metrics: tuple[str, ...] = ()
    depth: int = 0
    shapes: bool = False


def _html(asked: Question, wanted: Wanted) -> str:
    from symcost.explorer.page import page

    return page(asked.architecture, wanted.metrics, asked.given, convention=asked.convention)


def _mermaid(asked: Question, wanted: Wanted) -> str:
    return _drawn(asked).to_mermaid(wanted.depth, shapes=wanted.shapes)


def _dot(asked: Question, wanted: Wanted) -> str:
    return _drawn(asked).to_dot(wanted.depth, shapes=wanted.shapes)


def _drawn(asked: Question) -> Graph:
    """Return the graph with the values given put in."""
    return asked.architecture.fix(**asked.given).graph()


@dataclass(frozen=True)
class Format:
    """What a network can be written as.

    Attributes:
        make: writes it.
        on_terminal: whether people read it as it is; what they do not goes into a file.
        drawing: whether it is of the graph, and not of its cost.
    """

    make: Callable[[Question, Wanted], str]
    on_terminal: bool = True
    drawing: bool = False


FORMATS = {
    "html": Format(_html, on_terminal=False),
    "mermaid": Format(_mermaid, drawing=True),
    "dot": Format(_dot, drawing=True),
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
    depth: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help="How many levels of blocks a drawing tells apart; 0 chooses, 99 shows all ops."
        ),
    ] = 0,
    shapes: Annotated[bool, typer.Option("--shapes", help="Write shapes on a drawing's arrows, too.")] = False,
    free: Free = "",
    convention: Convention = "symcost",
) -> None:
    """Write a network as a document of its own.

    html is a page with its formulas, sliders, break-down and budgets, in one file that needs no network and no server.
    The values given are where its sliders start.

        symcost export resnet50 H=256 W=256 --to html > resnet50.html

    mermaid and dot are drawings of the network as text: for Markdown on GitHub and GitLab, and for Graphviz.

        symcost export gpt2 --to mermaid

        symcost export resnet50 --depth 3 --to dot > resnet50.dot
    """
    from symcost.cli.files import place
    from symcost.cli.question import answered, ask
    from symcost.errors import UsageError, did_you_mean, quoted

    if to not in FORMATS:
        *others, last = FORMATS
        known = f"export writes {', '.join(others)} or {last}, as in --to {others[0]}"
        raise UsageError(f"there is no format {quoted(to)}{did_you_mean(to, FORMATS, f'; {known}')}" if to else known)
    if (depth or shapes) and not FORMATS[to].drawing:
        raise UsageError(f"--depth and --shapes are of drawings, as in --to mermaid, and --to {to} is none")
    path = place("--output", output) if output not in ("", "-") else None
    asked = ask(spec, words, free=names(free), convention=convention)
    if not output and sys.stdout.isatty() and not FORMATS[to].on_terminal:
        path = _beside(asked.architecture.name, to)
    text = answered(asked, lambda question: FORMATS[to].make(question, Wanted(tuple(metric or ()), depth, shapes)))
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
    from symcost.errors import printable

    replace(path, content)
    sys.stderr.write(f"wrote {printable(str(path))}, {len(content) / 1000:.0f} kB\n")
