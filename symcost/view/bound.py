"""How far a view is from the exact formula at most, over ranges of sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any, TypeGuard

from symcost.algebra.atoms import Number, exact
from symcost.algebra.deviation import Cell as Counts
from symcost.algebra.deviation import Extreme, deviations
from symcost.algebra.implied import essential
from symcost.algebra.needs import Divides, Need
from symcost.algebra.poly import Num, substitute, symbol
from symcost.bindings import bind
from symcost.errors import NoAnswer, UsageError, did_you_mean, quoted
from symcost.graph.assumptions import box_of
from symcost.graph.model import Graph
from symcost.spec.symbols import read_number
from symcost.table import Cell, Column, Table, Tabled

if TYPE_CHECKING:
    from symcost.view.view import View

RATIO_STEP = Fraction(1, 100)
"""Distance of the values of a ratio that are looked at."""
Range = tuple[Number | str | None, Number | str | None]
"""Least and greatest value, None for no end; the declared ends hold in any case."""


@dataclass(frozen=True)
class Bound(Tabled):
    """The least and the greatest relative error of a view, (view - exact)/exact, over all allowed sizes in some ranges.

    Attributes:
        least: the error furthest below, and the sizes where it is.
        greatest: the error furthest above, and the sizes where it is.
        ranges: the sizes that vary, each with its ends.
        at: the values of all other sizes.
        steps: the distance of the values of a size that were looked at, where it is not 1.
    """

    least: Extreme
    greatest: Extreme
    ranges: Mapping[str, tuple[Number, Number | None]]
    at: Mapping[str, Number]
    steps: Mapping[str, Number] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.sentence()}\nat {_values(self.at)}" if self.at else self.sentence()

    def sentence(self) -> str:
        """Return the bound in words, without the sizes that do not vary."""
        if self.least.value == self.greatest.value == 0 and self.least.attained and self.greatest.attained:
            return f"no error for {self._ranges()}"
        return f"error between {_told(self.least)} and {_told(self.greatest)}, for {self._ranges()}"

    def table(self) -> Table:
        """Return a row for each side."""
        columns = (Column("error", kind="text"), *map(Column, self.ranges), Column("exact", kind="text"))
        sides = (self.least, self.greatest)
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (
                percent(side.bound),
                *(side.at[name] for name in self.ranges),
                str(side.value),
            )
            for side in sides
        )
        return Table(columns, rows, f"for {self._ranges()}" + (f", at {_values(self.at)}" if self.at else ""))

    def to_json(self) -> dict[str, Any]:
        """Return the bound as JSON takes it, exact fractions as text."""
        ends = {name: [None if end is None else str(end) for end in ends] for name, ends in self.ranges.items()}
        sides = {"least": self.least, "greatest": self.greatest}
        return {**{side: _data(extreme) for side, extreme in sides.items()}, "for": ends, "at": _texts(self.at)}

    def _ranges(self) -> str:
        return ", ".join(f"{_span(name, *ends)}{self._steps(name)}" for name, ends in self.ranges.items())

    def _steps(self, name: str) -> str:
        return f" in steps of {self.steps[name]}" if name in self.steps else ""


def bound_of(view: View, asked: Mapping[str, Number | str | Range], cells: int | None = None) -> Bound:
    """Return the extremes of a view's error, where the sizes given as ranges vary and all others have one value.

    ``cells`` limits the work, as for ``deviations``.

    Raises:
        NoAnswer: no sizes in the ranges are allowed.
        SpecError: a value does not belong.
        UsageError: there is no such symbol, or a range is not one.
    """
    graph = view.graph
    for name in asked:
        if name not in graph.symbols:
            raise UsageError(f"there is no free symbol {quoted(name)}{did_you_mean(name, graph.symbols)}")
    ranges = {name: _read(name, value, graph) for name, value in asked.items() if isinstance(value, (tuple, list))}
    given = {name: value for name, value in asked.items() if name not in ranges}
    at = bind(graph, {**given, **{name: low for name, (low, _) in ranges.items()}}, check=False)
    steps = {name: _step(name, graph) for name in ranges}
    images: dict[str, Num] = {**at, **{name: symbol(name) * steps[name] for name in ranges}}
    cell: Counts = {name: _counts(*ends, steps[name]) for name, ends in ranges.items()}

    def values(counts: Mapping[str, Number]) -> dict[str, Number]:
        return {name: exact(counts[name] * steps[name]) for name in ranges}

    def allowed(counts: Mapping[str, Number]) -> bool:
        env = {**at, **values(counts)}
        return all(need.holds(env) for need in graph.needs)

    found = deviations(substitute(view.value, images), substitute(view.exact, images), cell, allowed, cells)
    if found is None:
        raise NoAnswer(f"{graph.name}: found no sizes that are allowed and cost anything, for {_texts_of(ranges)}")
    least, greatest = (extreme._replace(at={**extreme.at, **values(extreme.at)}) for extreme in found)
    fixed = {name: value for name, value in at.items() if name not in ranges}
    return Bound(least, greatest, ranges, fixed, {name: step for name, step in steps.items() if step != 1})


def percent(error: Number) -> str:
    """Return a relative error with three digits, such as ``-10.8 %``."""
    return f"{float(error) * 100:+.3g} %" if error else "0 %"


def _told(extreme: Extreme) -> str:
    if extreme.attained:
        return f"{percent(extreme.value)} (at {_values(extreme.at)})"
    return f"{percent(extreme.bound)} (not reached; the nearest found is at {_values(extreme.at)})"


def _read(name: str, ends: Any, graph: Graph) -> tuple[Number, Number | None]:
    if len(ends) != 2:
        raise UsageError(f"a range of {name} has two ends, None for no end, got {len(ends)}")
    low, high = (None if end is None else _number(name, end) for end in ends)
    declared = graph.symbols[name]
    low = max(declared.least if low is None else low, declared.least)
    tops = [top for top in (high, declared.max) if top is not None]
    most = min(tops, default=None)
    low = max(low, RATIO_STEP) if declared.kind == "ratio" else low
    if most is not None and low > most:
        raise UsageError(f"the range of {name} is empty: {low} is above {most}")
    return low, most


def _number(name: str, value: Any) -> Number:
    try:
        number = read_number(value)
    except ValueError as error:
        raise UsageError(f"a range of {name}: {error}") from None
    if isinstance(number, bool) or not isinstance(number, (int, Fraction)):
        raise UsageError(f"a range of {name} takes numbers, got {quoted(str(value))}")
    return number


def _step(name: str, graph: Graph) -> Number:
    """Return what divides every value of a size, by its declaration or a condition."""
    declared = graph.symbols[name]
    if declared.kind == "ratio":
        return RATIO_STEP
    divisors = (need.n for need in essential(graph.needs, box_of(graph)) if _divides(need, name))
    return lcm(declared.step, *(n for n in divisors if isinstance(n, int)))


def _divides(need: Need, name: str) -> TypeGuard[Divides]:
    return isinstance(need, Divides) and isinstance(need.n, int) and need.a == symbol(name)


def _counts(low: Number, high: Number | None, step: Number) -> tuple[int, int | None]:
    return int(-(-low // step)), None if high is None else int(high // step)


def _span(name: str, low: Number, high: Number | None) -> str:
    return f"{name} >= {low}" if high is None else f"{low} <= {name} <= {high}"


def _texts_of(ranges: Mapping[str, tuple[Number, Number | None]]) -> str:
    return ", ".join(_span(name, *ends) for name, ends in ranges.items())


def _values(values: Mapping[str, Number]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())


def _texts(values: Mapping[str, Number]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _data(extreme: Extreme) -> dict[str, Any]:
    return {
        "error": str(extreme.value),
        "at": _texts(extreme.at),
        "bound": str(extreme.bound),
        "attained": extreme.attained,
    }
