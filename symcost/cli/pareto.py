"""The verb ``pareto``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson, Convention, Free, Plot, SpecName, Words, names
from symcost.cli.output import give


def pareto(
    spec: SpecName,
    words: Words = None,
    over: Annotated[
        list[str] | None,
        typer.Option(metavar="AXIS", help="Such as C=16:256:8 or r=1/2,1; may be repeated.", show_default=False),
    ] = None,
    minimize: Annotated[
        list[str] | None,
        typer.Option(metavar="EXPR", help="What is to be small: a metric, or metrics and sizes; may be repeated."),
    ] = None,
    maximize: Annotated[
        list[str] | None, typer.Option(metavar="EXPR", help="What is to be great; may be repeated.")
    ] = None,
    plot: Plot = "",
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Write all points too, as .csv, .json or .parquet.")
    ] = "",
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    r"""Find the designs of a grid that no other design beats.

    A design is on the frontier if no other one is better in one goal and no worse in the others. It is exact. An axis
    is LOW:HIGH, LOW:HIGH:STEP or a list; other sizes may follow it: W=H.

        symcost pareto resnet50 W=H --over C=16:256:8 --over H=128:320:32 \
            --minimize macs --maximize params
    """
    from symcost.cli.files import Files
    from symcost.cli.progress import bar
    from symcost.cli.question import ask
    from symcost.errors import UsageError
    from symcost.frontier import pareto as frontier
    from symcost.solver.grid import axis_names
    from symcost.solver.objective import Objective
    from symcost.views.answer import Answer

    goals = [
        *(Objective(text) for text in minimize or ()),
        *(Objective(text, maximize=True) for text in maximize or ()),
    ]
    if not over or not goals:
        raise UsageError("pareto takes a grid and goals, as in --over C=16:256:8 --minimize macs --maximize params")
    files = Files.of(plot, output, len(goals))
    asked = ask(spec, words, free=names(free), unknowns=axis_names(over), convention=convention)
    with bar("designs") as shown:
        watch = None if shown is None else lambda survey: shown(survey.seen, survey.question.size)
        found = frontier(asked.architecture, goals, over, asked.given, convention=convention, watch=watch)
    files.write(found)
    give(Answer(tuple(str(found).split("\n\n")), found.to_json()), as_json=as_json)
