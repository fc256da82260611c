"""The verb ``reconcile``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson, Convention, SpecName, Words
from symcost.cli.output import give


def reconcile(
    spec: SpecName,
    figure: Annotated[str, typer.Argument(metavar="'METRIC = NUMBER'", help="As printed.", show_default=False)],
    words: Words = None,
    every: Annotated[bool, typer.Option("--all", help="Show what takes more changes than necessary, too.")] = False,
    convention: Convention = "symcost",
    as_json: AsJson = False,
) -> None:
    """Say which convention, variant or size gives a printed figure.

    Every combination is tried; where none gives the number, the answer is no, with what comes nearest:

    symcost reconcile resnet50 'macs = 3.8G'
    """
    from symcost.cli.progress import bar
    from symcost.cli.question import known, read, read_words
    from symcost.reconciliation import reconcile as search
    from symcost.views.reconciliation import reconciliation as answer

    given = read_words(words or ())
    network = known(read(spec), tuple(given))
    with bar("networks") as watch:
        found = search(network, figure, at=given, convention=convention, watch=watch)
    found.needed()
    give(answer(network, found, every=every), as_json=as_json)
