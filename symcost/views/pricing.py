"""What conventions count of a network, in a table and sentences."""

from __future__ import annotations

from dataclasses import replace

from symcost.architecture import Architecture
from symcost.comparison.pricing import Pricing
from symcost.table import Table
from symcost.views.answer import Answer, wrapped
from symcost.views.plain import sizes
from symcost.views.sizes import listed


def pricing(network: Architecture, found: Pricing) -> Answer:
    """Return what each convention counts, term by term, and what it charges where they do not agree."""
    lead = [network.name, *([f"at {listed(found.at)}"] if found.at else [])]
    lead += [f"with {listed(network.fixed)}"] if network.fixed else []
    lead += [f"{one.name}, in {one.unit}: {one.about}" for one in found.conventions]
    told = ["where they differ, an op is charged", *found.sentences()] if found.sentences() else ["they count the same"]
    parts: tuple[str | Table, ...] = ("\n".join(map(wrapped, lead)), replace(found.table(), caption=""))
    data = {"schema": 1, "name": network.name, "convention": found.conventions[0].name, **found.to_json()}
    return Answer((*parts, "\n".join(map(wrapped, told))), {**data, "fixed": sizes(network.fixed)})
