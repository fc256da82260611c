"""The frontier of points that come in arrays; smaller is better in every coordinate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, TypeAlias

import numpy as np

from symcost.frontier.entry import LISTED, Entry
from symcost.frontier.plain import of_pairs

Array: TypeAlias = Any
Row = tuple[Any, ...]

SIEVES = 12
"""Points of the frontier that all others are compared with first; most are dominated by one of them."""
COMPARED = 1 << 18
"""Comparisons made in one array."""
BATCH = 256


class Front:
    """The frontier of the points added so far.

    Attributes:
        entries: what is kept of the designs at each of its points.
    """

    def __init__(self, goals: int) -> None:
        self.entries: dict[Row, Entry] = {}
        self._rows: list[Array] = [np.empty(0, dtype=np.int64)] * goals

    def add(self, columns: Sequence[Array], allowed: Array, places: Sequence[Array]) -> None:
        """Take a block of points into account.

        Args:
            columns: the coordinates, in arrays that broadcast to the block.
            allowed: which points count, in an array of the block's shape.
            places: what each index along an axis of the block adds to the place in the grid.
        """
        alive = allowed
        for sieve in self._sieves():
            alive = alive & ~_dominates(sieve, columns)
        at = np.nonzero(alive)
        if not len(at[0]):
            return
        points = [np.broadcast_to(column, alive.shape)[at] for column in columns]
        place = sum(axis[index] for axis, index in zip(places, at, strict=True))
        if len(points) != 3:  # of three coordinates, all are gone through again in any case
            kept = np.nonzero(~beaten(points, self._rows))[0]
            points, place = [column[kept] for column in points], place[kept]
        if len(place):
            self._merge(*_grouped(points, place))

    def _sieves(self) -> list[Row]:
        """Return a few points spread along the frontier, none while it is empty."""
        last = len(self._rows[0]) - 1
        spread = {k * last // SIEVES for k in range(SIEVES + 1)} if last >= 0 else ()
        return [tuple(column[i] for column in self._rows) for i in spread]

    def _merge(self, rows: Sequence[Array], found: Sequence[Entry]) -> None:
        """Put in rows that nothing dominates, and take out what they dominate."""
        old = len(self._rows[0])
        joined = [np.concatenate(pair) for pair in zip(self._rows, rows, strict=True)]
        order = np.lexsort(tuple(reversed(joined)))  # which is stable: of equal rows the old one stands first
        joined = [column[order] for column in joined]
        first = _changes(joined)
        kept = np.zeros(np.count_nonzero(first), dtype=bool)
        kept[nondominated([column[first] for column in joined])] = True
        alive = kept[np.cumsum(first) - 1]
        self._take_out(np.nonzero(~alive & (order < old))[0], joined)
        new = np.nonzero(alive & (order >= old))[0]
        for row, i in zip(_tuples(joined, new), order[new].tolist(), strict=True):
            known = self.entries.get(row)
            self.entries[row] = found[i - old] if known is None else known + found[i - old]
        self._rows = [column[alive & first] for column in joined]

    def _take_out(self, gone: Array, joined: Sequence[Array]) -> None:
        for row in _tuples(joined, gone):
            del self.entries[row]


def _grouped(points: Sequence[Array], place: Array) -> tuple[list[Array], list[Entry]]:
    """Return the distinct points in lexicographic order, and the designs at each."""
    order = np.lexsort((place, *reversed(points)))
    points, place = [column[order] for column in points], place[order]
    starts = np.nonzero(_changes(points))[0]
    kept = nondominated([column[starts] for column in points])
    ends = np.append(starts, len(place))[1:][kept]
    starts = starts[kept]
    entries = [
        Entry(end - start, tuple(place[start : min(end, start + LISTED)].tolist()))
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    return [column[starts] for column in points], entries


def _tuples(columns: Sequence[Array], chosen: Array) -> Iterator[Row]:
    return zip(*(column[chosen].tolist() for column in columns), strict=True)


def beaten(points: Sequence[Array], by: Sequence[Array]) -> Array:
    """Tell which points are dominated by some of others, which are in lexicographic order and dominate no other."""
    if not len(by[0]):
        return np.zeros(len(points[0]), dtype=bool)
    if len(points) == 2:
        last = np.searchsorted(by[0], points[0], side="right") - 1
        x, y = (column[np.maximum(last, 0)] for column in by)
        return (last >= 0) & ((y < points[1]) | ((y == points[1]) & (x < points[0])))
    return _beaten(points, by)


def _beaten(points: Sequence[Array], by: Sequence[Array]) -> Array:
    left = np.arange(len(points[0]))
    start, count = 0, len(by[0])
    while start < count and len(left):
        end = min(count, start + max(1, COMPARED // len(left)))
        hit = _dominates([column[start:end, None] for column in by], [column[left][None] for column in points])
        left = left[~hit.any(axis=0)]
        start = end
    mask = np.ones(len(points[0]), dtype=bool)
    mask[left] = False
    return mask


def _dominates(a: Sequence[Array], b: Sequence[Array]) -> Array:
    nowhere_greater = reduce(and_, (x <= y for x, y in zip(a, b, strict=True)))
    somewhere_less = reduce(or_, (x < y for x, y in zip(a, b, strict=True)))
    return nowhere_greater & somewhere_less


def nondominated(rows: Sequence[Array]) -> Array:
    """Return the indices of what no other row dominates, of distinct rows in lexicographic order.

    A row is dominated by earlier ones only. Of two coordinates, it is if an earlier one has a second as small.
    """
    if len(rows) == 2:
        least = np.minimum.accumulate(rows[1])
        return np.nonzero(np.append(True, rows[1][1:] < least[:-1]))[0]
    if len(rows) == 3:
        return np.array(of_pairs(zip(rows[1].tolist(), rows[2].tolist(), strict=True)))
    return _of_many(rows)


def _of_many(rows: Sequence[Array]) -> Array:
    left = np.arange(len(rows[0]))
    kept = []
    while len(left):
        batch, left = left[:BATCH], left[BATCH:]
        some = [column[batch] for column in rows]
        batch = batch[~_beaten(some, some)]
        kept.append(batch)
        left = left[~_beaten([column[left] for column in rows], [column[batch] for column in rows])]
    return np.concatenate(kept)


def _changes(columns: Sequence[Array]) -> Array:
    """Tell which rows differ from the one before; the first does."""
    return np.append(True, np.logical_or.reduce([column[1:] != column[:-1] for column in columns]))
