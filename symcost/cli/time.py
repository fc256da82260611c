"""The verb ``time``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson, Convention, Free, Plot, SpecName, Words, ends, names
from symcost.cli.output import give


def time(
    spec: SpecName,
    words: Words = None,
    most: Annotated[int, typer.Option(min=1, metavar="N", help="Kernels to show, those that take longest.")] = 20,
    size: Annotated[
        str, typer.Option("--in", metavar="NAME", help="A size: for which values computing bounds each kernel.")
    ] = "",
    between: Annotated[str, typer.Option(metavar="LOW:HIGH", help="Values of that size to look at.")] = "",
    plot: Plot = "",
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    """Show the time of a pass on a device, and what bounds it.

    Each kernel takes as long as computing or as moving its bytes, whichever is longer:

        symcost time resnet50 B=64 device=h100 precision=bf16 --in B
    """
    from symcost.cli.files import picture_path, write_picture
    from symcost.cli.question import ask
    from symcost.kernels import roofline
    from symcost.views.time import time as answer

    path = picture_path(plot)
    asked = ask(spec, words, free=names(free), convention=convention)
    found = roofline(asked.cost, asked.given)
    regions = found.regions(size, ends(between)) if size else ()
    if path is not None:
        write_picture(path, found.draw)
    give(answer(asked.architecture, asked.cost, found, most, regions), as_json=as_json)
