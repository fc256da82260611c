"""How a metric responds to its sizes, in tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from symcost.architecture import Architecture
from symcost.calculus.response import Sensitivity
from symcost.cost import Cost
from symcost.errors import UsageError
from symcost.metrics.metric import metric
from symcost.solver.amounts import digits
from symcost.table import Table
from symcost.table.cells import decimal
from symcost.views.answer import Answer, assumed, data, heading, wrapped


def sensitivity(architecture: Architecture, cost: Cost, found: Sensitivity, *, formulas: bool = False) -> Answer:
    """Return elasticities and exact effects of steps, and the elasticities of the parts.

    Args:
        architecture: what is costed.
        cost: its cost.
        found: how it responds.
        formulas: whether to show the elasticities of the whole as formulas too.
    """
    lead = f"d log {found.metric} / d log size, and what a step up does to the exact {found.metric}"
    parts: list[str | Table] = [heading(architecture, cost, found.at, (found.metric,)), lead, found.sizes_table()]
    parts += [found.parts_table()] if found.parts else []
    parts += ["\n".join(wrapped(line) for line in _formulas(found))] if formulas else []
    parts += ["\n".join(wrapped(line) for line in (*_notes(found), *assumed(cost)))]
    return Answer(tuple(parts), data(architecture, cost, found.at, found.to_json()))


def _formulas(found: Sensitivity) -> Iterator[str]:
    for size in found.sizes:
        try:
            yield f"d log {found.metric} / d log {size} = {found.elasticity(size)}"
        except UsageError as error:
            yield f"d log {found.metric} / d log {size}: {error}"


def _notes(found: Sensitivity) -> Iterator[str]:
    """Yield what must be known to read the tables."""
    yield f"in all {digits(found.value)} {found.unit}; {_evenness(found.rounding)}"
    if found.parts and metric(found.metric).peaks is not None:
        yield "parts do not add up: the largest is the whole"
    for step in found.steps:
        if step.open:
            yield f"gave up on the next value of {step.size} that is allowed"
        elif step.next is None:
            yield f"{step.size} cannot grow here{f': it needs {step.barred}' if step.barred else ''}"
    for size in found.sizes:
        try:
            found.elasticity(size)
        except UsageError as error:
            yield f"{size} has no elasticity: {error}"


def _evenness(rounding: Fraction) -> str:
    """Return how far the smooth form is from the exact function."""
    if not rounding:
        return "the smooth formula that elasticities are of gives just this"
    way = "above" if rounding > 0 else "below"
    return f"elasticities are of the smooth formula, here {decimal(abs(rounding) * 100, 3)} % {way} the exact one"
