"""The verb ``list``."""

from __future__ import annotations

from symcost.cli.options import AsJson
from symcost.cli.output import give


def listing(as_json: AsJson = False) -> None:
    """List the shipped networks."""
    from symcost.views.listing import listing as answer

    give(answer(), as_json=as_json)
