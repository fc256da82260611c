"""The cheapest knob: which size brings one metric down at the least loss of another, exactly, on whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate
from symcost.architecture import Architecture, cost_of
from symcost.calculus.response import Part
from symcost.cost import Cost
from symcost.errors import NoAnswer, SpecError, UsageError
from symcost.solver import Budget, solve
from symcost.solver.amounts import digits
from symcost.solver.domain import read_exact
from symcost.table import Cell, Column, Rate, Table, Tabled
from symcost.table.cells import change


@dataclass(frozen=True)
class Knob:
    """One size turned just as far as the cut asks.

    Attributes:
        size: name of the size.
        value: where it was.
        to: where it is put: the nearest value that is allowed and brings the metric down far enough.
        cut: by how much of itself the one metric changes, exactly; below zero.
        kept: by how much of itself the other changes, exactly.
        rate: percent of the other for one percent of the one, to begin with: the quotient of the elasticities; None
            where there is none.
        proof: why no nearer value does.
    """

    size: str
    value: Number
    to: Number
    cut: Fraction
    kept: Fraction
    rate: Fraction | None
    proof: str


@dataclass(frozen=True)
class Knobs(Tabled):
    """The sizes by what they cost.

    Attributes:
        name: of the network.
        cut: the metric that is to come down.
        by: by which part of itself, at least.
        keep: the metric that is to stay.
        values: of both metrics before.
        convention: by which FLOPs are counted.
        at: values of all sizes before.
        found: the sizes that can do it, the one that loses least first.
        others: the sizes that cannot, each with the reason.
    """

    name: str
    cut: str
    by: Fraction
    keep: str
    values: tuple[Number, Number]
    convention: str
    at: Mapping[str, Number]
    found: tuple[Knob, ...]
    others: Mapping[str, str]

    @property
    def cheapest(self) -> Knob:
        """The size that loses least.

        Raises:
            NoAnswer: none can do it.
        """
        if not self.found:
            raise NoAnswer(f"no size alone brings {self.cut} down by {_percent(self.by)}")
        return self.found[0]

    def __str__(self) -> str:
        return "\n".join((str(self.table()), *self.sentences()))

    def table(self) -> Table:
        """Return a row for each size that can do it."""
        names = ("size", "value", "to", self.cut, self.keep, "rate")
        columns = tuple(Column(n, kind="text" if n == "size" else "number") for n in names)
        return Table(columns, tuple(map(_row, self.found)), self._caption())

    def sentences(self) -> tuple[str, ...]:
        """Return the sizes that cannot do it, each with the reason."""
        return tuple(f"{size} cannot: {reason}" for size, reason in self.others.items())

    def to_json(self) -> dict[str, Any]:
        """Return all of it as JSON takes it, numbers as exact text."""
        return {
            "cut": self.cut,
            "by": str(self.by),
            "keep": self.keep,
            "convention": self.convention,
            "bindings": {name: str(value) for name, value in self.at.items()},
            "value": {self.cut: str(self.values[0]), self.keep: str(self.values[1])},
            "knobs": [_json(knob) for knob in self.found],
            "others": dict(self.others),
        }

    def _caption(self) -> str:
        return f"{_percent(self.by)} less {self.cut} by one size, the least loss of {self.keep} first"


def knobs(
    cost: Cost | Architecture,
    cut: str = "macs",
    by: Number | str = Fraction(1, 10),
    keep: str = "params",
    at: Mapping[str, Number | str] | None = None,
) -> Knobs:
    """Return for each size how far it must go to bring a metric down, and what that costs of another.

    Every answer is exact on the exact functions: the nearest allowed value that cuts enough, as ``solve`` finds and
    proves it, below the present one or, where that raises the metric, above.

    Args:
        cost: of a network, or the network itself under the default convention.
        cut: the metric that is to come down.
        by: by which part of itself, between 0 and 1: ``1/10``, or ``10%``.
        keep: the metric that is to stay as great as it can.
        at: values of sizes, defaults filling the rest.

    Raises:
        UsageError: no such metric, a part that is none, or a metric that is zero.
        SpecError: a value is refused.
    """
    cost = cost_of(cost)
    part = _part(by)
    env = cost.bindings(at)
    values = evaluate(cost.poly(cut), env), evaluate(cost.poly(keep), env)
    for name, value in zip((cut, keep), values, strict=True):
        if not value:
            raise UsageError(f"{cost.name or cost.graph.name}: {name} is 0 here, so no part of it can be cut or lost")
    limit = values[0] * (1 - part)
    budget = Budget(cut, "<=", limit, f"{cut} <= {digits(floor(limit) if isinstance(values[0], int) else limit)}")
    found: list[Knob] = []
    others: dict[str, str] = {}
    for size in cost.symbols:
        try:
            found.append(_turned(cost, size, env, budget, keep))
        except (NoAnswer, SpecError) as reason:
            others[size] = str(reason)
    found.sort(key=lambda knob: (-knob.kept, knob.cut))
    name = cost.name or cost.graph.name
    return Knobs(name, cut, part, keep, values, cost.convention.name, env, tuple(found), others)


def _part(by: Number | str) -> Fraction:
    percent = isinstance(by, str) and by.strip().endswith("%")
    part = Fraction(read_exact("by", str(by).strip().removesuffix("%") if percent else by)) / (100 if percent else 1)
    if not 0 < part < 1:
        raise UsageError(f"a cut is by a part between 0 and 1, such as 1/10 or 10%, got {by}")
    return part


def _turned(cost: Cost, size: str, env: Mapping[str, Number], budget: Budget, keep: str) -> Knob:
    """Return the nearest value of a size that meets a budget.

    Raises:
        NoAnswer: there is none.
    """
    others = {name: value for name, value in env.items() if name != size}
    try:
        answer = solve(cost, size, budget, others, between=(None, env[size]))
    except NoAnswer as below:
        try:
            answer = solve(cost, size, budget, others, between=(env[size], None), smallest=True)
        except NoAnswer:
            raise below from None
    to = {**env, size: answer.answer}
    changes = [Fraction(evaluate(cost.poly(m), to)) / evaluate(cost.poly(m), env) - 1 for m in (budget.metric, keep)]
    rate = _rate(cost, size, env, budget.metric, keep)
    return Knob(size, env[size], answer.answer, changes[0], changes[1], rate, answer.proof)


def _rate(cost: Cost, size: str, env: Mapping[str, Number], cut: str, keep: str) -> Fraction | None:
    above, below = (Part(name, cost.poly(name), env).elasticity_at(size) for name in (keep, cut))
    return None if above is None or not below else Fraction(above) / below


def _row(knob: Knob) -> tuple[Cell, ...]:
    rate = None if knob.rate is None else Rate(knob.rate)
    return (knob.size, knob.value, knob.to, Rate(knob.cut, percent=True), Rate(knob.kept, percent=True), rate)


def _json(knob: Knob) -> dict[str, Any]:
    exact = {"value": knob.value, "to": knob.to, "cut": knob.cut, "kept": knob.kept, "rate": knob.rate}
    texts = {name: None if x is None else str(x) for name, x in exact.items()}
    return {"size": knob.size, **texts, "proof": knob.proof}


def _percent(part: Fraction) -> str:
    return f"{change(part).removeprefix('+')}"
