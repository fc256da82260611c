"""The verb ``report``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson, Convention, Depth, Free, Metrics, SpecName, Words, names
from symcost.cli.output import give


def report(
    spec: SpecName,
    words: Words = None,
    metric: Metrics = None,
    by: Annotated[str, typer.Option(metavar="block|node|op", help="What a row stands for.")] = "block",
    depth: Depth = 0,
    formulas: Annotated[
        bool, typer.Option("--formulas", help="Show the formula of each row, of what shares are of.")
    ] = False,
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    """Break a network's cost down at given sizes.

    symcost report resnet50 H=256 W=256 --by op --metric params --metric macs
    """
    from symcost.cli.question import ask
    from symcost.views.report import broken_down

    asked = ask(spec, words, free=names(free), convention=convention)
    network, cost, sizes = asked.architecture, asked.cost, asked.sizes()
    found = broken_down(network, cost, sizes, by=by, depth=depth, names=metric or (), formulas=formulas)
    give(found, as_json=as_json)
