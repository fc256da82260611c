"""Totals of metrics at given sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symcost.algebra.atoms import Number
from symcost.table import Column, Table
from symcost.table.cells import rounded


@dataclass(frozen=True)
class Totals:
    """Exact totals at given sizes.

    Attributes:
        bindings: the value of every symbol.
        values: the total of every metric that summaries list.
        units: the unit of each.
    """

    bindings: Mapping[str, Number]
    values: Mapping[str, Number]
    units: Mapping[str, str]

    def __getattr__(self, name: str) -> Number:
        values: Mapping[str, Number] = self.__dict__.get("values", {})  # not there yet while a copy is made
        if name not in values:
            raise AttributeError(f"there is no total '{name}'; there are {', '.join(values)}")
        return values[name]

    def as_dict(self) -> dict[str, Number]:
        """Return the totals by metric."""
        return dict(self.values)

    def table(self) -> Table:
        """Return a row for each metric, with its unit and, of large numbers, the size rounded."""
        rows = tuple((name, value, self.units[name], rounded(value)) for name, value in self.values.items())
        names = ("metric", "total", "unit", "about")
        columns = tuple(Column(name, kind="number" if name == "total" else "text") for name in names)
        return Table(columns, rows, "at " + ", ".join(f"{name} = {value}" for name, value in self.bindings.items()))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return self.table().bundle()
