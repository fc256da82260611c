"""The verb ``formula``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from symcost.cli.letters import shows
from symcost.cli.options import METRICS, AsJson, Convention, Free, SpecName, Words, names
from symcost.cli.output import give_text, write

VIEWS = "exact|divisible|smooth"
NOTATIONS = "text|latex|mathml|python|numpy|c|js|json"


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
    alias: Annotated[
        list[str] | None, typer.Option(metavar="NAME=EXPR", help="A name for a part: E=D*h; may be repeated.")
    ] = None,
    name_sizes: Annotated[bool, typer.Option("--name-sizes", help="Give floors and roundings short names.")] = False,
    leading: Annotated[int | None, typer.Option(metavar="N", help="Show the N largest terms at the defaults.")] = None,
    leading_in: Annotated[str, typer.Option(metavar="NAME", help="Show the terms of highest degree in NAME.")] = "",
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    """Show a metric as a formula, for people or as a program.

    Values are put into it. People may have it collected, factored, in names of their own, or its largest terms alone:

        symcost formula gpt2 --alias N=B*T --collect N --factor

        symcost formula alexnet --name-sizes --leading 5 --format latex

    A program is exact:

        symcost formula resnet50 --format numpy
    """
    from symcost.cli.question import ask_formulas
    from symcost.errors import UsageError
    from symcost.views.formula import formula as answer
    from symcost.views.names import pairs

    cost = ask_formulas(spec, words, free=names(free), convention=convention)
    if as_json and notation not in ("text", "json"):
        raise UsageError(f"--json and --format {notation} are two notations; give one")
    if leading is not None and leading_in:
        raise UsageError("the largest terms and those of the highest degree are two questions; ask one")
    if leading is not None and leading < 1:
        raise UsageError(f"the number of terms to show is at least 1, got {leading}")
    shown = answer(
        cost,
        metric,
        view=view,
        collect=names(collect),
        factor=factor,
        alias=dict(pairs(alias or [])),
        name_sizes=name_sizes,
        leading=leading_in or leading or 0,
    )
    text = shown.to("json" if as_json else notation)
    if notation == "mathml" and not shows(sys.stdout, text):
        text = text.encode("ascii", "xmlcharrefreplace").decode()
    (give_text if notation == "text" and not as_json else write)(text)
