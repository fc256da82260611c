"""A report: the break-down of a network's cost at given sizes, with all that must be known to read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symcost.algebra.atoms import Env, Number
from symcost.architecture import Architecture, cost_of, load
from symcost.cost import Cost
from symcost.graph.assumptions import conditions
from symcost.graph.listing import telling_depth
from symcost.metrics.metric import metric
from symcost.metrics.rows import Row
from symcost.table import Column, Table
from symcost.table.breakdown import break_down
from symcost.table.cells import rounded
from symcost.views.answer import Answer, assumed, heading, wrapped
from symcost.views.plain import amounts, sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

METRICS = ("params", "macs", "flops", "activations")


@dataclass(frozen=True)
class Report(Answer):
    """A break-down of what a network costs.

    Attributes:
        parts: paragraphs and tables, in order.
        data: the same for programs, as JSON takes it.
        cost: of the network.
        at: the value of every symbol.
        by: what a row stands for.
        depth: how many levels of blocks are told apart; 0 for as many as it takes to see more than a few.
        names: the metrics that were asked for.
    """

    cost: Cost = field(repr=False, compare=False)
    at: Env = field(repr=False)
    by: str
    depth: int
    names: tuple[str, ...]

    def draw(self, ax: Axes | None = None, *, kind: str = "bars") -> Axes:
        """Draw the break-down, and return the axes drawn on; needs matplotlib.

        Args:
            ax: what to draw on, new axes by default.
            kind: ``bars``, shares of each metric, or ``treemap``, areas of one: the first asked for, or FLOPs.

        Raises:
            UsageError: there is no such picture, or a metric's rows do not add up.
        """
        names = self.names or (("flops",) if kind == "treemap" else _telling(self.cost))
        return self.cost.draw(ax, kind=kind, by=self.by, depth=self.depth, names=names, at=self.at)


def report(
    network: Architecture | Cost | str | Path,
    *,
    by: str = "block",
    depth: int = 0,
    metrics: Sequence[str] = (),
    at: Mapping[str, Number | str] | None = None,
    formulas: bool | str = False,
    convention: str = "symcost",
) -> Report:
    """Return a break-down of what a network costs, which notebooks show as a table.

        >>> symcost.report("gpt2", at={"T": 512})

    Bars show each part's share of the FLOPs, or of the first metric named.

    Args:
        network: an architecture, the name or path of one, or a cost, which has its convention and setup already.
        by: what a row stands for: ``block``, ``node`` or ``op``. A block that is repeated is one row, which says how
            often.
        depth: how many levels of blocks are told apart; 0 for as many as it takes to see more than a few.
        metrics: names of the metrics to show.
        at: values of sizes, defaults filling the rest.
        formulas: whether each row has its formula too: of the metric whose shares are shown, or of one named. It is
            then the only metric, unless others are named, so that there is room.
        convention: how work is priced, unless that is the cost's.

    Raises:
        NoAnswer: a metric has no formula.
        SpecError: the spec describes no network, or a value is refused or missing.
        UsageError: there is no such metric, break-down or convention.
    """
    architecture = None if isinstance(network, Cost) else network
    if isinstance(architecture, (str, Path)):
        architecture = load(architecture)
    cost = cost_of(network if architecture is None else architecture, convention)
    env = cost.bindings(at)
    return broken_down(architecture, cost, env, by=by, depth=depth, names=_several(metrics), formulas=formulas)


def _several(metrics: Sequence[str]) -> Sequence[str]:
    """Return names of metrics; one name alone is meant as one, not as its letters."""
    return (metrics,) if isinstance(metrics, str) else metrics


def broken_down(
    architecture: Architecture | None,
    cost: Cost,
    env: Env,
    *,
    by: str = "block",
    depth: int = 0,
    names: Sequence[str] = (),
    formulas: bool | str = False,
) -> Report:
    """Return a report on a cost at sizes.

    Args:
        architecture: what is costed, to say more of it than its cost knows.
        cost: its cost.
        env: the value of every symbol.
        by: what a row stands for.
        depth: how many levels of blocks are told apart.
        names: metrics to show.
        formulas: whether rows have formulas, and of which metric.

    Raises:
        UsageError: there is no such metric or break-down.
    """
    usual = (formulas if isinstance(formulas, str) else "flops",) if formulas else _telling(cost)
    units = {name: cost.units(name) for name in names or usual}
    share = "flops" if "flops" in units else next(iter(units))
    spelled = share if formulas is True else formulas
    asked = {**units, spelled: cost.units(spelled)} if spelled else units
    rows = cost.rows(by, depth or telling_depth(cost.graph), asked)
    largest = [name for name in units if metric(name).peaks is not None]
    table = break_down(rows, units, env, by=by, share=share, largest=largest)
    whole = _with_formulas(table, rows, spelled, cost) if spelled else table
    parts: tuple[str | Table, ...] = (heading(architecture, cost, env, asked), whole)
    parts += (*_in_short(table, units), *assumed(cost))
    return Report(parts, _data(architecture, cost, env, whole, rows, units), cost, env, by, depth, tuple(names))


def _telling(cost: Cost) -> tuple[str, ...]:
    """Return the metrics to show where none are named; where there are experts, how many parameters a token meets."""
    first, *rest = METRICS
    return (first, "params_active", *rest) if any(node.experts for node in cost.graph.nodes) else METRICS


def _with_formulas(table: Table, rows: Iterable[Row], name: str, cost: Cost) -> Table:
    """Return a break-down with a last column of formulas of a metric."""
    column = Column(f"{name} formula", cost.units(name), "formula")
    lines = tuple((*line, row.values[name]) for line, row in zip(table.rows, rows, strict=True))
    return replace(table, columns=(*table.columns, column), rows=lines, total=(*(table.total or ()), cost.poly(name)))


def _in_short(table: Table, units: dict[str, str]) -> tuple[str, ...]:
    """Return the large totals rounded, as a paragraph."""
    sums = (table.total or ())[2:]
    pairs = zip(sums, units.items(), strict=False)
    named = [(rounded(value), n, unit) for value, (n, unit) in pairs if isinstance(value, int)]
    words = [f"{about} {unit}" if n == unit.lower() else f"{about} {unit} ({n})" for about, n, unit in named if about]
    return (wrapped(f"in short: {', '.join(words)}"),) if words else ()


def _data(
    architecture: Architecture | None, cost: Cost, env: Env, table: Table, rows: Iterable[Row], units: dict[str, str]
) -> dict[str, Any]:
    sums = dict(zip(units, (table.total or ())[2:], strict=False))
    times = ({} if row.times == 1 else {"times": str(row.times)} for row in rows)
    return {
        "schema": 1,
        "name": cost.name or cost.graph.name,
        "source": "" if architecture is None else architecture.source,
        "convention": cost.convention.name,
        "bindings": sizes(env),
        "fixed": sizes(cost.graph.settings if architecture is None else architecture.fixed),
        "units": units,
        "total": amounts(sums),
        "rows": [{**row, **often} for row, often in zip(table.to_json(), times, strict=True)],
        "conditions": [condition._asdict() for condition in conditions(cost.graph)],
    }
