"""What is to be as small or as great as can be: a metric, or an expression in metrics and symbols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from symcost.algebra.expression import Expr, ExprError
from symcost.algebra.poly import Num, substitute, symbol
from symcost.cost import Cost
from symcost.errors import UsageError, did_you_mean, quoted
from symcost.metrics.metric import metric, metrics


@dataclass(frozen=True)
class Objective:
    """A goal.

    Attributes:
        text: a metric, such as ``macs``, or an expression, such as ``C*L1`` or ``macs + 6*params``.
        maximize: whether the greatest value is asked for, not the least.
    """

    text: str
    maximize: bool = False

    def __str__(self) -> str:
        return f"{'maximize' if self.maximize else 'minimize'} {self.text}"

    @property
    def unit(self) -> str:
        """The unit of a metric; empty for an expression, which says itself what it is."""
        return metric(self.text).unit if self.text in metrics() else ""

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics it speaks of.

        Raises:
            UsageError: it is not an expression.
        """
        return (self.text,) if self.text in metrics() else tuple(sorted(self._expr().names & metrics().keys()))

    @property
    def priced(self) -> bool:
        """Whether its value depends on the convention."""
        return any(metric(name).priced for name in self.metrics)

    def formula(self, cost: Cost, values: Mapping[str, Num] | None = None) -> Num:
        """Return its value as a formula in the sizes, with some of them replaced.

        Args:
            cost: of the network.
            values: what some symbols are replaced by; an expression may name other symbols than free ones here.

        Raises:
            UsageError: it names nothing known, or cannot be brought to a formula.
        """
        put = values or {}
        if self.text in metrics():
            return substitute(cost.poly(self.text), put)
        expr = self._expr()
        sizes = {name: put.get(name, symbol(name, s.kind)) for name, s in cost.symbols.items()}
        known = {**put, **sizes}
        for name in sorted(expr.names - metrics().keys() - known.keys()):
            options = [*metrics(), *known]
            raise UsageError(
                f"objective {quoted(self.text)}: there is no metric or free symbol {quoted(name)}"
                f"{did_you_mean(name, options)}; symbols are {', '.join(known)}"
            )
        known |= {name: substitute(cost.poly(name), put) for name in self.metrics}
        return self._evaluated(expr, known)

    def _expr(self) -> Expr:
        try:
            return Expr.parse(self.text)
        except ExprError as error:
            raise UsageError(f"objective {error}") from None

    def _evaluated(self, expr: Expr, known: Mapping[str, Num]) -> Num:
        try:
            value = expr.evaluate(known)
        except ExprError as error:
            raise UsageError(f"objective {error}") from None
        if isinstance(value, bool):
            raise UsageError(f"objective {quoted(self.text)} is true or false, and a number is asked for")
        return value
