"""Peak memory at given sizes: what is in memory, the branches, and which of them is the largest where."""

from __future__ import annotations

from typing import Any

from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.memory import Peak, Reach
from symcost.metrics.metric import metric
from symcost.table import Column, Table
from symcost.training_memory import METRIC as STEP
from symcost.training_memory import TrainingPeak
from symcost.views.answer import Answer, assumed, data, heading, wrapped

SCHEDULE = (
    "in memory is what a node has made until the last that reads it has run; without weights and inputs; a view is "
    "the memory it looks at, and an activation that torch can do in place writes over what nothing reads later"
)


def peak(architecture: Architecture, cost: Cost, found: Peak, size: str = "") -> Answer:
    """Return the peak, what is in memory then, and its branches.

    Args:
        architecture: what is costed.
        cost: its cost.
        found: its peak.
        size: the size along which to say which branch is the largest, and by which to differentiate each.

    Raises:
        UsageError: there is no such size.
        NoAnswer: the branches change places too often.
    """
    reaches = found.along(size) if size else ()
    parts: list[str | Table] = [heading(architecture, cost, found.at), wrapped(_sentence(found)), found.table()]
    parts += [found.branches_table(size)]
    parts += [_where(reaches, size)] if size else []
    parts += ["\n".join((wrapped(SCHEDULE), *assumed(cost)))]
    return Answer(tuple(parts), data(architecture, cost, found.at, _found(found, reaches, size)))


def training(architecture: Architecture, cost: Cost, found: TrainingPeak) -> Answer:
    """Return the peak of a training step, and what is in memory then."""
    table = found.table()
    parts: tuple[str | Table, ...] = (
        heading(architecture, cost, found.at, (STEP,)),
        wrapped(str(found)),
        Table(table.columns, table.rows, "", table.total),
        "\n".join((wrapped(metric(STEP).about), *assumed(cost))),
    )
    return Answer(parts, data(architecture, cost, found.at, found.to_json()))


def _sentence(found: Peak) -> str:
    rounds = ", ".join(f"{index} = {value}" for index, value in found.rounds.items())
    return f"{found.value:,} elements at most, first while {found.node}{f' ({rounds})' if rounds else ''} runs"


def _where(reaches: tuple[Reach, ...], size: str) -> Table:
    columns = (Column(f"{size} from"), Column("to"), Column("the largest branch", kind="formula"))
    return Table(columns, tuple((reach.first, reach.last, reach.branch) for reach in reaches))


def _found(found: Peak, reaches: tuple[Reach, ...], size: str) -> dict[str, Any]:
    whole = found.to_json()
    if not size:
        return whole
    slopes = [{**branch, f"by {size}": str(b.derivative(size))} for branch, b in _pairs(whole, found)]
    spans = [
        {"first": str(r.first), "last": None if r.last is None else str(r.last), "branch": str(r.branch)}
        for r in reaches
    ]
    return {**whole, "branches": slopes, "along": {"size": size, "reaches": spans}}


def _pairs(whole: dict[str, Any], found: Peak) -> list[tuple[dict[str, Any], Any]]:
    return list(zip(whole["branches"], found.branches, strict=True))
