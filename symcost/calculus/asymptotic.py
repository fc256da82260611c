"""How a cost grows with a size, or several together: its terms by order, and the limit of what it costs per unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from symcost.algebra.atoms import Box, Number, exact
from symcost.algebra.poly import Num, Poly, constant, evaluate, simplest
from symcost.architecture import Architecture, cost_of
from symcost.calculus.amount import amount_of, unit_of
from symcost.calculus.axis import declared_of
from symcost.calculus.growth import Limit, limit
from symcost.calculus.orders import Order, Scaling, by_order, growing, refuse_strange, scaling_of
from symcost.calculus.polynomial import size_in
from symcost.cost import Cost
from symcost.errors import UsageError
from symcost.table import Cell, Column, Table, Tabled, share_of
from symcost.table.cells import decimal

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True)
class Asymptotics(Tabled):
    """How a cost grows.

    Attributes:
        name: of the network.
        what: the metric, or an expression in metrics and sizes.
        unit: of a metric.
        convention: by which FLOPs are counted.
        scaling: the power of t as which each size grows.
        formula: the cost, with floors of the sizes that grow read as what they round.
        exact: the cost with floors.
        per: what it is divided by, as text; empty for nothing.
        unit_formula: that, read in the same way.
        at: values of the sizes, empty where they have none.
        box: ranges of the sizes.
    """

    name: str
    what: str
    unit: str
    convention: str
    scaling: Scaling
    formula: Poly = field(repr=False)
    exact: Num = field(repr=False)
    per: str = ""
    unit_formula: Poly = field(repr=False, default_factory=lambda: Poly({(): 1}))
    at: Mapping[str, Number] = field(default_factory=dict)
    box: Box = field(default_factory=dict, repr=False)

    @cached_property
    def orders(self) -> dict[Order, Poly]:
        """The terms of the cost by how fast they grow, the fastest first."""
        return dict(sorted(by_order(self.formula, self.scaling).items(), reverse=True))

    @property
    def order(self) -> Order:
        """How fast the cost grows."""
        return next(iter(self.orders))

    @property
    def leading(self) -> sympy.Expr:
        """The leading terms as SymPy."""
        from symcost.algebra.to_sympy import to_sympy

        return to_sympy(self.orders[self.order])

    @cached_property
    def limit(self) -> Limit:
        """The limit of the cost per unit; ``.sympy`` is it for SymPy."""
        return limit(simplest(self.formula), self.scaling, simplest(self.unit_formula), box=self.box)

    def coefficient(self, order: Order) -> Num:
        """Return the terms of an order over the sizes that grow; with several sizes, the terms themselves."""
        terms = self.orders[order]
        if len(self.scaling) > 1 or order.rate != 1:
            return simplest(terms)
        ((name, power),) = self.scaling.items()
        return simplest(terms * size_in(terms, name) ** int(-order.degree / Fraction(power)))

    def ratio_at(self) -> Number | None:
        """Return the exact cost per unit at the sizes, with floors; None without sizes, or where the unit is zero."""
        below = evaluate(self.unit_formula, self.at) if self.at else 0
        return exact(Fraction(evaluate(self.exact, self.at)) / below) if below else None

    def __str__(self) -> str:
        return "\n".join((str(self.table()), *self.sentences()))

    def table(self) -> Table:
        """Return a row for each order, with its terms and, where there are sizes, its share there."""
        columns = [Column("grows as", kind="text"), Column("times" if self._single else "terms", kind="formula")]
        columns += [Column("share", kind="share")] if self.at else []
        return Table(tuple(columns), tuple(map(self._row, self.orders)), self._caption())

    def sentences(self) -> tuple[str, ...]:
        """Return what the cost comes to as the sizes grow, and per unit."""
        told = [f"{self.what} ~ {self._written()}"]
        if self.per:
            told.append(f"({self.what})/({self.per}) -> {self._limit_text()}")
            told += self._reached()
        return tuple(told)

    def to_json(self) -> dict[str, Any]:
        """Return all of it as JSON takes it."""
        terms = [{"order": self._name(o), "terms": str(x), "coefficient": str(self.coefficient(o))}
                 for o, x in self.orders.items()]  # fmt: skip
        return {
            "metric": self.what,
            "unit": self.unit,
            "convention": self.convention,
            "in": {name: str(power) for name, power in self.scaling.items()},
            "bindings": {name: str(value) for name, value in self.at.items()},
            "orders": terms,
            "per_unit": self._per_unit() if self.per else None,
        }

    def _per_unit(self) -> dict[str, Any]:
        here = self.ratio_at()
        end = str(self.limit) if self.limit.finite else self._infinity()
        at = None if here is None else str(here)
        return {"per": self.per, "limit": end, "order": self._name(self.limit.order), "at": at}

    @property
    def _single(self) -> bool:
        return len(self.scaling) == 1

    def _name(self, order: Order) -> str:
        if not self._single:
            return str(order)
        ((name, power),) = self.scaling.items()
        return str(Order(order.rate, order.degree / Fraction(power))).replace("t", name)

    def _row(self, order: Order) -> tuple[Cell, ...]:
        cells: tuple[Cell, ...] = (self._name(order), self.coefficient(order))
        if not self.at:
            return cells
        whole = Fraction(evaluate(self.formula, self.at))
        return (*cells, share_of(evaluate(self.orders[order], self.at) / whole) if whole else None)

    def _written(self) -> str:
        return str(self.orders[self.order])

    def _limit_text(self) -> str:
        if self.limit.finite:
            return str(self.limit)
        return f"{self._infinity()}, growing as {self._name(self.limit.order)}"

    def _infinity(self) -> str:
        """Return infinity with its sign: that for all sizes, else that at these."""
        try:
            return str(self.limit)
        except UsageError:
            if not self.at:
                raise
        return "infinity here" if self.limit.leading.at(self.at) > 0 else "-infinity here"

    def _reached(self) -> list[str]:
        """Return how near the cost per unit is to its limit, where both have a value."""
        here = self.ratio_at()
        if here is None or not self.limit.finite:
            return []
        end = self.limit.leading.at(self.at) if str(self.limit) != "0" else 0
        return [f"here it is {decimal(Fraction(here))}, and the limit is {decimal(Fraction(end))}"]

    def _caption(self) -> str:
        grow = [name if power == 1 else f"{name} (as t**{power})" for name, power in self.scaling.items()]
        together = " together" if len(grow) > 1 else ""
        return f"{self.what} as {', '.join(grow)} grow{'s' * (len(grow) == 1)}{together}, all other sizes fixed"


def asymptotics(
    cost: Cost | Architecture,
    metric: str = "flops",
    in_: str | Iterable[str] | Scaling = "T",
    *,
    per: str = "",
    at: Mapping[str, Number | str] | None = None,
) -> Asymptotics:
    """Return how a metric grows with a size, or with several that grow together, and what it comes to per unit.

    Args:
        cost: of a network, or the network itself under the default convention.
        metric: a metric, an expression in metrics and sizes such as ``6*macs``, the FLOPs of a training step, or what
            a part takes of one, such as ``macs of linear``.
        in_: what grows, as ``limit`` takes it.
        per: what the metric is divided by, as an expression too: ``params``, ``B*T``.
        at: values of the sizes, for shares; defaults fill the rest.

    Raises:
        UsageError: no such metric or size, a metric that is zero, or a size in a place where this has no meaning.
        SpecError: a value is refused.
    """
    cost = cost_of(cost)
    scaling = scaling_of(in_)
    for size in scaling:
        declared_of(cost, (), size)
    formula = amount_of(cost, metric, "metric")
    unit = amount_of(cost, per, "per") if per else 1
    name = cost.name or cost.graph.name
    for text, x in ((metric, formula), (per, unit)):
        if constant(x) == 0:
            raise UsageError(f"{name}: {text} is 0, so it does not grow")
    refuse_strange(scaling, formula, unit)
    return Asymptotics(
        name=name,
        what=metric,
        unit=unit_of(metric, cost.convention.name),
        convention=cost.convention.name,
        scaling=scaling,
        formula=growing(formula, scaling),
        exact=formula,
        per=per,
        unit_formula=growing(unit, scaling),
        at=_sizes(cost, at),
        box={size: (symbol.least, symbol.max) for size, symbol in cost.symbols.items()},
    )


def _sizes(cost: Cost, at: Mapping[str, Number | str] | None) -> dict[str, Number]:
    """Return a value for every size; none where some have neither a value nor a default."""
    if not at and any(symbol.default is None for symbol in cost.symbols.values()):
        return {}
    return cost.bindings(at)
