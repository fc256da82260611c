"""The verb ``formula``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import METRICS, AsJson, Convention, Free, SpecName, Words, names
from symcost.cli.output import write

VIEWS = "exact|divisible|smooth"
NOTATIONS = "text|latex|python|c|js|json"


def formula(
    spec: SpecName,
    words: Words = None,
    metric: Annotated[str, typer.Option(metavar="NAME", help=f"The metric, {METRICS}.")] = "macs",
    view: Annotated[
        str,
        typer.Option(metavar=VIEWS, help="With floors; as a polynomial, where sizes divide; or that for all sizes."),
    ] = "exact",
    notation: Annotated[str, typer.Option("--format", metavar=NOTATIONS, help="For people or programs.")] = "text",
    collect: Annotated[str, typer.Option(metavar="NAMES", help="Symbols to factor out: B,C.")] = "",
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    """Show a metric as a formula, values put into it."""
    from symcost.cli.question import ask_formulas
    from symcost.views.formula import formula as answer

    cost = ask_formulas(spec, words, free=names(free), convention=convention)
    write(answer(cost, metric, "json" if as_json else notation, names(collect), view))
