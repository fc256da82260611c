"""Designs of equal budgets, in tables and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.optimum import Iso
from symcost.views.answer import Answer, assumed, data, heading
from symcost.views.plain import units


def iso(architecture: Architecture, cost: Cost, found: Sequence[Iso]) -> Answer:
    """Return a table for each curve.

    Args:
        architecture: what is costed.
        cost: its cost.
        found: curves of the same two sizes, of which there is one.
    """
    first = found[0]
    metrics = list(dict.fromkeys(budget.metric for curve in found for budget in curve.budgets))
    lead = heading(architecture, cost, first.at, metrics)  # type: ignore[arg-type]
    whole = {
        "along": first.along,
        "largest": first.largest,
        "units": units(cost, metrics),
        "curves": [_curve(curve) for curve in found],
    }
    tables = [curve.table() for curve in found]
    return Answer((lead, *tables, *assumed(cost)), data(architecture, cost, first.at, whole))


def _curve(curve: Iso) -> dict[str, Any]:
    return {
        "budgets": [budget.text for budget in curve.budgets],
        "designs": [
            {
                curve.along: str(design[curve.along]),
                curve.largest: str(design[curve.largest]),
                "value": {n: str(x) for n, x in design.items() if n not in (curve.along, curve.largest)},
            }
            for design in curve.designs
        ],
        "without": [str(value) for value in curve.without],
    }
