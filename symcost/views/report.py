"""A report: the break-down of a network's cost at given sizes, with all that must be known to read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symcost.algebra.atoms import Env
from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.graph.assumptions import conditions
from symcost.graph.listing import telling_depth
from symcost.metrics.metric import metric
from symcost.table import Table
from symcost.table.breakdown import break_down
from symcost.table.cells import rounded
from symcost.views.answer import Answer, assumed, heading, wrapped
from symcost.views.plain import amounts, sizes

METRICS = ("params", "macs", "flops", "activations")


def report(
    architecture: Architecture, cost: Cost, env: Env, *, by: str = "block", depth: int = 0, names: Sequence[str] = ()
) -> Answer:
    """Return a break-down with bars that show each part's share of the FLOPs, or of the first metric named.

    Args:
        architecture: what is costed.
        cost: its cost.
        env: the value of every symbol.
        by: what a row stands for: ``block``, ``node`` or ``op``.
        depth: how many levels of blocks are told apart; 0 for as many as it takes to see more than a few.
        names: metrics to show.

    Raises:
        UsageError: there is no such metric or break-down.
    """
    units = {name: cost.units(name) for name in names or _telling(cost)}
    share = "flops" if "flops" in units else next(iter(units))
    largest = [name for name in units if metric(name).peaks is not None]
    rows = cost.rows(by, depth or telling_depth(cost.graph), units)
    table = break_down(rows, units, env, by=by, share=share, largest=largest)
    notes = (*_in_short(table, units), *assumed(cost))
    parts: tuple[str | Table, ...] = (heading(architecture, cost, env, units), table, *notes)
    return Answer(parts, _data(architecture, cost, env, table, units))


def _telling(cost: Cost) -> tuple[str, ...]:
    """Return the metrics to show where none are named; where there are experts, how many parameters a token meets."""
    first, *rest = METRICS
    return (first, "params_active", *rest) if any(node.experts for node in cost.graph.nodes) else METRICS


def _in_short(table: Table, units: dict[str, str]) -> tuple[str, ...]:
    """Return the large totals rounded, as a paragraph."""
    sums = (table.total or ())[2:]
    pairs = zip(sums, units.items(), strict=False)
    named = [(rounded(value), n, unit) for value, (n, unit) in pairs if isinstance(value, int)]
    words = [f"{about} {unit}" if n == unit.lower() else f"{about} {unit} ({n})" for about, n, unit in named if about]
    return (wrapped(f"in short: {', '.join(words)}"),) if words else ()


def _data(architecture: Architecture, cost: Cost, env: Env, table: Table, units: dict[str, str]) -> dict[str, Any]:
    sums = dict(zip(units, (table.total or ())[2:], strict=False))
    return {
        "schema": 1,
        "name": architecture.name,
        "source": architecture.source,
        "convention": cost.convention.name,
        "bindings": sizes(env),
        "fixed": sizes(architecture.fixed),
        "units": units,
        "total": amounts(sums),
        "rows": table.to_json(),
        "conditions": [condition._asdict() for condition in conditions(cost.graph)],
    }
