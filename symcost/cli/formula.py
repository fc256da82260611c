"""The verb ``formula``."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from symcost.cli.options import AsJson, Convention, Free, SpecName, Words, names
from symcost.cli.output import write

Notation = Literal["text", "latex", "python", "c", "js", "json"]


def formula(
    spec: SpecName,
    words: Words = None,
    metric: Annotated[str, typer.Option(metavar="NAME", help="The metric.")] = "macs",
    view: Annotated[Literal["exact"], typer.Option(help="Exact: with floors, for all sizes.")] = "exact",
    notation: Annotated[Notation, typer.Option("--format", help="The notation, for people or programs.")] = "text",
    collect: Annotated[str, typer.Option(metavar="NAMES", help="Symbols to factor out: B,C.")] = "",
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    """Show a metric as a formula; values given are put into it."""
    from symcost.cli.question import ask
    from symcost.views.formula import formula as answer

    asked = ask(spec, words, free=names(free), convention=convention, fix=True)
    write(answer(asked.cost, metric, "json" if as_json else notation, names(collect)))
