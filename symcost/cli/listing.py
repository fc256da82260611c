"""The verb ``list``."""

from __future__ import annotations

from typing import Annotated

import typer

from symcost.cli.options import AsJson
from symcost.cli.output import give


def listing(
    ops: Annotated[bool, typer.Option("--ops", help="List the ops that specs are made of, and their fields.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the shipped networks, or the ops.

    symcost list --ops
    """
    from symcost.views.listing import listing as networks
    from symcost.views.listing import ops as known

    give(known() if ops else networks(), as_json=as_json)
