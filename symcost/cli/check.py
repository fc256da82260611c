"""The verb ``check``."""

from __future__ import annotations

import typer

from symcost.cli.options import AsJson, SpecName, Words
from symcost.cli.output import give


def check(spec: SpecName, words: Words = None, as_json: AsJson = False) -> None:
    """Check a spec, and all variants of a family.

    It is sound if it draws a network, and if that network takes the default sizes.

        symcost check resnet
    """
    from symcost.cli.question import ask_network
    from symcost.views.check import check as answer

    found, ok = answer(ask_network(spec, words))
    give(found, as_json=as_json)
    if not ok:
        raise typer.Exit(1)
