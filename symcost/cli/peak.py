"""The verb ``peak``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson, Free, SpecName, Words, names
from symcost.cli.output import give


def peak(
    spec: SpecName,
    words: Words = None,
    size: Annotated[
        str, typer.Option("--in", metavar="NAME", help="A size: each branch's derivative, and which is largest where.")
    ] = "",
    free: Free = "",
    as_json: AsJson = False,
) -> None:
    """Show peak memory: while which node, of what, and as formulas.

    symcost peak resnet50 B=8 --in H
    """
    from symcost.cli.question import ask
    from symcost.memory import peak as find
    from symcost.views.peak import peak as answer

    asked = ask(spec, words, free=names(free))
    give(answer(asked.architecture, asked.cost, find(asked.cost, asked.given), size), as_json=as_json)
