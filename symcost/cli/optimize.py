"""The verb ``optimize``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson, Convention, Free, SpecName, Words, names
from symcost.cli.output import give


def optimize(
    spec: SpecName,
    words: Words = None,
    over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="UNKNOWNS", help="Such as 'C=16:256:8, L1=1:8, r=1,2,4, H'; may be repeated.", show_default=False
        ),
    ] = None,
    maximize: Annotated[
        str | None, typer.Option(metavar="EXPR", help="What is to be greatest: metrics and sizes.", show_default=False)
    ] = None,
    minimize: Annotated[
        str | None, typer.Option(metavar="EXPR", help="What is to be least, in its place.", show_default=False)
    ] = None,
    budget: Annotated[
        list[str] | None, typer.Option(metavar="BUDGET", help="Such as 'macs <= 2G'; may be repeated.")
    ] = None,
    time_limit: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", min=0, help="When to stop with the best found and a proven bound."),
    ] = None,
    ties: Annotated[int, typer.Option(min=1, metavar="N", help="How many equally good designs to list.")] = 10,
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    r"""Find the best design over several symbols within budgets.

    It is exact. Values of an unknown are LOW:HIGH, LOW:HIGH:STEP, a list, or what its spec declares; budgets may end
    it. Other sizes may follow unknowns: W=H.

        symcost optimize resnet50 W=H --over 'C=16:256:8, H=32:512:32' \
            --maximize C*H --budget 'macs <= 4G'
    """
    from symcost.cli.progress import watched
    from symcost.cli.question import ask
    from symcost.errors import UsageError
    from symcost.optimum import optimize as best
    from symcost.optimum.over import read_over
    from symcost.views.answer import Answer, data, wrapped
    from symcost.views.plain import units

    if not over:
        raise UsageError("optimize takes unknowns, as in --over 'C=16:256:8, L1=1:8' --maximize 'C*L1'")
    grids = read_over(over)
    asked = ask(spec, words, free=names(free), unknowns=tuple(grids), convention=convention)
    with watched() as watch:
        found = best(
            asked.cost,
            grids,
            maximize=maximize,
            minimize=minimize,
            budgets=budget or (),
            at=asked.given,
            time_limit=time_limit,
            ties=ties,
            watch=watch,
        )
    whole = data(
        asked.architecture, asked.cost, found.at, {**found.to_json(), "units": units(asked.cost, found.metrics)}
    )
    give(Answer(tuple(map(wrapped, str(found).splitlines())), whole), as_json=as_json)
