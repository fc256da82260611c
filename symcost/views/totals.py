"""Exact totals at given sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symcost.algebra.atoms import Env, Number
from symcost.algebra.poly import evaluate
from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.metrics.metric import metrics
from symcost.metrics.totals import Totals
from symcost.table import Table
from symcost.views.answer import Answer, heading, setup
from symcost.views.plain import amounts, sizes, units

KIND = "elementwise."


def totals(architecture: Architecture, cost: Cost, env: Env, names: Sequence[str] = ()) -> Answer:
    """Return the totals of metrics, those that summaries list where none is named.

    Raises:
        UsageError: there is no such metric.
    """
    found = {name: evaluate(cost.poly(name), env) for name in names or cost.metrics}
    table = Totals(env, found, units(cost, found)).table()
    bare = Table(table.columns, table.rows)
    return Answer((heading(architecture, cost, env, names), bare), _data(architecture, cost, env, found))


def by_kind(cost: Cost, env: Env) -> dict[str, Number]:
    """Return elementwise work by kind, without kinds that are not there."""
    kinds = (name.removeprefix(KIND) for name in metrics() if name.startswith(KIND))
    found = {kind: evaluate(cost.poly(KIND + kind), env) for kind in kinds}
    return {kind: value for kind, value in found.items() if value}


def _data(architecture: Architecture, cost: Cost, env: Env, found: dict[str, Number]) -> dict[str, Any]:
    return {
        "schema": 1,
        "name": architecture.name,
        "convention": cost.convention.name,
        "bindings": sizes(env),
        "fixed": sizes(architecture.fixed),
        "total": amounts(found),
        "elementwise_by_kind": amounts(by_kind(cost, env)),
        "units": units(cost, found),
        **setup(cost),
    }
