"""Where one amount overtakes another as a size grows, in sentences and a table."""

from __future__ import annotations

from symcost.architecture import Architecture
from symcost.calculus.crossing import Crossover
from symcost.cost import Cost
from symcost.views.answer import Answer, assumed, data, heading, wrapped


def crossover(architecture: Architecture, cost: Cost, found: Crossover) -> Answer:
    """Return the crossing as a formula, and every range of values with one relation."""
    ranges = "\n".join(map(wrapped, found.ranges()))
    lead = heading(architecture, cost, found.at, found.names)
    parts = (lead, wrapped(found.formula()), ranges, *assumed(cost))
    return Answer(parts, data(architecture, cost, found.at, found.to_json()))
