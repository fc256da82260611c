"""The difference of two costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, evaluate
from symcost.calculus import Crossover, Dominance
from symcost.comparison.causes import Cause
from symcost.comparison.overtaking import along, changes, verdict
from symcost.comparison.rows import Pair
from symcost.comparison.sides import Sides
from symcost.notation.latex import latex
from symcost.notation.lines import one_line
from symcost.notation.tree import tree
from symcost.solver.domain import Range
from symcost.table import Cell, Column, Table, Tabled

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True)
class Comparison(Tabled):
    """Two networks in one metric; differences are the second minus the first.

    Attributes:
        sides: the two, over the same sizes.
        metric: what is compared.
        by: what a row stands for: ``block``, ``op`` or ``node``.
        totals: of both, as formulas.
        rows: parts side by side, without those that come to nothing on both; their amounts add up to the totals. Empty
            for a metric that is no sum over parts.
        causes: what explains the difference, the largest first; they add up to it.
    """

    sides: Sides
    metric: str
    by: str
    totals: tuple[Num, Num]
    rows: tuple[Pair, ...]
    causes: tuple[Cause, ...]

    @property
    def names(self) -> tuple[str, str]:
        """What the two are called."""
        return self.sides.names

    @property
    def unit(self) -> str:
        """The unit of the metric."""
        return self.sides.joint.units(self.metric)

    @property
    def at(self) -> Mapping[str, Number]:
        """The sizes at which numbers are given."""
        return self.sides.at

    @property
    def difference(self) -> Num:
        """The second total minus the first."""
        return self.totals[1] - self.totals[0]

    @property
    def sympy(self) -> sympy.Expr:
        """The difference as a SymPy expression."""
        from symcost.algebra.to_sympy import to_sympy

        return to_sympy(self.difference)

    @property
    def latex(self) -> str:
        """The difference in LaTeX."""
        return latex(self.difference)

    def value(self, formula: Num) -> Number:
        """Return what a formula of this comparison comes to at ``at``."""
        return evaluate(formula, self.at)

    def along(self, size: str, between: Range | None = None) -> Crossover:
        """Compare the two as a size grows, or several that stay equal (``H=W``), the others as in ``at``.

        Raises:
            UsageError: there is no such size.
            NoAnswer: where one overtakes the other is not decided with the work allowed; a range may help.
        """
        return along(self.sides, self.totals, size, between)

    @property
    def overtakes(self) -> Mapping[str, Crossover]:
        """The sizes along which one overtakes the other, the other sizes as in ``at``."""
        return self._changes[0]

    @property
    def undecided(self) -> tuple[str, ...]:
        """The sizes along which it is not known whether one overtakes the other: the search was given up."""
        return self._changes[1]

    @cached_property
    def _changes(self) -> tuple[Mapping[str, Crossover], tuple[str, ...]]:
        return changes(self.sides, self.totals)

    @cached_property
    def dominance(self) -> Dominance | None:
        """Whether the one that costs more at ``at`` costs at least as much at all sizes; None where they are equal.

        Nothing is searched where one is known to overtake the other along a size: the verdict is then no.
        """
        return None if self.difference == 0 or self.overtakes else verdict(self.sides, self.totals)

    def share(self, part: Num) -> Fraction | None:
        """Return what part of the difference something is, at ``at``; None where there is no difference."""
        whole = self.value(self.difference)
        return Fraction(self.value(part)) / Fraction(whole) if whole else None

    def table(self) -> Table:
        """Return the rows as numbers, with their total."""
        first, second = self.names
        columns = (
            Column(self.by, kind="text"),
            Column(first, self.unit),
            Column(second, self.unit),
            Column("difference", self.unit),
        )
        total: tuple[Cell, ...] = ("total", *map(self.value, self.totals), self.value(self.difference))
        return Table(columns, tuple(map(self._row, self.rows)), self.caption, total)

    @property
    def caption(self) -> str:
        """What is compared, and at which sizes."""
        given = ", ".join(f"{name} = {value}" for name, value in self.at.items())
        return f"{self.metric} of {self.names[0]} and {self.names[1]}{f' at {given}' if given else ''}"

    def _row(self, pair: Pair) -> tuple[Cell, ...]:
        amounts = (None if amount is None else self.value(amount) for amount in pair.amounts)
        return (pair.name, *amounts, self.value(pair.difference))

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as JSON takes it, amounts as exact text."""
        return {
            "metric": self.metric,
            "unit": self.unit,
            "convention": self.sides.joint.convention.name,
            "names": list(self.names),
            "shared": list(self.sides.shared),
            "own": [list(names) for names in self.sides.own],
            "differing": {name: [str(v) for v in values] for name, values in self.sides.differing.items()},
            "at": {name: str(value) for name, value in self.at.items()},
            "total": [str(self.value(x)) for x in self.totals],
            "difference": {
                "value": str(self.value(self.difference)),
                "text": one_line(self.difference),
                "latex": self.latex,
                "terms": tree(self.difference),
            },
            "rows": [self._plain(pair) for pair in self.rows],
            "causes": [self._cause(cause) for cause in self.causes],
            "overtakes": {size: crossing.to_json() for size, crossing in self.overtakes.items()},
            "undecided": list(self.undecided),
            "dominance": self._verdict(),
        }

    def _plain(self, pair: Pair) -> dict[str, Any]:
        amounts = [None if amount is None else str(self.value(amount)) for amount in pair.amounts]
        texts = [None if amount is None else one_line(amount) for amount in pair.amounts]
        change = {"difference": str(self.value(pair.difference)), "text": one_line(pair.difference)}
        return {self.by: pair.name, "amounts": amounts, "formulas": texts, **change}

    def _cause(self, cause: Cause) -> dict[str, Any]:
        share = self.share(cause.difference)
        return {
            "name": cause.name,
            "only": None if cause.only is None else self.names[cause.only],
            "nodes": cause.count,
            "value": str(self.value(cause.difference)),
            "share": None if share is None else str(share),
            "text": one_line(cause.difference),
        }

    def _verdict(self) -> dict[str, Any] | None:
        found = self.dominance
        return None if found is None else {**found.to_json(), "names": list(found.names)}

    def __str__(self) -> str:
        from symcost.comparison.wording import lines

        return "\n".join(lines(self))

    def told(self) -> tuple[str | Table, ...]:
        """Return the rows, and what explains their difference."""
        return (self.table(), str(self))

    def to_text(self) -> str:
        """Return the rows and the words as plain text."""
        return "\n\n".join(map(str, self.told()))
