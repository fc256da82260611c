"""The verb ``list``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson
from symcost.cli.output import give


def listing(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="WORD", help="What names or titles hold.", show_default=False)
    ] = None,
    ops: Annotated[bool, typer.Option("--ops", help="List the ops that specs are made of, and their fields.")] = False,
    settings: Annotated[
        bool, typer.Option("--settings", help="List what a network can be trained or served with.")
    ] = False,
    optimizers: Annotated[
        bool, typer.Option("--optimizers", help="List the optimizers, and what each keeps and does.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List networks, ops, settings or optimizers, all or by words.

    symcost list llama 8b
    """
    from symcost.errors import UsageError
    from symcost.views import listing as views
    from symcost.views.optimizers import optimizers as known_optimizers
    from symcost.views.settings import settings as known_settings

    lists = {"--ops": (ops, views.ops), "--settings": (settings, known_settings)}
    lists |= {"--optimizers": (optimizers, known_optimizers)}
    asked = [name for name, (given, _) in lists.items() if given]
    if len(asked) > 1:
        raise UsageError(f"{' and '.join(asked)} are {len(asked)} lists; ask for one")
    view = lists[asked[0]][1] if asked else views.listing
    give(view(words or ()), as_json=as_json)
