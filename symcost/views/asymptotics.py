"""How a cost grows, in a table and sentences."""

from __future__ import annotations

from typing import Any

from symcost.architecture import Architecture
from symcost.calculus.asymptotic import Asymptotics
from symcost.cost import Cost
from symcost.table import Table
from symcost.views.answer import Answer, assumed, heading, wrapped
from symcost.views.plain import sizes


def asymptotics(architecture: Architecture, cost: Cost, found: Asymptotics) -> Answer:
    """Return the terms of a cost by how fast they grow, and the limit of the cost per unit."""
    sentences = "\n".join(map(wrapped, found.sentences()))
    parts: tuple[str | Table, ...] = (heading(architecture, cost, found.at), found.table(), sentences, *assumed(cost))
    return Answer(parts, _data(architecture, found))


def _data(architecture: Architecture, found: Asymptotics) -> dict[str, Any]:
    lead = {"schema": 1, "name": architecture.name, "fixed": sizes(architecture.fixed)}
    return {**lead, **found.to_json(), "bindings": sizes(found.at)}
