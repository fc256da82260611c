"""The verb ``iso``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson, Convention, Free, Plot, SpecName, Words, names
from symcost.cli.output import give


def iso(
    spec: SpecName,
    words: Words = None,
    along: Annotated[
        str, typer.Option(metavar="AXIS", help="The size to go along, such as L3=2:24:2.", show_default=False)
    ] = "",
    largest: Annotated[
        str, typer.Option(metavar="AXIS", help="The other size, such as C or C=8::8.", show_default=False)
    ] = "",
    budget: Annotated[
        list[str] | None,
        typer.Option(metavar="BUDGET", help="Such as 'macs <= 2G' or two joined by 'and'; repeated, a curve each."),
    ] = None,
    plot: Plot = "",
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    r"""Show how large one size can be along another in a budget.

    It is exact, at every value; each budget is a curve of its own:

        symcost iso resnet50 --along L3=2:24:2 --largest C=8::8 \
            --budget 'macs <= 2G' --budget 'macs <= 4G'
    """
    from symcost.cli.files import picture_path, write_picture
    from symcost.cli.question import ask
    from symcost.errors import UsageError
    from symcost.optimum import iso as curve
    from symcost.optimum.over import read_over
    from symcost.solver.grid import axis_names
    from symcost.views.iso import iso as answer

    if not (along and largest and budget):
        raise UsageError("iso takes two sizes and budgets, as in --along L3=2:24:2 --largest C --budget 'macs <= 4G'")
    path = picture_path(plot)
    unknowns = (*axis_names(along), *read_over(largest))
    asked = ask(spec, words, free=names(free), unknowns=unknowns, convention=convention)
    found = [curve(asked.cost, along, largest, text.split(" and "), asked.given) for text in budget]
    if path is not None:
        write_picture(path, lambda ax: found[0].draw(ax, beside=found[1:]))
    give(answer(asked.architecture, asked.cost, found), as_json=as_json)
