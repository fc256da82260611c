"""One metric of a cost as a formula, put together as people ask for it, in a notation for them or for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from symcost.algebra.atoms import Number
from symcost.algebra.poly import NotExact, Num, evaluate, symbols_of
from symcost.architecture import Architecture, cost_of
from symcost.cost import Cost
from symcost.errors import UsageError, did_you_mean, quoted
from symcost.metrics.metric import metric, set_up
from symcost.notation.factor import factored
from symcost.notation.form import Arrange, Product, Sum, collected, plain
from symcost.notation.leading import by_size, highest, largest
from symcost.notation.lines import one_line
from symcost.notation.naming import Name, put_names, used
from symcost.notation.shared import shared_out
from symcost.notation.sizes import named_sizes
from symcost.table.markdown import typeset_bundle
from symcost.view import Bound, View
from symcost.views.excerpt import Part
from symcost.views.names import read_names, taken
from symcost.views.sizes import listed


@dataclass(frozen=True)
class Formula:
    """A metric of a cost as a formula; its ``str`` is the formula as text, with what must be known to read it.

    Attributes:
        cost: of a network.
        view: exact, divisible or smooth, of the metric.
        form: the formula as it is put together for people.
        names: that stand in it for something else, those first that others are made of.
        unused: names that were given for what is not in it.
        part: which part of the whole formula it is; None where it is the whole.
    """

    cost: Cost
    view: View
    form: Sum = field(repr=False)
    names: tuple[Name, ...] = ()
    unused: tuple[Name, ...] = ()
    part: Part | None = None

    @property
    def metric(self) -> str:
        """The name of the metric."""
        return self.view.metric

    @property
    def expanded(self) -> bool:
        """Whether it is the whole formula as the sum of its terms, in the network's own symbols."""
        return not self.names and self.part is None and self.form == plain(self.view.value)

    def to(self, notation: str) -> str:
        """Return the formula in a notation, its unit, its convention and the conditions it assumes as comments.

        Args:
            notation: ``text``, ``latex``, ``mathml``, ``python``, ``numpy``, ``c``, ``js`` or ``json``.

        Raises:
            UsageError: there is no such notation, or it has no such form.
        """
        from symcost.views.written import write

        return write(self, notation)

    def function(self, notation: str = "python") -> Callable[..., Any]:
        """Return the generated program as a function to call, with the network's symbols by name and their defaults.

        Args:
            notation: ``python``, for whole numbers and, where a symbol is a ratio, fractions; or ``numpy``, for arrays.

        Raises:
            UsageError: it is another notation, or the formula is not the whole one in the network's own symbols.
        """
        from symcost.views.written import compiled

        return compiled(self, notation)

    def notes(self) -> tuple[str, ...]:
        """Return what must be known to read the formula: unit, convention, conditions, symbols."""
        cost, m = self.cost, metric(self.view.metric)
        lines = [f"{cost.name}: {m.name} in {cost.units(m.name)}, {m.about}"]
        lines += [f"with {listed(cost.graph.settings)}"] if cost.graph.settings else []
        lines += [f"convention {cost.convention.name}: {cost.convention.about}"] if m.priced else []
        lines += [said] if (said := set_up(cost.setup, [m.name])) else []
        lines += [*self.view.notes(), *_error(self.view.usual_bound)]
        lines += [self.part.note()] if self.part else []
        lines += [f"alias {name.name} is not used: {one_line(name.value)} is no part of it" for name in self.unused]
        named = symbols_of(self.view.value).union(*(need.symbols for need in cost.graph.needs))
        about = [f"{name}: {s.about}" for name, s in cost.symbols.items() if s.about and name in named]
        return (*lines, *([f"where {'; '.join(about)}"] if about else []))

    def to_json(self) -> dict[str, Any]:
        """Return the formula as data: text, LaTeX, MathML, and terms with factors."""
        from symcost.views.written import data

        return data(self)

    def __str__(self) -> str:
        return self.to("text").rstrip("\n")

    def _repr_latex_(self) -> str:
        from symcost.views.written import aligned

        return f"$$\n{aligned(self)}$$"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return typeset_bundle(str(self), self._repr_latex_(), self.notes())


def _error(bound: Bound | None) -> list[str]:
    return [f"smooth: {bound.sentence()}, other sizes at their defaults"] if bound else []


def formula(  # noqa: PLR0913 - one argument for each way of putting it
    cost: Cost | Architecture,
    name: str,
    *,
    view: str = "exact",
    collect: Sequence[str] = (),
    factor: bool = False,
    alias: Mapping[str, str] | None = None,
    name_sizes: bool = False,
    leading: int | str = 0,
    at: Mapping[str, Number | str] | None = None,
) -> Formula:
    """Return a metric of a cost as a formula.

    Args:
        cost: of a network.
        name: of the metric.
        view: ``exact``, ``divisible`` or ``smooth``.
        collect: symbols whose powers stand before brackets.
        factor: whether what all terms share stands before brackets, and these are factored; of each bracket where
            symbols are collected.
        alias: names for expressions, ``{"E": "D*h"}``, which stand in the formula where it has these.
        name_sizes: whether floors and rounding rules get short names, listed below.
        leading: how many terms to show, the largest at ``at``; or a symbol, to show the terms of the highest degree in
            it. 0 for all terms.
        at: values for ``leading``; defaults fill the rest.

    Raises:
        NoAnswer: there is no polynomial, as other views than the exact one ask for.
        SpecError: a value of ``at`` is refused, or missing.
        UsageError: there is no such metric, view or symbol, an alias is none, or options have no meaning together.
    """
    cost = cost_of(cost)
    seen, given = cost.view(name, view), read_names(cost, alias or {})
    part = _part(seen, leading, at)
    _check_symbols(collect, [*cost.symbols, *(name.name for name in given)])
    value = put_names(part.kept if part else seen.value, given)
    form = _arranged(value, collect, factor) if collect or factor or not part else _by_size(value, given, part.at)
    sizes = named_sizes(value, {*taken(cost), *(alias or ())}) if name_sizes else []
    if sizes:
        form = form.renamed(lambda x: put_names(x, sizes))
    own = tuple(used(form.expanded(), [*given, *sizes]))
    return Formula(cost, seen, form, own, tuple(name for name in given if name not in own), part)


def _arranged(x: Num, collect: Sequence[str], factor: bool) -> Sum:
    arrange: Arrange = factored if factor else plain
    if collect or factor:
        x = shared_out(x)
    return collected(x, collect, arrange) if collect else arrange(x)


def _check_symbols(collect: Iterable[str], known: Sequence[str]) -> None:
    for symbol in collect:
        if symbol not in known:
            hint = did_you_mean(symbol, known)
            raise UsageError(f"there is no free symbol {quoted(symbol)} to collect{hint}; free are {', '.join(known)}")


def _part(view: View, leading: int | str, at: Mapping[str, Number | str] | None) -> Part | None:
    """Return the part of a formula that is asked for, None for all of it."""
    if isinstance(leading, str):
        if at:
            raise UsageError("the terms of the highest degree are the same at all values; give none")
        return _highest(view, leading)
    if leading < 0:
        raise UsageError(f"the number of terms to show is at least 1, got {leading}")
    if not leading:
        if at:
            raise UsageError("values are for the largest terms; say how many terms to show")
        return None
    env = view.bindings(at or {})
    return Part.of(view, largest(view.value, leading, env), at=env)


def _highest(view: View, name: str) -> Part | None:
    if name not in view.graph.symbols:
        hint = did_you_mean(name, view.graph.symbols, f"; free are {', '.join(view.graph.symbols)}")
        raise UsageError(f"there is no free symbol {quoted(name)}{hint}")
    try:
        return Part.of(view, highest(view.value, name), symbol=name)
    except NotExact as error:
        raise UsageError(f"{view.metric} has no terms of highest degree in {name}: {error}") from None


def _by_size(x: Num, names: Sequence[Name], at: Mapping[str, Number]) -> Sum:
    """Return the terms of a formula, the largest first; in reading order where there are no sizes."""
    if not at:
        return plain(x)
    env = dict(at)
    for name in used(x, names):
        env[name.name] = evaluate(name.value, env)
    return Sum(tuple(Product(c, monomial) for monomial, c in by_size(x, env)))
