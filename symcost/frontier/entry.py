"""What is kept of the designs that share their values of all goals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LISTED = 3
"""Designs that are kept of those with equal values."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Designs with equal values.

    Attributes:
        count: how many there are.
        first: places in the grid of the first of them.
    """

    count: int
    first: tuple[int, ...]

    def __add__(self, other: Entry) -> Entry:
        return Entry(self.count + other.count, first_of((*self.first, *other.first)))


def first_of(places: Iterable[int]) -> tuple[int, ...]:
    """Return the first few of some places in the grid."""
    return tuple(sorted(places)[:LISTED])
