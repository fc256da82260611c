"""How a cost grows, in a table and sentences."""

from __future__ import annotations

from symcost.architecture import Architecture
from symcost.calculus.asymptotic import Asymptotics
from symcost.cost import Cost
from symcost.table import Table
from symcost.views.answer import Answer, assumed, data, heading, wrapped


def asymptotics(architecture: Architecture, cost: Cost, found: Asymptotics) -> Answer:
    """Return the terms of a cost by how fast they grow, and the limit of the cost per unit."""
    sentences = "\n".join(map(wrapped, found.sentences()))
    parts: tuple[str | Table, ...] = (
        heading(architecture, cost, found.at, (found.what, found.per)),
        found.table(),
        sentences,
        *assumed(cost),
    )
    return Answer(parts, data(architecture, cost, found.at, found.to_json()))
