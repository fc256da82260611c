"""Search a range of whole numbers for the greatest or least one that meets exact conditions.

A range is narrowed by every condition that is monotone in it; what is left open is decided by bounds over the whole
range, and where these say neither yes nor no, the range is halved. So an answer is always proved, and the work is
bounded.
"""

from __future__ import annotations

from collections.abc import Sequence

from symcost.algebra.atoms import Number
from symcost.solver.condition import Condition, GaveUp, Narrowed, narrowed
from symcost.solver.curve import Curve

LIMIT = 5_000
EXPLAINED = 1_000
"""Steps allowed for finding an answer, and for saying why there is none."""
_DOUBLINGS = 300


class Endless(Exception):
    """Every place from ``start`` on meets the conditions; None where that is so in some classes only."""

    def __init__(self, start: int | None) -> None:
        super().__init__(start)
        self.start = start


class Search:
    """A search and the work it has done.

    Attributes:
        steps: ranges looked at that are neither monotone nor decided at once.
        limit: how many are allowed.
    """

    def __init__(self) -> None:
        self.steps = 0
        self.limit = LIMIT

    def renew(self) -> None:
        """Allow some more work, for explanations."""
        self.steps, self.limit = 0, EXPLAINED

    def greatest(self, conditions: Sequence[Condition], first: int, last: int | None) -> int | None:
        """Return the greatest place of a range that meets all conditions, or None.

        Raises:
            Endless: there is no greatest.
            GaveUp: the work allowed is used up.
        """
        found = narrowed(conditions, first, last)
        if found is None:
            return None
        last = found.last
        if last is None:
            last = self._beyond(found)
        return self._halve(found.open, found.first, last, greatest=True)

    def least(self, conditions: Sequence[Condition], first: int, last: int | None) -> int | None:
        """Return the least place of a range that meets all conditions, or None.

        Raises:
            GaveUp: the work allowed is used up.
        """
        width = 64
        while (found := narrowed(conditions, first, last)) is not None:
            if not found.open:
                return found.first
            end = found.last if found.last is not None else found.first + width
            answer = self._halve(found.open, found.first, end, greatest=False)
            if answer is not None or end == found.last:
                return answer
            first, width = end + 1, width * 2
            self._count()
        return None

    def minimum(self, curve: Curve, first: int, last: int | None) -> tuple[Number, int] | None:
        """Return the least value of a function over a range, and where it is taken; None where it falls without end.

        Raises:
            GaveUp: the work allowed is used up.
        """
        if curve.trend(first, last) == -1:
            return None if last is None else (curve(last), last)
        best = (curve(first), first)
        stack = self._blocks(curve, first, last, best[0])
        while stack:
            a, b = stack.pop()
            trend = curve.trend(a, b)
            low = curve.range(a, b, trend)[0]
            best = min(best, (curve(a), a), (curve(b), b), key=lambda found: found[0])
            if trend is None and (low is None or low < best[0]) and b - a > 1:
                self._count()
                middle = (a + b) // 2
                stack += [(middle, b), (a, middle)]
        return best

    def _blocks(self, curve: Curve, first: int, last: int | None, known: Number) -> list[tuple[int, int]]:
        """Return ranges outside of which no value is below a known one."""
        if last is not None:
            return [(first, last)]
        for width in (1 << bits for bits in range(_DOUBLINGS)):
            beyond = first + width
            low = curve.range(beyond, None, curve.trend(beyond, None))[0]
            if low is not None and (low >= known or curve.trend(beyond, None) == 1):
                return [(first, beyond)]
            self._count()
        raise GaveUp

    def _beyond(self, found: Narrowed) -> int:
        """Return a place above which nothing meets conditions on a range without end.

        Raises:
            Endless: everything does from some place on.
        """
        start = found.first
        if not found.open:
            raise Endless(start)
        for width in (1 << bits for bits in range(_DOUBLINGS)):
            rest = narrowed(found.open, start, None)
            if rest is None:
                return start
            if rest.last is not None:
                return rest.last
            if not rest.open:
                raise Endless(rest.first)
            start += width
            self._count()
        raise GaveUp

    def _halve(self, conditions: Sequence[Condition], first: int, last: int, *, greatest: bool) -> int | None:
        stack: list[tuple[Sequence[Condition], int, int]] = [(conditions, first, last)]
        while stack:
            found = narrowed(*stack.pop())
            if found is None:
                continue
            a, b = found.first, found.last
            assert b is not None
            end = b if greatest else a
            if all(condition.met(end) for condition in found.open):
                return end
            self._count()
            a, b = (a, b - 1) if greatest else (a + 1, b)
            middle = (a + b) // 2
            halves = [(found.open, a, middle), (found.open, middle + 1, b)]
            stack += [half for half in (halves if greatest else halves[::-1]) if half[1] <= half[2]]
        return None

    def _count(self) -> None:
        self.steps += 1
        if self.steps > self.limit:
            raise GaveUp
