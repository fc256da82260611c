"""What a printed figure may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from symcost.algebra.atoms import Number
from symcost.errors import NoAnswer
from symcost.reconciliation.figure import Figure
from symcost.reconciliation.readings import Reading
from symcost.table import Column, Table
from symcost.table.tabled import Tabled


@dataclass(frozen=True)
class Match:
    """What a network comes to in one reading.

    Attributes:
        network: its name.
        structure: what is otherwise than in the question in the network, in words.
        sizes: the same of its input.
        meaning: the same of the metric.
        reading: the metric and the convention.
        at: the value of every free symbol.
        value: exact.
    """

    network: str
    structure: tuple[str, ...]
    sizes: tuple[str, ...]
    meaning: tuple[str, ...]
    reading: Reading
    at: Mapping[str, Number]
    value: Number

    @property
    def changes(self) -> tuple[str, ...]:
        """All that is otherwise than in the question."""
        return (*self.structure, *self.sizes, *self.meaning)


@dataclass(frozen=True)
class Reconciliation(Tabled):
    """A printed figure and everything it was held against.

    Attributes:
        network: the name of the one asked about.
        figure: as it was printed.
        plain: what it says, taken at its word.
        tried: all that was looked at, the plain reading at the given sizes first.
    """

    network: str
    figure: Figure
    plain: Reading
    tried: tuple[Match, ...]

    @property
    def at_its_word(self) -> Match:
        """What the network comes to as it was asked about."""
        return self.tried[0]

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """The readings that print as the figure: with the fewest changes first, then the nearest.

        Of several ways of one network to the same number, the one with the fewest changes is given.
        """
        fitting = [match for match in self.tried if self.figure.prints(match.value)]
        found: dict[object, Match] = {}
        for match in sorted(fitting, key=lambda match: len(match.changes)):
            found.setdefault((match.network, match.value), match)
        return tuple(sorted(found.values(), key=lambda match: (len(match.changes), self._off(match))))

    @property
    def nearest(self) -> Match:
        """The reading that comes nearest, among those with the fewest changes."""
        return min(self.tried, key=lambda match: (self._off(match), len(match.changes)))

    @property
    def simplest(self) -> tuple[Match, ...]:
        """The matches that take the fewest changes."""
        least = len(self.matches[0].changes) if self.matches else 0
        return tuple(match for match in self.matches if len(match.changes) == least)

    def needed(self) -> tuple[Match, ...]:
        """Return the matches.

        Raises:
            NoAnswer: there is none.
        """
        if not self.matches:
            raise NoAnswer(f"{self.network}: none of {self._looked_at()} prints as {self.figure}; {self.near()}")
        return self.matches

    def _looked_at(self) -> str:
        return f"{len(self.tried):,} combinations of variant, flags, input size and convention"

    def near(self) -> str:
        """Return the plain reading and the nearest, in words."""
        nearest = self.nearest
        said = f"taken at its word it is {self.at_its_word.value:,} ({self.figure.off(self.at_its_word.value)})"
        other = f"; the nearest is {nearest.value:,} ({self.figure.off(nearest.value)}), {', '.join(nearest.changes)}"
        return said + (other if nearest.changes else "")

    def table(self, every: bool = False) -> Table:
        """Return the matches that take the fewest changes, or every match."""
        columns = (Column("otherwise than asked", kind="text"), Column("comes to"), Column("off", kind="text"))
        shown = self.matches if every else self.simplest
        rows = tuple((", ".join(m.changes) or "nothing", m.value, self.figure.off(m.value)) for m in shown)
        return Table(columns, rows, f"{self.figure} of {self.network}: {self.figure.span}")

    def __str__(self) -> str:
        if self.matches:
            return f"{self.table()}\n\n{self.near()}"
        return f"{self.figure} of {self.network}: none of {self._looked_at()} prints so; {self.near()}"

    def told(self) -> tuple[str | Table, ...]:
        """Return the table of matches and how near others come; without matches there is no table."""
        return (self.table(), self.near()) if self.matches else (str(self),)

    def to_json(self) -> dict[str, Any]:
        """Return the answer as JSON takes it, exact numbers as strings."""
        return {
            "figure": str(self.figure),
            "metric": self.figure.metric,
            "tried": len(self.tried),
            "at_its_word": _plain(self.at_its_word),
            "matches": [_plain(match) for match in self.matches],
            "nearest": _plain(self.nearest),
        }

    def _off(self, match: Match) -> Fraction:
        return abs(Fraction(match.value) - Fraction(self.figure.value))


def _plain(match: Match) -> dict[str, Any]:
    reading = {"metrics": list(match.reading.metrics), "convention": match.reading.convention}
    at = {name: str(value) for name, value in match.at.items()}
    return {"network": match.network, "changes": list(match.changes), **reading, "at": at, "value": str(match.value)}
