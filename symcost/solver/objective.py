"""What is to be as small or as great as can be: a metric, or an expression in metrics and symbols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from symcost.algebra.expression import Expr, ExprError
from symcost.algebra.poly import NotExact, Num, substitute, symbol, terms_of
from symcost.cost import Cost
from symcost.errors import UsageError, did_you_mean, quoted
from symcost.metrics.metric import metric, metrics, unit_of


@dataclass(frozen=True)
class Objective:
    """A goal.

    Attributes:
        text: a metric, such as ``macs``, or an expression, such as ``C*L1`` or ``macs + 6*params``.
        maximize: whether the greatest value is asked for, not the least.
        noun: what messages call it.
        convention: by which FLOPs are counted.
    """

    text: str
    maximize: bool = False
    noun: str = "objective"
    convention: str = field(default="", compare=False)

    @classmethod
    def parse(cls, text: str) -> Objective:
        """Read a metric or an expression, with ``minimize`` or ``maximize`` before it; without, it is to be small."""
        first, _, rest = text.strip().partition(" ")
        return cls(rest.strip(), first == "maximize") if first in _WAYS and rest.strip() else cls(text.strip())

    def __str__(self) -> str:
        return f"{'maximize' if self.maximize else 'minimize'} {self.text}"

    @property
    def unit(self) -> str:
        """The unit of a metric; empty for an expression, which says itself what it is."""
        return unit_of(self.text, self.convention) if self.text in metrics() else ""

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
        return self._evaluated(
            self._known(cost, put) | {name: substitute(cost.poly(name), put) for name in self.metrics}
        )

    def quotient(self, cost: Cost, values: Mapping[str, Num] | None = None) -> tuple[Num, Num]:
        """Return its value as numerator and denominator; the latter is 1 unless it divides by metrics.

        Raises:
            UsageError: as for ``formula``.
        """
        put = values or {}
        if self.text in metrics():
            return self.formula(cost, put), 1
        marks = {_MARK + name: substitute(cost.poly(name), put) for name in self.metrics}
        value = self._evaluated(self._known(cost, put) | {name: symbol(_MARK + name, "ratio") for name in self.metrics})
        below = _divisor(value)
        try:
            return substitute(value * below, marks), substitute(below, marks)
        except NotExact as error:
            raise UsageError(f"{self.noun} {quoted(self.text)}: {error}") from None

    def _known(self, cost: Cost, put: Mapping[str, Num]) -> dict[str, Num]:
        """Return the sizes by name, if the expression names nothing else but metrics."""
        sizes = {name: put.get(name, symbol(name, s.kind)) for name, s in cost.symbols.items()}
        known = {**put, **sizes}
        for name in sorted(self._expr().names - metrics().keys() - known.keys()):
            options = [*metrics(), *known]
            raise UsageError(
                f"{self.noun} {quoted(self.text)}: there is no metric or free symbol {quoted(name)}"
                f"{did_you_mean(name, options)}; symbols are {', '.join(known)}"
            )
        return known

    def _expr(self) -> Expr:
        try:
            return Expr.parse(self.text)
        except ExprError as error:
            raise UsageError(f"{self.noun} {error}") from None

    def _evaluated(self, known: Mapping[str, Num]) -> Num:
        try:
            value = self._expr().evaluate(known)
        except ExprError as error:
            raise UsageError(f"{self.noun} {error}") from None
        if isinstance(value, bool):
            raise UsageError(f"{self.noun} {quoted(self.text)} is true or false, and a number is asked for")
        return value


_WAYS = ("minimize", "maximize")
_MARK = "metric "
"""A metric is a symbol of such a name while a quotient is read; no size can be called so."""


def _divisor(value: Num) -> Num:
    """Return the least product of metrics that leaves none with a negative exponent."""
    lowest: dict[str, int] = {}
    for monomial in terms_of(value):
        for atom, exponent in monomial:
            name = next(iter(atom.names))
            if exponent < 0 and name.startswith(_MARK):
                lowest[name] = min(lowest.get(name, 0), exponent)
    below: Num = 1
    for name, exponent in lowest.items():
        below = below * symbol(name, "ratio") ** -exponent
    return below
