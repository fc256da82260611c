"""One metric of a cost as a formula, put together as people ask for it, in a notation for them or for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from symcost.cost import Cost
from symcost.errors import UsageError, did_you_mean
from symcost.metrics.metric import metric
from symcost.notation.factor import factored
from symcost.notation.form import Arrange, Sum, collected, plain
from symcost.notation.latex import latex
from symcost.view import View
from symcost.views.conditions import listed


@dataclass(frozen=True)
class Formula:
    """A metric of a cost as a formula; its ``str`` is the formula as text, with what must be known to read it.

    Attributes:
        cost: of a network.
        view: exact, divisible or smooth, of the metric.
        form: the formula as it is put together for people.
    """

    cost: Cost
    view: View
    form: Sum = field(repr=False)

    @property
    def metric(self) -> str:
        """The name of the metric."""
        return self.view.metric

    def to(self, notation: str) -> str:
        """Return the formula in a notation, its unit, its convention and the conditions it assumes as comments.

        Args:
            notation: ``text``, ``latex``, ``mathml``, ``python``, ``c``, ``js`` or ``json``.

        Raises:
            UsageError: there is no such notation, or it has no such form.
        """
        from symcost.views.written import write

        return write(self, notation)

    def notes(self) -> tuple[str, ...]:
        """Return what must be known to read the formula: unit, convention, conditions, symbols."""
        cost, m = self.cost, metric(self.view.metric)
        lines = [f"{cost.name}: {m.name} in {m.unit}, {m.about}"]
        lines += [f"with {listed(cost.graph.settings)}"] if cost.graph.settings else []
        lines += [f"convention {cost.convention.name}: {cost.convention.about}"] if m.priced else []
        lines += self.view.notes()
        about = [f"{symbol}: {s.about}" for symbol, s in cost.symbols.items() if s.about]
        return (*lines, *([f"where {'; '.join(about)}"] if about else []))

    def to_json(self) -> dict[str, Any]:
        """Return the formula as data: text, LaTeX, MathML, and terms with factors."""
        from symcost.views.written import data

        return data(self)

    def __str__(self) -> str:
        return self.to("text").rstrip("\n")

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {latex(self.form)}$"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": str(self), "text/latex": self._repr_latex_()}


def formula(
    cost: Cost, name: str, *, view: str = "exact", collect: Sequence[str] = (), factor: bool = False
) -> Formula:
    """Return a metric of a cost as a formula.

    Args:
        cost: of a network.
        name: of the metric.
        view: ``exact``, ``divisible`` or ``smooth``.
        collect: symbols whose powers stand before brackets.
        factor: whether what all terms share stands before brackets, and these are factored; of each bracket where
            symbols are collected.

    Raises:
        NoAnswer: there is no polynomial, as other views than the exact one ask for.
        UsageError: there is no such metric, view or symbol.
    """
    for symbol in collect:
        if symbol not in cost.symbols:
            hint = did_you_mean(symbol, cost.symbols)
            raise UsageError(f"there is no free symbol '{symbol}' to collect{hint}; free are {', '.join(cost.symbols)}")
    seen = cost.view(name, view)
    arrange: Arrange = factored if factor else plain
    return Formula(cost, seen, collected(seen.value, collect, arrange) if collect else arrange(seen.value))
