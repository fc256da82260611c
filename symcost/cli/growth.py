"""The verb ``growth``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import METRICS, AsJson, Convention, Free, Plot, SpecName, Words, names
from symcost.cli.output import give


def growth(
    spec: SpecName,
    words: Words = None,
    metric: Annotated[str, typer.Option(metavar="NAME", help=f"The metric, {METRICS}.")] = "flops",
    along: Annotated[
        str,
        typer.Option("--in", metavar="AXIS", help="The size that grows, such as H=32:512 or H.", show_default=False),
    ] = "",
    plot: Plot = "",
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    """Show a metric along one size: exact, as a polynomial, smooth.

    Other sizes may follow it: W=H. Without values it goes from an eighth of its default to eight times that:

        symcost growth resnet50 W=H --metric macs --in H=32:512 --plot growth.svg
    """
    from symcost.cli.files import picture_path, write_picture
    from symcost.cli.question import ask
    from symcost.errors import UsageError
    from symcost.growing import growth as grow
    from symcost.views.growth import growth as answer

    if not along:
        raise UsageError("growth takes a size, as in --in H=32:512")
    path = picture_path(plot)
    asked = ask(spec, words, free=names(free), unknowns=(along.partition("=")[0].strip(),), convention=convention)
    found = grow(asked.cost, metric, along, asked.given)
    if path is not None:
        write_picture(path, found.draw)
    give(answer(asked.architecture, asked.cost, found), as_json=as_json)
