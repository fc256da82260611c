"""The verb ``report``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson, Convention, Depth, Free, Metrics, Plot, SpecName, Words, names
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
    plot: Plot = "",
    kind: Annotated[
        str, typer.Option("--as", metavar="bars|treemap", help="Draw shares of all metrics, or areas of one.")
    ] = "bars",
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    """Break a network's cost down at given sizes.

    symcost report resnet50 H=256 W=256 --by op --metric params --metric macs

    A picture has bars of shares, or areas of one metric:

        symcost report resnet50 --metric flops --plot resnet50.svg --as treemap
    """
    from symcost.cli.files import picture_path, write_picture
    from symcost.cli.question import ask
    from symcost.picture.breakdown import check_kind
    from symcost.views.report import broken_down

    check_kind(kind)
    path = picture_path(plot)

    asked = ask(spec, words, free=names(free), convention=convention)
    network, cost, sizes = asked.architecture, asked.cost, asked.sizes()
    found = broken_down(network, cost, sizes, by=by, depth=depth, names=metric or (), formulas=formulas)
    if path is not None:
        write_picture(path, lambda ax: found.draw(ax, kind=kind))
    give(found, as_json=as_json)
