"""Frontiers of points as plain numbers; smaller is better in every coordinate.

A point dominates another if it is nowhere greater and somewhere smaller. The frontier of a set is what no point of the
set dominates, and it is the frontier of its parts' frontiers: what is dominated is dominated by some point that is not,
as dominance is transitive and the set is finite. So points may come in any order, and dominated ones be forgotten.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from symcost.frontier.entry import Entry

Values = tuple[Any, ...]
"""Exact numbers."""


def merged(front: Mapping[Values, Entry], more: Iterable[tuple[Values, Entry]]) -> dict[Values, Entry]:
    """Return the frontier of a frontier and more points, with the designs at each of its points."""
    found = dict(front)
    for values, entry in more:
        known = found.get(values)
        found[values] = entry if known is None else known + entry
    rows = sorted(found)
    return {rows[i]: found[rows[i]] for i in nondominated(rows)}


def nondominated(rows: Sequence[Values]) -> list[int]:
    """Return the indices of what no other row dominates, of distinct rows in lexicographic order.

    Only earlier rows can dominate one, and the first coordinate of these is as small: the others decide.
    """
    goals = len(rows[0]) if rows else 0
    if goals == 2:
        return _falling([row[1] for row in rows])
    if goals == 3:
        return of_pairs([row[1:] for row in rows])
    kept: list[int] = []
    for i, row in enumerate(rows):
        if not any(all(x <= y for x, y in zip(rows[k], row, strict=True)) for k in kept):
            kept.append(i)
    return kept


def _falling(values: Sequence[Any]) -> list[int]:
    kept: list[int] = []
    for i, value in enumerate(values):
        if not kept or value < values[kept[-1]]:
            kept.append(i)
    return kept


def of_pairs(pairs: Iterable[Values]) -> list[int]:
    """Return the indices of pairs that no earlier pair equals or dominates.

    The frontier of the pairs so far is kept as a staircase: its second coordinate falls as the first one grows.
    """
    ys: list[Any] = []
    zs: list[Any] = []
    kept = []
    for i, (y, z) in enumerate(pairs):
        at = bisect_right(ys, y)
        if at and zs[at - 1] <= z:
            continue
        kept.append(i)
        start = end = at - 1 if at and ys[at - 1] == y else at
        while end < len(zs) and zs[end] >= z:
            end += 1
        ys[start:end], zs[start:end] = [y], [z]
    return kept
