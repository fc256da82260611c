"""Exact amounts in words."""

from __future__ import annotations

from collections.abc import Iterable

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num
from symcost.cost import Cost
from symcost.metrics.convention import Convention
from symcost.metrics.metric import metrics
from symcost.metrics.metric import unit_of as unit_of_metric
from symcost.solver.objective import Objective
from symcost.table.cells import fraction


def amount(name: str, value: Number, counted: Convention | str) -> str:
    """Return what a budget's amount comes to in words, such as ``1,958,573,056 MACs`` or ``2*params = 3``."""
    return f"{digits(value)} {unit_of(name, counted)}" if name in metrics() else f"{name} = {digits(value)}"


def unit_of(name: str, counted: Convention | str) -> str:
    """Return the unit of a metric under a convention; empty for an expression, which says itself what it is."""
    return unit_of_metric(name, counted) if name in metrics() else ""


def formula_of(name: str, cost: Cost) -> Num:
    """Return a metric, or an expression in metrics and sizes, as a formula in the sizes.

    Raises:
        UsageError: the expression names nothing known, or cannot be brought to a formula.
    """
    return cost.poly(name) if name in metrics() else Objective(name, noun="budget").formula(cost)


def priced(names: Iterable[str]) -> bool:
    """Tell whether some of these depend on the convention."""
    return any(Objective(name).priced for name in names)


def digits(value: Number) -> str:
    """Return a number with its thousands set apart; a long fraction as about how much it is."""
    return f"{value:,}" if isinstance(value, int) else fraction(value)
