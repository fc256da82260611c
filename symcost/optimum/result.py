"""The best design with its certificate: what it reaches, and what nothing can be above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symcost.algebra.atoms import Number, exact
from symcost.algebra.poly import Num
from symcost.metrics.convention import convention
from symcost.metrics.metric import set_up
from symcost.optimum.plan import Plan
from symcost.optimum.search import Search
from symcost.optimum.ties import Ties
from symcost.solver.amounts import amount, digits, priced
from symcost.solver.budget import ABOUT, Budget
from symcost.solver.objective import Objective
from symcost.table import Cell, Column, Table, Tabled
from symcost.table.cells import decimal


@dataclass(frozen=True)
class Optimum(Tabled):
    """The best design over several unknowns within budgets.

    Attributes:
        design: a value for each unknown.
        value: of the objective, exact.
        objective: what was to be greatest or least.
        metrics: every budget's metric at the design, exact.
        bound: no design is better than this; equal to ``value`` where the search is complete.
        complete: whether the search came to its end.
        ties: the first designs that reach the value, this one included, in order.
        tie_count: how many designs reach it.
        all_ties: whether these are all, or only those found.
        binding: budgets that keep from a better design one step away, as written; those that do so alone if any do.
        budgets: what was asked.
        at: all other sizes: numbers, or formulas in the unknowns.
        designs: how many designs there are in the ranges.
        nodes: boxes of designs that were looked at.
        seconds: what it took.
        convention: name of the convention of FLOPs.
        setup: in words, what its amounts stand under besides.
    """

    design: Mapping[str, Number]
    value: Number
    objective: Objective
    metrics: Mapping[str, Number]
    bound: Number | None
    complete: bool
    ties: tuple[Mapping[str, Number], ...]
    tie_count: int
    all_ties: bool
    binding: tuple[str, ...]
    budgets: tuple[Budget, ...]
    at: Mapping[str, Num]
    designs: int
    nodes: int
    seconds: float
    convention: str = ""
    setup: str = ""

    @property
    def gap(self) -> Fraction | None:
        """How much better than the value a design may still be, over the value; 0 where the search is complete."""
        if self.bound is None or not self.value:
            return None
        return abs(Fraction(self.bound - self.value) / Fraction(self.value))

    @property
    def slack(self) -> dict[str, Number]:
        """What each budget leaves: the limit minus the metric, by the budget's text."""
        return {b.text: exact(b.limit - self.metrics[b.metric]) for b in self.budgets}

    def to_json(self) -> dict[str, Any]:
        """Return the answer as JSON takes it, exact numbers as strings."""
        return {
            "answer": _sizes(self.design),
            "value": str(self.value),
            "bound": None if self.bound is None else str(self.bound),
            "complete": self.complete,
            "metrics": {name: str(value) for name, value in self.metrics.items()},
            "ties": {
                "count": str(self.tie_count),
                "complete": self.all_ties,
                "designs": [_sizes(design) for design in self.ties],
            },
            "binding": list(self.binding),
            "designs": str(self.designs),
            "nodes": self.nodes,
        }

    def __str__(self) -> str:
        kept = " and ".join(_kept(b, self.metrics[b.metric], self.convention) for b in self.budgets)
        first = f"{_listed(self.design)}: {self._reached()}, {self._rank()}{f'; {kept}' if kept else ''}"
        return "\n".join([first, *self._ties(), self._conditions()])

    def table(self) -> Table:
        """Return a row for each design listed, with what the budgets' metrics come to."""
        columns = tuple(Column(name) for name in self.design)
        rows = tuple(tuple[Cell, ...](design.values()) for design in self.ties)
        return Table(columns, rows, f"{self._reached()}, {self._rank()}")

    def _reached(self) -> str:
        if self.objective.unit:
            return amount(self.objective.text, self.value, self.convention)
        return f"{self.objective.text} = {digits(self.value)}"

    def _rank(self) -> str:
        word = "greatest" if self.objective.maximize else "least"
        if self.complete:
            return f"the {word} of {self.designs:,} designs"
        better = "above" if self.objective.maximize else "below"
        if self.bound is None:
            return f"the {word} found of {self.designs:,} designs, without a bound"
        gap = f" ({decimal(self.gap * 100, 2)} %)" if self.gap is not None else ""
        return f"the {word} found of {self.designs:,} designs; none is {better} {digits(self.bound)}{gap}"

    def _ties(self) -> list[str]:
        if self.tie_count < 2:
            return []
        others = [_listed(design) for design in self.ties if design != self.design]
        least = "" if self.all_ties else "at least "
        more = "" if len(self.ties) == self.tie_count else "; ..."
        return [f"{least}{self.tie_count - 1:,} more reach it: {'; '.join(others)}{more}"]

    def _conditions(self) -> str:
        given = [f"at {_listed(self.at)}"] if self.at else []
        by_price = self.objective.priced or priced(b.metric for b in self.budgets)
        counted = [convention(self.convention).said] if by_price and self.convention else []
        better = "greater" if self.objective.maximize else "less"
        boxes = f"{self.nodes:,} box{'es' * (self.nodes != 1)} of designs"
        if self.complete:
            proof = f"proof: bounds leave nothing {better}, in {boxes}"
        else:
            proof = f"stopped after {self.seconds:.1f} s and {boxes}"
        under = [self.setup] if self.setup else []
        return "; ".join([*given, *counted, *under, proof])


def result_of(plan: Plan, search: Search, ties: Ties, designs: int, seconds: float) -> Optimum:
    """Return the answer that a search came to."""
    q = plan.question
    assert search.best is not None
    best = ties.designs[0]
    bound = search.bound()
    sign = 1 if q.objective.maximize else -1
    scale = search.problem.goal.scale * sign
    return Optimum(
        design=plan.design(best),
        value=exact(Fraction(search.value or 0) / scale),
        objective=q.objective,
        metrics={b.metric: plan.value(q.formulas[b.metric], best) for b in q.budgets},
        bound=None if bound is None else exact(Fraction(bound) / scale),
        complete=search.complete,
        ties=tuple(plan.design(places) for places in ties.designs),
        tie_count=ties.count,
        all_ties=ties.complete,
        binding=_binding(plan, search, best),
        budgets=q.budgets,
        at=q.at,
        designs=designs,
        nodes=search.nodes,
        seconds=seconds,
        convention=q.cost.convention.name,
        setup=set_up(q.cost.setup, (q.objective.text, *(b.metric for b in q.budgets))),
    )


def _binding(plan: Plan, search: Search, best: Sequence[int]) -> tuple[str, ...]:
    """Return the budgets that keep from a better design one step away, those that do so alone where there are any."""
    goal, problem = search.problem.goal, search.problem
    broken: list[set[str]] = []
    for axis in range(len(best)):
        for step in (-1, 1):
            place = [p + step * (i == axis) for i, p in enumerate(best)]
            if 0 <= place[axis] < problem.counts[axis] and goal.at(place) > (search.value or 0):
                broken.append({b.text for b, limits in plan.asked if not all(limit.meets(place) for limit in limits)})
    alone = set().union(*(texts for texts in broken if len(texts) == 1)) or set().union(*broken)
    return tuple(b.text for b in plan.question.budgets if b.text in alone)


def _kept(budget: Budget, value: Number, counted: str) -> str:
    text = f"{amount(budget.metric, value, counted)} {budget.relation} {digits(budget.limit)}"
    if budget.relation != ABOUT:
        return text
    (_, low), (_, high) = budget.ends
    return f"{text} (over {digits(low)}, under {digits(high)})"


def _listed(values: Mapping[str, Num]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def _sizes(design: Mapping[str, Number]) -> dict[str, int | str]:
    return {name: x if isinstance(x, int) else str(x) for name, x in design.items()}
