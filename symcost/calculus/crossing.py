"""Where one formula overtakes another as a size grows: as a formula of the other sizes, and value by value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, Poly, evaluate, symbols_of
from symcost.calculus.axis import Axis
from symcost.calculus.polynomial import polynomial
from symcost.calculus.roots import Roots, positive_roots
from symcost.calculus.spans import Span, spans
from symcost.cost import Cost
from symcost.errors import NoAnswer, UsageError, quoted
from symcost.solver.condition import GaveUp
from symcost.solver.domain import Range
from symcost.table import Cell, Column, Table, Tabled

if TYPE_CHECKING:
    import sympy
    from matplotlib.axes import Axes

Formula: TypeAlias = "Num | sympy.Expr"
SHOWN = 8
LONGEST = 160
"""How many ranges, and of how many characters formulas, are told in words."""


@dataclass(frozen=True)
class Crossover(Tabled):
    """How two formulas compare along one size.

    Attributes:
        size: name of the size.
        names: what the two formulas are called.
        spans: every range of allowed values with one relation of the first to the second, in order, on the exact
            functions; None where other sizes have no values.
        at: values of the other sizes.
        formulas: the two, exact.
    """

    size: str
    names: tuple[str, str]
    spans: tuple[Span, ...] | None
    at: Mapping[str, Number]
    formulas: tuple[Num, Num] = field(repr=False)

    @cached_property
    def smooth(self) -> Roots | None:
        """Formulas for the values where the smooth forms are equal, and whether these are all.

        None where there are no smooth forms. Worked out when asked for: it takes longer than all the rest.
        """
        try:
            return positive_roots(polynomial(self.formulas[0] - self.formulas[1]), self.size)
        except UsageError:
            return None

    @property
    def closed_form(self) -> tuple[sympy.Expr, ...]:
        """The sizes at which the smooth forms are equal, in the other sizes; each is one where real and positive."""
        return self.smooth.found if self.smooth else ()

    def __str__(self) -> str:
        given = ", ".join(f"{name} = {value}" for name, value in self.at.items())
        lead = f"at {given}: " if given else ""
        return "\n".join((self.formula(), *([] if self.spans is None else [f"{lead}{'; '.join(self.ranges())}"])))

    def table(self) -> Table:
        """Return a row for each span, with both formulas at its ends."""
        first, second = self.names
        ends = (f"{first} at first", f"{second} at first")
        columns = (Column("first"), Column("last"), Column(f"{first} to {second}", kind="text"), *map(Column, ends))
        return Table(columns, tuple(map(self._row, self.spans or ())), self.formula())

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as JSON takes it."""
        return {
            "size": self.size,
            "names": list(self.names),
            "closed_form": [str(root) for root in self.closed_form],
            "complete": self.smooth is not None and self.smooth.complete,
            "at": {name: str(value) for name, value in self.at.items()},
            "spans": None if self.spans is None else [_plain(span) for span in self.spans],
        }

    def draw(self, ax: Axes | None = None) -> Axes:
        """Draw the two along the size, with the values where one overtakes the other; needs matplotlib.

        Args:
            ax: what to draw on, new axes by default.

        Returns:
            The axes drawn on.

        Raises:
            UsageError: other sizes have no values.
        """
        from symcost.calculus.crossing_picture import draw

        return draw(self, ax)

    def formula(self) -> str:
        """Return in one sentence where the smooth forms are equal."""
        first, second = self.names
        if self.closed_form:
            found = [f"{self.size} = {root}" for root in self.closed_form]
            told = " and ".join(found) if sum(map(len, found)) <= LONGEST else self._in_short()
            return f"{first} = {second} at {told}, by the smooth formulas"
        if self.smooth is not None and self.smooth.complete:
            return f"{first} and {second} are equal for no {self.size}, by the smooth formulas"
        return f"no formula for the {self.size} at which {first} = {second}"

    def ranges(self) -> tuple[str, ...]:
        """Return a phrase for each span, for the first ones where they are many."""
        first, second = self.names
        spans = self.spans or ()
        told = [f"{first} {span.relation} {second} for {span.where(self.size)}" for span in spans[:SHOWN]]
        more = len(spans) - SHOWN
        told += [f"and {more} more range{'s' * (more > 1)}"] if more > 0 else []
        return tuple(told) or (f"no {self.size} is allowed",)

    def _in_short(self) -> str:
        others = sorted({symbol.name for root in self.closed_form for symbol in root.free_symbols})
        return f"{self.size} as a long formula in {', '.join(others)} gives it (closed_form)"

    def _row(self, span: Span) -> tuple[Cell, ...]:
        env = {**self.at, self.size: span.first}
        return (span.first, span.last, span.relation, *(evaluate(x, env) for x in self.formulas))


def crossover(
    f: Formula,
    g: Formula,
    in_: str,
    *,
    of: Cost | None = None,
    at: Mapping[str, Number | str] | None = None,
    between: Range | None = None,
    names: tuple[str, str] = ("f", "g"),
) -> Crossover:
    """Compare two formulas along one size.

    The closed form is that of the smooth formulas (floors that come out even). The spans are of the exact functions,
    over all values that the size may take, proved and not sampled.

    Args:
        f: SymPy, or what ``Cost.poly`` and the rows of break-downs hold.
        g: the other.
        in_: the size that grows.
        of: the cost they are from: its spec says which values are allowed, its defaults fill ``at``.
        at: values of the other sizes; without them only the closed form is found.
        between: least and greatest value to look at, None for no such end.
        names: what to call the two.

    Raises:
        UsageError: the question has no meaning: no such size, a size without a value, or a range that is none.
        SpecError: a value is refused by the spec.
        NoAnswer: the signs change without end, or are not decided with the work allowed; a range may help.
    """
    pair = as_num(f), as_num(g)
    gap = pair[0] - pair[1]
    _refuse_strange(pair, in_, of)
    alone = not symbols_of(gap) - {in_}
    axis = None
    if at is not None or between is not None or alone:
        axis = Axis.of_cost(of, in_, at or {}, between) if of else Axis.of_formulas(pair, in_, at or {}, between)
    found = None if axis is None else _spans(gap, axis)
    return Crossover(in_, names, found, {} if axis is None else axis.at, pair)


def as_num(x: Formula) -> Num:
    """Return a formula as a number of the domain, from SymPy too.

    Raises:
        UsageError: it holds something that no cost does, such as a logarithm.
    """
    if isinstance(x, (int, Fraction, Poly)):
        return x
    from symcost.algebra.to_sympy import from_sympy

    try:
        return from_sympy(x)
    except TypeError as error:
        raise UsageError(f"not a formula of sizes: {error}") from None


def as_quotient(x: Formula) -> tuple[Num, Num]:
    """Return a formula as numerator and denominator, from SymPy too.

    Raises:
        UsageError: it holds something that no cost does, such as a logarithm.
    """
    if isinstance(x, (int, Fraction, Poly)):
        return x, 1
    above, below = x.as_numer_denom()
    return as_num(above), as_num(below)


def _refuse_strange(pair: tuple[Num, Num], name: str, cost: Cost | None) -> None:
    known = frozenset().union(*map(symbols_of, pair)) | (cost.symbols.keys() if cost else frozenset())
    if name not in known:
        raise UsageError(f"neither formula depends on {quoted(name)}; they are in {', '.join(sorted(known)) or 'none'}")


def _spans(gap: Num, axis: Axis) -> tuple[Span, ...]:
    domain = axis.domain
    try:
        return spans(axis.along(gap), axis.needs, domain.step, domain.low, domain.high)
    except GaveUp:
        where = "" if domain.high is not None else f" with no end to {axis.name}; give a range (between)"
        raise NoAnswer(f"gave up on where the two cross along {axis.name}{where}") from None


def _plain(span: Span) -> dict[str, str | None]:
    last = None if span.last is None else str(span.last)
    return {"first": str(span.first), "last": last, "relation": span.relation, "step": str(span.step)}
