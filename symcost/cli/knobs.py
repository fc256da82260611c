"""The verb ``knobs``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import METRICS, AsJson, Convention, Free, SpecName, Words, names
from symcost.cli.output import give


def knobs(
    spec: SpecName,
    words: Words = None,
    cut: Annotated[str, typer.Option(metavar="NAME", help=f"The metric to bring down, {METRICS}.")] = "macs",
    by: Annotated[str, typer.Option(metavar="PART", help="By which part of itself: 1/10 or 10%.")] = "10%",
    keep: Annotated[str, typer.Option(metavar="NAME", help="The metric to lose least of.")] = "params",
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    """Show which size cuts one metric at the least loss of another.

    Each size is taken alone, at the value that is proved to be the nearest that cuts enough.

        symcost knobs resnet50 --cut macs --by 10% --keep params
    """
    from symcost.calculus import knobs as turn
    from symcost.cli.question import ask
    from symcost.views.knobs import knobs as answer

    asked = ask(spec, words, free=names(free), convention=convention)
    found = turn(asked.cost, cut, by, keep, asked.given)
    if not found.found:
        found.cheapest  # noqa: B018 - says that there is none
    give(answer(asked.architecture, asked.cost, found), as_json=as_json)
