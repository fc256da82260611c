"""The verb ``sensitivity``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import METRICS, AsJson, Convention, Depth, Free, SpecName, Words, names
from symcost.cli.output import give


def sensitivity(
    spec: SpecName,
    words: Words = None,
    metric: Annotated[str, typer.Option(metavar="NAME", help=f"The metric, {METRICS}.")] = "flops",
    by: Annotated[str, typer.Option(metavar="total|block|node|op", help="What a row stands for.")] = "block",
    depth: Depth = 0,
    sizes: Annotated[str, typer.Option("--in", metavar="NAMES", help="The sizes asked about: C,H.")] = "",
    formulas: Annotated[bool, typer.Option("--formulas", help="Show the elasticities as formulas too.")] = False,
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    """Show how a metric responds to each size, in all and in parts.

    The elasticity in C is by how many percent the metric grows for one percent of C; beside it stands what a step up
    does to the exact number.

        symcost sensitivity resnet50 C=48 --metric macs
    """
    from symcost.calculus import sensitivity as respond
    from symcost.cli.question import ask
    from symcost.graph.listing import telling_depth
    from symcost.views.sensitivity import sensitivity as answer

    asked = ask(spec, words, free=names(free), convention=convention)
    levels = depth or telling_depth(asked.cost.graph)
    found = respond(asked.cost, metric, asked.given, by=by, depth=levels, sizes=names(sizes))
    give(answer(asked.architecture, asked.cost, found, formulas=formulas), as_json=as_json)
