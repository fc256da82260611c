"""Where one amount overtakes another as a size grows, in sentences and a table."""

from __future__ import annotations

from typing import Any

from symcost.architecture import Architecture
from symcost.calculus.crossing import Crossover
from symcost.cost import Cost
from symcost.views.answer import Answer, assumed, heading, wrapped
from symcost.views.plain import sizes


def crossover(architecture: Architecture, cost: Cost, found: Crossover) -> Answer:
    """Return the crossing as a formula, and every range of values with one relation."""
    ranges = "\n".join(map(wrapped, found.ranges()))
    lead = heading(architecture, cost, found.at)
    return Answer((lead, wrapped(found.formula()), ranges, *assumed(cost)), _data(architecture, cost, found))


def _data(architecture: Architecture, cost: Cost, found: Crossover) -> dict[str, Any]:
    lead = {"schema": 1, "name": architecture.name, "convention": cost.convention.name}
    lead |= {"fixed": sizes(architecture.fixed)}
    return {**lead, **found.to_json(), "bindings": sizes(found.at)}
