"""Which size brings a metric down at the least loss of another, in a table and sentences."""

from __future__ import annotations

from symcost.architecture import Architecture
from symcost.calculus.trade import Knobs
from symcost.cost import Cost
from symcost.solver.amounts import digits
from symcost.table import Table
from symcost.views.answer import Answer, assumed, data, heading, wrapped

READING = (
    "each size alone, at the nearest value that cuts enough, which is proved; rate is what is lost in percent for one "
    "percent less, to begin with"
)


def knobs(architecture: Architecture, cost: Cost, found: Knobs) -> Answer:
    """Return the sizes that can cut enough, the cheapest first, and why the others cannot."""
    before = ", ".join(
        f"{digits(value)} {cost.units(m)}" for m, value in zip((found.cut, found.keep), found.values, strict=True)
    )
    notes = (f"before: {before}", READING, *found.sentences(), *assumed(cost))
    lead = heading(architecture, cost, found.at, (found.cut, found.keep))
    parts: tuple[str | Table, ...] = (lead, found.table(), "\n".join(map(wrapped, notes)))
    return Answer(parts, data(architecture, cost, found.at, found.to_json()))
