"""The cost of a network: totals and break-downs, exact, as formulas and as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

from symcost.algebra.atoms import Number
from symcost.algebra.needs import Need
from symcost.algebra.poly import Num, evaluate
from symcost.bindings import bind
from symcost.errors import UsageError, did_you_mean
from symcost.graph.listing import MANY, telling_depth
from symcost.graph.model import Graph
from symcost.metrics import rows
from symcost.metrics.basis import Basis
from symcost.metrics.book import Book
from symcost.metrics.convention import Convention
from symcost.metrics.metric import Metric, metric, metrics
from symcost.metrics.rows import Row
from symcost.metrics.totals import Totals
from symcost.picture.words import listed as at_sizes
from symcost.setup import Setup
from symcost.spec.symbols import Symbol
from symcost.table import Column, Table, Tabled
from symcost.table.breakdown import break_down
from symcost.view import View, view_of

if TYPE_CHECKING:
    import sympy
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False, repr=False)
class Cost(Tabled):
    """What a graph costs under a convention, and under a setup where that has to do with it.

    Metrics are attributes, as SymPy expressions: ``cost.macs``, ``cost.params``.

    Attributes:
        graph: what is run.
        convention: how work is priced.
        name: of the network.
        setup: what it is trained or served with.
        network: where ``graph`` is one worker's part, the network that it is a part of.
    """

    graph: Graph
    convention: Convention
    name: str = ""
    setup: Setup = field(default_factory=Setup)
    network: Graph | None = None

    def __repr__(self) -> str:
        name = self.name or self.graph.name
        return f"<Cost of {name}, in {', '.join(self.symbols)}; convention {self.convention.name}>"

    __str__ = __repr__

    @property
    def symbols(self) -> Mapping[str, Symbol]:
        """The free symbols and what is known of them."""
        return self.graph.symbols

    @property
    def needs(self) -> tuple[tuple[Need, str], ...]:
        """Conditions under which the formulas hold, each with the node that asks for it."""
        return tuple(self.graph.needs.items())

    @cached_property
    def basis(self) -> Basis:
        """The convention and the setup."""
        return Basis(self.convention, self.setup)

    @cached_property
    def worker(self) -> Cost:
        """The cost of what one worker runs, in which metrics under ``workers`` are told; the same where it is alone."""
        part = self._book.worker
        return self if part is self._book else Cost(part.graph, self.convention, self.name, self.setup, self.graph)

    @cached_property
    def _book(self) -> Book:
        return Book(self.graph, self.convention, self.setup, self.name, self.network)

    @cached_property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics that summaries list."""
        return tuple(name for name, m in metrics().items() if m.shown and self._says_something(m))

    def _says_something(self, m: Metric) -> bool:
        if m.beside:
            return self.poly(m.name) != self.poly(m.beside)
        return not m.rare or self.poly(m.name) != 0

    def poly(self, name: str) -> Num:
        """Return the total of a metric as an exact polynomial over sizes and floors.

        Raises:
            NoAnswer: it has no closed sum over the rounds of a repetition.
            UsageError: there is no such metric.
        """
        return self._book.poly(name)

    def view(self, name: str, view: str = "exact") -> View:
        """Return a metric's formula in one of three views: ``exact``, ``divisible`` or ``smooth``.

        Raises:
            NoAnswer: there is no polynomial.
            UsageError: there is no such metric, or view.
        """
        return view_of(self.graph, name, self.poly(name), view, self.units(name))

    def __getattr__(self, name: str) -> sympy.Expr:
        if name.startswith("_") or name not in metrics():
            raise AttributeError(f"Cost has no metric '{name}'; it has {', '.join(metrics())}")
        return self.sympy(name)

    def units(self, name: str) -> str:
        """Return the unit of a metric.

        Raises:
            UsageError: there is no such metric.
        """
        return metric(name).unit_by(self.convention)

    def symbol(self, name: str) -> sympy.Expr:
        """Return the SymPy symbol of a size, to differentiate by or to put a value in for.

        ``sympy.Symbol(name)`` is another one: those of formulas are known to be positive, and whole unless ratios.

        Raises:
            UsageError: the formulas have no such symbol.
        """
        from symcost.algebra.to_sympy import sympy_symbol

        if name not in self.symbols:
            raise UsageError(f"there is no free symbol '{name}'{did_you_mean(name, self.symbols)}")
        return sympy_symbol(name, self.symbols[name].kind)

    def sympy(self, name: str) -> sympy.Expr:
        """Return the total of a metric as a SymPy expression."""
        from symcost.algebra.to_sympy import to_sympy

        return to_sympy(self.poly(name))

    def bindings(self, values: Mapping[str, Number | str] | None = None) -> dict[str, Number]:
        """Return a value for every free symbol: those given, and defaults for the rest.

        Raises:
            SpecError: a value does not belong, or breaks a bound or a condition; or a symbol has no value.
        """
        return bind(self.graph, values or {})

    def at(self, **values: Number | str) -> Totals:
        """Return exact totals; values are exact numbers or their texts, and defaults fill the symbols not given.

        Raises:
            SpecError: as for ``bindings``.
        """
        env = self.bindings(values)
        totals = {name: evaluate(self.poly(name), env) for name in self.metrics}
        units = {name: self.units(name) for name in totals}
        return Totals(env, totals, units, partial(self._other, env))

    def _other(self, env: Mapping[str, Number], name: str) -> Number:
        if name not in metrics():
            raise AttributeError(f"there is no metric '{name}'{did_you_mean(name, metrics())}")
        return evaluate(self.poly(name), env)

    def by_node(self, names: Iterable[str] | None = None) -> list[Row]:
        """Return a row for every node, in order."""
        return rows.by_node(self._book, self._asked(names))

    def by_block(self, depth: int = 1, names: Iterable[str] | None = None) -> list[Row]:
        """Return a row for every block down to a depth, in order.

        Raises:
            UsageError: a depth below 1.
        """
        return rows.by_block(self._book, depth, self._asked(names))

    def by_op(self, names: Iterable[str] | None = None) -> list[Row]:
        """Return a row for every kind of op, in order of first use."""
        return rows.by_op(self._book, self._asked(names))

    by_layer = by_node

    def table(
        self,
        by: str = "block",
        depth: int = 1,
        names: Iterable[str] | None = None,
        at: Mapping[str, Number] | None = None,
    ) -> Table:
        """Return a break-down by ``block``, ``node`` or ``op`` with its total, as numbers.

        Args:
            by: what a row stands for.
            depth: how many levels of blocks are told apart.
            names: metrics; those that summaries list where not given.
            at: values of symbols, defaults filling the rest.

        Raises:
            SpecError: as for ``bindings``.
            UsageError: there is no such break-down.
        """
        env = self.bindings(at)
        units = {name: self.units(name) for name in self._asked(names)}
        largest = [name for name in units if metric(name).peaks is not None]
        return break_down(self.rows(by, depth, units), units, env, by=by, caption=self._caption(env), largest=largest)

    def formulas(self, names: Iterable[str] | None = None) -> Table:
        """Return the totals as formulas, a row for each metric."""
        rows = tuple((name, self.units(name), self.poly(name)) for name in self._asked(names))
        columns = (Column("metric", kind="text"), Column("unit", kind="text"), Column("formula", kind="formula"))
        return Table(columns, rows, self._caption({}))

    def told(self) -> tuple[Table, ...]:
        """Return the totals as formulas."""
        return (self.formulas(),)

    def to_text(self) -> str:
        """Return the totals as formulas in plain text."""
        return self.formulas().to_text()

    def draw(
        self,
        ax: Axes | None = None,
        *,
        kind: str = "bars",
        by: str = "block",
        depth: int = 0,
        names: Iterable[str] | None = None,
        at: Mapping[str, Number | str] | None = None,
    ) -> Axes:
        """Draw a break-down, and return the axes drawn on; needs matplotlib.

        Args:
            ax: what to draw on, new axes by default.
            kind: ``bars``, shares of each metric, or ``treemap``, areas of one with the parts of each block.
            by: what a row stands for: ``block``, ``node`` or ``op``.
            depth: how many levels of blocks are told apart; 0 for as many as it takes to see more than a few.
            names: metrics; a treemap shows the first. Where not given, those that summaries list and whose rows add up
                to some amount, and FLOPs as areas.
            at: values of symbols, defaults filling the rest.

        Raises:
            SpecError: as for ``bindings``.
            UsageError: there is no such picture, break-down or metric, or a metric's rows do not add up.
        """
        from symcost.picture.breakdown import check_kind, draw

        check_kind(kind)
        env, level = self.bindings(at), depth or telling_depth(self.graph)
        units = {name: self.units(name) for name in (self._asked(names) if names else self._drawn(kind, env))}
        for name in units:
            if metric(name).peaks is not None:
                raise UsageError(f"the largest row of {name} is the whole, so its rows have no shares to be drawn")
        deep = max(level + 1, telling_depth(self.graph, MANY)) if kind == "treemap" else level
        return draw(
            self.rows(by, deep, units), units, env, kind=kind, by=by, depth=level, title=self._title(env), ax=ax
        )

    def _asked(self, names: Iterable[str] | None) -> tuple[str, ...]:
        """Return the metrics named, where one name alone is one, not its letters, or else those of summaries."""
        return (names,) if isinstance(names, str) else tuple(names or self.metrics)

    def _drawn(self, kind: str, env: Mapping[str, Number]) -> tuple[str, ...]:
        """Return the metrics that a picture shows where none are named."""
        if kind == "treemap":
            return ("flops",)
        return tuple(n for n in self.metrics if metric(n).peaks is None and evaluate(self.poly(n), env))

    def rows(self, by: str, depth: int = 1, names: Iterable[str] | None = None) -> list[Row]:
        """Return a break-down by ``block``, ``node`` or ``op``.

        What is of the network as a whole has rows of its own: one, or one for each metric that is a part of it.

        Raises:
            UsageError: there is no such break-down.
        """
        return rows.broken_down(self._book, by, depth, self._asked(names))

    def _caption(self, env: Mapping[str, Number]) -> str:
        given = ", ".join(f"{name} = {value}" for name, value in env.items())
        return f"{self.name}{f' at {given}' if given else ''}; {self.convention.said}"

    def _title(self, env: Mapping[str, Number]) -> str:
        """Return what a picture stands under, in short."""
        return f"{self.name or self.graph.name}{at_sizes(env)}; convention {self.convention.name}"
