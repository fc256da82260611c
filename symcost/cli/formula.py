"""The verb ``formula``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import METRICS, AsJson, Convention, Free, SpecName, Words, names
from symcost.cli.output import write

VIEWS = "exact|divisible|smooth"
NOTATIONS = "text|latex|mathml|python|c|js|json"


def formula(
    spec: SpecName,
    words: Words = None,
    metric: Annotated[str, typer.Option(metavar="NAME", help=f"The metric, {METRICS}.")] = "macs",
    view: Annotated[
        str,
        typer.Option(metavar=VIEWS, help="With floors; as a polynomial, where sizes divide; or that for all sizes."),
    ] = "exact",
    notation: Annotated[str, typer.Option("--format", metavar=NOTATIONS, help="For people or programs.")] = "text",
    collect: Annotated[str, typer.Option(metavar="NAMES", help="Symbols to put before brackets: B,C.")] = "",
    factor: Annotated[bool, typer.Option("--factor", help="Take out what terms share, and factor the rest.")] = False,
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    """Show a metric as a formula, values put into it.

    For people it can be collected and factored: symcost formula unet --factor --collect B,C --format latex
    """
    from symcost.cli.question import ask_formulas
    from symcost.views.formula import formula as answer

    cost = ask_formulas(spec, words, free=names(free), convention=convention)
    shown = answer(cost, metric, view=view, collect=names(collect), factor=factor)
    write(shown.to("json" if as_json else notation))
