"""The verb ``sensitivity``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import METRICS, AsJson, Convention, Depth, Free, Plot, SpecName, Words, names
from symcost.cli.output import give


def sensitivity(
    spec: SpecName,
    words: Words = None,
    metric: Annotated[str, typer.Option(metavar="NAME", help=f"The metric, {METRICS}.")] = "flops",
    by: Annotated[str, typer.Option(metavar="total|block|node|op", help="What a row stands for.")] = "block",
    depth: Depth = 0,
    sizes: Annotated[str, typer.Option("--in", metavar="NAMES", help="The sizes asked about: C,H.")] = "",
    formulas: Annotated[bool, typer.Option("--formulas", help="Show the elasticities as formulas too.")] = False,
    plot: Plot = "",
    change: Annotated[
        str,
        typer.Option(metavar="PART", help="Draw what a change of each size does, such as 1/10.", show_default=False),
    ] = "",
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    """Show how a metric responds to each size, in all and in parts.

    The elasticity in C is by how many percent the metric grows for one percent of C; beside it stands what a step up
    does to the exact number.

        symcost sensitivity resnet50 C=48 --metric macs

    A picture has a bar for each size, of the elasticity or of a change both ways:

        symcost sensitivity vgg16 --metric macs --plot tornado.svg --change 1/10
    """
    from symcost.calculus import sensitivity as respond
    from symcost.cli.files import picture_path, write_picture
    from symcost.cli.question import ask
    from symcost.errors import UsageError
    from symcost.graph.listing import telling_depth
    from symcost.views.sensitivity import sensitivity as answer

    path = picture_path(plot)
    if change and path is None:
        raise UsageError("--change is of a picture; say which file with --plot")
    asked = ask(spec, words, free=names(free), convention=convention)
    levels = depth or telling_depth(asked.cost.graph)
    found = respond(asked.cost, metric, asked.given, by=by, depth=levels, sizes=names(sizes))
    if path is not None:
        write_picture(path, lambda ax: found.draw(ax, change=change or None))
    give(answer(asked.architecture, asked.cost, found, formulas=formulas), as_json=as_json)
