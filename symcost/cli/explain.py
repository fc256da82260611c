"""The verb ``explain``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson, Convention, Free, SpecName, Words, names
from symcost.cli.output import give


def explain(
    spec: SpecName,
    node: Annotated[
        str,
        typer.Argument(
            metavar="NODE", help="The name of a node, as in `symcost report SPEC --by node`.", show_default=False
        ),
    ],
    words: Words = None,
    free: Free = "",
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    """Explain one node: its law, its shapes, its cost.

    symcost explain resnet50 stage_2.block.unit.conv2d H=256
    """
    from symcost.cli.question import ask
    from symcost.views.explanation import explain as answer

    asked = ask(spec, words, free=names(free), convention=convention)
    give(answer(asked.architecture, asked.cost, asked.sizes(), node), as_json=as_json)
