"""Totals of metrics at given sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from symcost.algebra.atoms import Number
from symcost.table import Column, Table, Tabled
from symcost.table.cells import rounded


@dataclass(frozen=True)
class Totals(Tabled):
    """Exact totals at given sizes.

    Attributes:
        bindings: the value of every symbol.
        values: the total of every metric that summaries list.
        units: the unit of each.
        others: what gives the total of any other metric; all can be read as attributes.
    """

    bindings: Mapping[str, Number]
    values: Mapping[str, Number]
    units: Mapping[str, str]
    others: Callable[[str], Number] | None = field(default=None, repr=False, compare=False)

    def __getattr__(self, name: str) -> Number:
        values: Mapping[str, Number] = self.__dict__.get("values", {})  # not there yet while a copy is made
        if name in values:
            return values[name]
        others: Callable[[str], Number] | None = self.__dict__.get("others")
        if name.startswith("_") or others is None:
            raise AttributeError(f"there is no total '{name}'; there are {', '.join(values)}")
        return others(name)

    def as_dict(self) -> dict[str, Number]:
        """Return the totals by metric."""
        return dict(self.values)

    def table(self) -> Table:
        """Return a row for each metric, with its unit and, of large numbers, the size rounded."""
        rows = tuple((name, value, self.units[name], rounded(value)) for name, value in self.values.items())
        names = ("metric", "total", "unit", "about")
        columns = tuple(Column(name, kind="number" if name == "total" else "text") for name in names)
        return Table(columns, rows, "at " + ", ".join(f"{name} = {value}" for name, value in self.bindings.items()))
