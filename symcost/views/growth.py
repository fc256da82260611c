"""A metric along one size, in a table and for programs."""

from __future__ import annotations

from dataclasses import replace

from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.growing import Growth
from symcost.views.answer import Answer, assumed, data, heading, wrapped


def growth(architecture: Architecture, cost: Cost, found: Growth) -> Answer:
    """Return a metric at some values of a size, in its views, with the error of the smooth one."""
    notes = "\n".join(wrapped(note) for note in (*_notes(found), *assumed(cost)))
    table = replace(found.told()[0], caption="")
    lead = heading(architecture, cost, found.at, (found.metric,))  # type: ignore[arg-type]
    return Answer((lead, table, notes), data(architecture, cost, found.at, found.to_json()))


def _notes(found: Growth) -> list[str]:
    """Return what must be known to read the table."""
    if found.unsmooth:
        return [found.unsmooth]
    if found.polynomial:
        return [f"{found.metric} is a polynomial in {found.along}: the views are the same"]
    notes = [f"divisible where {' and '.join(found.even_where)}"]
    if found.errors is not None:
        least, greatest = (f"{float(error) * 100:+.3g} %" if error else "0 %" for error in found.errors)
        every = (
            "at all values asked for" if found.complete else f"at the {len(found.points)} values that were looked at"
        )
        notes.append(f"the error of the smooth view is between {least} and {greatest} {every}")
    return notes
