"""Families of designs that cost the same: for every value of one size, how far another can go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num
from symcost.architecture import Architecture, cost_of
from symcost.cost import Cost
from symcost.errors import NoAnswer, UsageError
from symcost.optimum.best import optimize
from symcost.optimum.over import Over, read_over
from symcost.solver.amounts import unit_of
from symcost.solver.budget import Budget, as_budgets
from symcost.solver.grid import axes
from symcost.table import Cell, Column, Table, Tabled

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Iso(Tabled):
    """Designs at the edge of a budget, printed as a table.

    Attributes:
        along: the size that is gone along.
        largest: the size that is as large as can be.
        budgets: what all designs meet.
        designs: for every value that has one, the pair of sizes and every budget's metric.
        without: the values for which nothing meets the budgets.
        convention: name of the convention of FLOPs.
        name: of the network.
        at: the other sizes; formulas where they follow.
    """

    along: str
    largest: str
    budgets: tuple[Budget, ...]
    designs: tuple[Mapping[str, Number], ...]
    without: tuple[Number, ...]
    convention: str
    name: str = ""
    at: Mapping[str, Num] = field(default_factory=dict)

    def draw(self, ax: Axes | None = None, *, beside: Iterable[Iso] = ()) -> Axes:
        """Draw the designs as stairs, and return the axes drawn on; needs matplotlib.

        Args:
            ax: what to draw on, new axes by default.
            beside: curves of other budgets, of the same two sizes.

        Raises:
            UsageError: a curve beside is of other sizes.
        """
        from symcost.optimum.picture import draw

        return draw([self, *beside], ax)

    def table(self) -> Table:
        """Return a row for each design."""
        names = dict.fromkeys(b.metric for b in self.budgets)
        columns = (
            Column(self.along),
            Column(self.largest),
            *(Column(name, unit_of(name, self.convention)) for name in names),
        )
        rows = tuple(tuple[Cell, ...](design.values()) for design in self.designs)
        caption = f"the largest {self.largest} with {' and '.join(b.text for b in self.budgets)}"
        if self.without:
            caption += f"; there is none for {self.along} = {', '.join(map(str, self.without))}"
        return Table(columns, rows, caption)


def iso(
    cost: Cost | Architecture,
    along: str,
    largest: Over,
    budgets: str | Budget | Iterable[str | Budget],
    at: Mapping[str, Number | str] | None = None,
) -> Iso:
    """Return, for every value of one size, the largest value of another within budgets: a curve of equal cost.

    Args:
        cost: of a network, or the network itself under the default convention.
        along: the size to go along, with its values, such as ``"L3=2:40:2"``.
        largest: the other size, perhaps with values, such as ``"C"`` or ``"C=8::8"``.
        budgets: such as ``"flops <= 8G"``.
        at: values of other sizes; they may follow the other size, as in ``{"W": "H"}``.

    Raises:
        UsageError: the question has no meaning.
        SpecError: a value is refused.
        NoAnswer: nothing meets the budgets for any value.
    """
    cost = cost_of(cost)
    asked = read_over(largest)
    if len(asked) != 1:
        raise UsageError(f"iso makes one size as large as can be, got {', '.join(asked)}")
    (axis,) = axes(along, cost.symbols)
    (name,) = asked
    read = as_budgets(budgets, cost.convention)
    if not read:
        raise UsageError("give at least one budget, such as 'macs <= 2G'")
    found: list[Mapping[str, Number]] = []
    others: Mapping[str, Num] = {}
    without: list[Number] = []
    refused: NoAnswer | None = None
    for value in axis.values:
        try:
            best = optimize(cost, asked, maximize=name, budgets=read, at={**(at or {}), axis.name: value})
            found.append({axis.name: value, name: best.value, **best.metrics})
            others = {key: size for key, size in best.at.items() if key not in (axis.name, name)}
        except NoAnswer as error:
            refused = error
            without.append(value)
    if not found and refused is not None:
        raise refused
    return Iso(axis.name, name, read, tuple(found), tuple(without), cost.convention.name, cost.name, others)
