"""How a cost responds to its sizes: elasticities of the whole and of its parts, and exact effects of steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, evaluate, simplest
from symcost.architecture import Architecture, cost_of
from symcost.calculus.axis import declared_of
from symcost.calculus.gradient import derivative, elasticity
from symcost.calculus.polynomial import branch, polynomial
from symcost.calculus.ratio import Ratio
from symcost.calculus.steps import Step, step_up
from symcost.cost import Cost
from symcost.errors import UsageError
from symcost.solver.domain import read_exact
from symcost.table import Cell, Column, Rate, Table, Tabled, share_of
from symcost.table.cells import decimal

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BY = ("total", "block", "node", "op")


@dataclass(frozen=True)
class Part:
    """A part of a cost, or the whole.

    Attributes:
        name: of the block, node or op; ``total`` for the whole.
        formula: its amount, exact, with floors.
        at: the values of all sizes.
    """

    name: str
    formula: Num
    at: Mapping[str, Number] = field(repr=False)

    @cached_property
    def smooth(self) -> Num:
        """The smooth form of the amount, as a polynomial: of a maximum, what is the largest at the sizes.

        Raises:
            UsageError: it has none, or a kink at the sizes.
        """
        return simplest(branch(polynomial(self.formula), self.at))

    @cached_property
    def amount(self) -> Number:
        """The value of the smooth form at the sizes; it is the exact amount where floors come out even."""
        return evaluate(self.smooth, self.at)

    def derivative(self, size: str) -> Num:
        """Return the derivative of the smooth form by a size."""
        return derivative(self.smooth, size)

    def elasticity(self, size: str) -> Ratio:
        """Return the elasticity in a size as a formula."""
        return elasticity(self.smooth, size)

    def elasticity_at(self, size: str) -> Number | None:
        """Return the elasticity at the sizes; None where there is none: the part is zero, or it has no derivative."""
        if not self.amount:
            return None
        try:
            return self.elasticity(size).at(self.at)
        except UsageError:
            return None


@dataclass(frozen=True)
class Sensitivity(Tabled):
    """How one metric of a network responds to its sizes.

    Attributes:
        name: of the network.
        metric: what is counted.
        unit: of it.
        convention: by which FLOPs are counted.
        at: the value of every size.
        by: what a part stands for.
        sizes: the sizes asked about.
        total: the whole.
        value: the exact total at the sizes.
        parts: the rows of the break-down; none by total.
        steps: exact effects on the total, one for each size.
    """

    name: str
    metric: str
    unit: str
    convention: str
    at: Mapping[str, Number]
    by: str
    sizes: tuple[str, ...]
    total: Part
    value: Number
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return str(self.table())

    def elasticity(self, size: str) -> Ratio:
        """Return the elasticity of the total in a size, as a formula; ``.sympy`` is it for SymPy."""
        return self.total.elasticity(size)

    @property
    def rounding(self) -> Fraction:
        """By how much of the exact total the smooth form differs from it at these sizes."""
        return Fraction(self.total.amount) / self.value - 1

    def table(self) -> Table:
        """Return a row for each size, or for each part with its share and its elasticity in each size."""
        found = self.sizes_table() if self.by == "total" else self.parts_table()
        return replace(found, caption=self._caption())

    def draw(self, ax: Axes | None = None, *, change: Number | str | None = None) -> Axes:
        """Draw a bar for each size, the longest on top, and return the axes drawn on; needs matplotlib.

        Args:
            ax: what to draw on, new axes by default.
            change: show what the total does where each size is less or more by this part of itself, such as ``"1/10"``;
                elasticities where not given. Both are of the smooth form.

        Raises:
            UsageError: the change is not a number between 0 and 1.
        """
        from symcost.calculus.response_picture import draw

        return draw(self, None if change is None else Fraction(read_exact("change", change)), ax)

    def to_json(self) -> dict[str, Any]:
        """Return all of it as JSON takes it, numbers as exact text."""
        return {
            "metric": self.metric,
            "unit": self.unit,
            "convention": self.convention,
            "bindings": {name: str(value) for name, value in self.at.items()},
            "value": str(self.value),
            "smooth": str(self.total.amount),
            "elasticity": {size: _text(self.total.elasticity_at(size)) for size in self.sizes},
            "formula": {size: _formula(self.total, size) for size in self.sizes},
            "steps": [step.to_json() for step in self.steps],
            "by": self.by,
            "rows": [self._row_json(part) for part in self.parts],
        }

    def sizes_table(self) -> Table:
        """Return a row for each size: its elasticity, and what a step up and twice the size do to the total."""
        names = ("size", "value", "elasticity", "next", "changes it by", "twice it is")
        kinds = ("text", "number", "number", "number", "number", "text")
        columns = tuple(Column(n, kind=kind) for n, kind in zip(names, kinds, strict=True))  # type: ignore[arg-type]
        rows: list[tuple[Cell, ...]] = []
        for step in self.steps:
            change = None if step.change is None else Rate(step.change, percent=True)
            double = "" if step.double is None else f"x {decimal(step.double)}"
            local = _rate(self.total.elasticity_at(step.size))
            rows.append((step.size, step.value, local, step.next, change, double))
        return Table(columns, tuple(rows))

    def parts_table(self) -> Table:
        """Return a row for each part, with its elasticity in each size and its share."""
        columns = (Column(self.by, kind="text"), *(Column(size) for size in self.sizes))
        columns = (*columns, Column(f"share of {self.metric}", kind="share"))
        return Table(columns, tuple(map(self._row, self.parts)), "", self._row(self.total))

    def _row(self, part: Part) -> tuple[Cell, ...]:
        share = None if part is self.total else share_of(self._share(part))
        return (part.name, *(_rate(part.elasticity_at(size)) for size in self.sizes), share)

    def _share(self, part: Part) -> Fraction:
        return Fraction(part.amount) / self.total.amount

    def _row_json(self, part: Part) -> dict[str, Any]:
        found = {size: _text(part.elasticity_at(size)) for size in self.sizes}
        return {self.by: part.name, "share": str(self._share(part)), "elasticity": found}

    def _caption(self) -> str:
        given = ", ".join(f"{name} = {value}" for name, value in self.at.items())
        return f"elasticities of {self.metric} at {given}"


def sensitivity(
    cost: Cost | Architecture,
    metric: str = "flops",
    at: Mapping[str, Number | str] | None = None,
    *,
    by: str = "total",
    depth: int = 1,
    sizes: Sequence[str] | None = None,
) -> Sensitivity:
    """Return how a metric responds to each size: d log cost / d log size, of the whole and of its parts.

    Derivatives are of the smooth form, which agrees with the exact function where floors come out even; steps are of
    the exact function. Both are exact numbers.

    Args:
        cost: of a network, or the network itself under the default convention.
        metric: what is counted.
        at: values of sizes, defaults filling the rest.
        by: ``total``, or a break-down by ``block``, ``node`` or ``op``.
        depth: how many levels of blocks are told apart.
        sizes: the sizes asked about, all where not given.

    Raises:
        UsageError: no such metric, size or break-down; a total that is zero, or has no smooth form.
        SpecError: a value is refused.
    """
    cost = cost_of(cost)
    env = cost.bindings(at)
    asked = tuple(sizes) if sizes else tuple(cost.symbols)
    for size in asked:
        declared_of(cost, (), size)
    if by not in BY:
        raise UsageError(f"there is no break-down by '{by}'; there are {', '.join(BY[:-1])} and {BY[-1]}")
    total = Part("total", cost.poly(metric), env)
    value = evaluate(total.formula, env)
    name = cost.name or cost.graph.name
    if not value or not total.amount:
        raise UsageError(f"{name}: {metric} is 0 here, so it has no elasticities")
    rows = [] if by == "total" else cost.rows(by, depth, [metric])
    return Sensitivity(
        name=name,
        metric=metric,
        unit=cost.units(metric),
        convention=cost.convention.name,
        at=env,
        by=by,
        sizes=asked,
        total=total,
        value=value,
        parts=tuple(Part(row.name, row.values[metric], env) for row in rows),
        steps=tuple(step_up(cost, total.formula, size, env) for size in asked),
    )


def _rate(x: Number | None) -> Rate | None:
    return None if x is None else Rate(Fraction(x))


def _text(x: Number | None) -> str | None:
    return None if x is None else str(x)


def _formula(part: Part, size: str) -> str | None:
    try:
        return str(part.elasticity(size))
    except UsageError:
        return None
