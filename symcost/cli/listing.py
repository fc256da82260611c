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
    as_json: AsJson = False,
) -> None:
    """List networks, ops or settings, all or by words.

    symcost list llama 8b
    """
    from symcost.errors import UsageError
    from symcost.views import listing as views
    from symcost.views.settings import settings as known_settings

    if ops and settings:
        raise UsageError("--ops and --settings are two lists; ask for one")
    view = views.ops if ops else known_settings if settings else views.listing
    give(view(words or ()), as_json=as_json)
