"""Where an exact function of a whole number is negative, zero and positive: every range of it, each proved.

A range where the function never turns back is cut by bisection; a range whose bounds are on one side of zero is
decided at once; any other is halved. What has no end is looked at in ever longer pieces, until a tail is decided.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from symcost.algebra.atoms import Number
from symcost.solver.condition import GaveUp, last_alike
from symcost.solver.curve import Curve

LIMIT = 20_000
MOST_RUNS = 10_000
_SHORT = 8
_WIDTHS = tuple(1 << bits for bits in range(6, 300))


class Run(NamedTuple):
    """Neighbouring places of one sign: -1, 0 or 1; ``last`` is None without end."""

    first: int
    last: int | None
    sign: int


def runs(curve: Curve, first: int, last: int | None) -> list[Run]:
    """Return the longest ranges of one sign, in order, which together are all places from first to last.

    Raises:
        GaveUp: the signs change more often than can be listed, or are not decided with the work allowed.
    """
    found: list[Run] = []
    for run in _Signs(curve).of(first, last):
        if found and found[-1].sign == run.sign:
            found[-1] = Run(found[-1].first, run.last, run.sign)
        else:
            found.append(run)
        if len(found) > MOST_RUNS:
            raise GaveUp
    return found


def sign(x: Number) -> int:
    """Return -1, 0 or 1."""
    return (x > 0) - (x < 0)


class _Signs:
    def __init__(self, curve: Curve) -> None:
        self.curve = curve
        self.steps = 0

    def of(self, first: int, last: int | None) -> Iterator[Run]:
        """Yield runs, neighbours of the same sign not put together."""
        stack: list[tuple[int, int | None]] = [(first, last)]
        while stack:
            a, b = stack.pop()
            if b is not None and b - a < _SHORT:
                yield from (Run(j, j, sign(self.curve(j))) for j in range(a, b + 1))
                continue
            trend = self.curve.trend(a, b)
            known = self._known(a, b, trend)
            if known is not None:
                yield Run(a, b, known)
            elif trend is not None:
                yield from self._along(a, b)
            else:
                self._count()
                middle = self._tail(a) if b is None else (a + b) // 2
                stack += [(middle + 1, b), (a, middle)]

    def _known(self, first: int, last: int | None, trend: int | None) -> int | None:
        """Return the sign of all values of a range where bounds tell it."""
        low, high = self.curve.range(first, last, trend)
        if low is not None and low > 0:
            return 1
        if high is not None and high < 0:
            return -1
        return 0 if low == high == 0 else None

    def _along(self, first: int, last: int | None) -> Iterator[Run]:
        """Yield the runs of a range where the function never turns back: at most three."""
        start: int | None = first
        while start is not None:
            here = sign(self.curve(start))
            end = None if self._known(start, last, self.curve.trend(start, last)) == here else self._end(start, last)
            yield Run(start, last if end is None else end, here)
            start = None if end is None or end == last else end + 1

    def _end(self, start: int, last: int | None) -> int:
        here = sign(self.curve(start))
        return last_alike(lambda j: sign(self.curve(j)) == here, start, last)

    def _tail(self, first: int) -> int:
        """Return a place after which all that follows, without end, is decided or never turns back."""
        for width in _WIDTHS:
            start = first + width
            trend = self.curve.trend(start, None)
            if trend is not None or self._known(start, None, None) is not None:
                return start - 1
            self._count()
        raise GaveUp

    def _count(self) -> None:
        self.steps += 1
        if self.steps > LIMIT:
            raise GaveUp
