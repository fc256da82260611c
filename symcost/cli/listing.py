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
    as_json: AsJson = False,
) -> None:
    """List the shipped networks or ops that words describe, or all.

    symcost list llama 8b
    """
    from symcost.views.listing import listing as networks
    from symcost.views.listing import ops as known

    give(known(words or ()) if ops else networks(words or ()), as_json=as_json)
