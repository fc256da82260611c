"""What is asked of a whole number: that an exact function keeps to a limit, or that a test holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from symcost.algebra.atoms import Number
from symcost.solver.budget import compare
from symcost.solver.curve import Curve

FARTHEST = 1 << 400
"""Where doubling ends: no budget is so large that a size beyond this has to do with it."""

Span: TypeAlias = tuple[int, int | None]


class GaveUp(Exception):
    """A search has used up the work it is allowed."""


@dataclass(frozen=True)
class Bound:
    """``curve relation limit``."""

    curve: Curve
    relation: str
    limit: Number

    def met(self, j: int) -> bool:
        """Tell whether it holds at one place."""
        return compare(self.relation, self.curve(j), self.limit)

    def narrow(self, first: int, last: int | None) -> tuple[Span | None, bool]:
        """Return the part of a range where it can hold, and whether it is still open which places there meet it.

        Raises:
            GaveUp: the function neither crosses the limit in sight nor is proved not to.
        """
        trend = self.curve.trend(first, last)
        verdict = self._verdict(*self.curve.range(first, last, trend))
        if verdict is not None:
            return ((first, last) if verdict else None), False
        if trend is None:
            return (first, last), True
        span: Span | None = (first, last)
        for relation in ("<=", ">=") if self.relation == "==" else (self.relation,):
            span = span and self._cut(relation, span, trend)
        return span, False

    def _verdict(self, low: Number | None, high: Number | None) -> bool | None:
        """Tell whether all values between two bounds meet it, or none."""
        above = self.relation in (">=", ">", "==")
        below = self.relation in ("<=", "<", "==")
        strict = self.relation in ("<", ">")
        if below and low is not None and (low >= self.limit if strict else low > self.limit):
            return False
        if above and high is not None and (high <= self.limit if strict else high < self.limit):
            return False
        sure_below = not below or (high is not None and compare("<" if strict else "<=", high, self.limit))
        sure_above = not above or (low is not None and compare(">" if strict else ">=", low, self.limit))
        return True if sure_below and sure_above else None

    def _cut(self, relation: str, span: Span, trend: int) -> Span | None:
        """Return the part of a range where it holds, for a function that never turns back."""

        def test(j: int) -> bool:
            return compare(relation, self.curve(j), self.limit)

        first, last = span
        if (relation in ("<=", "<")) == (trend > 0):
            return (first, last_alike(test, first, last)) if test(first) else None
        if test(first):
            return span
        change = last_alike(test, first, last)
        return None if change == last else (change + 1, last)


@dataclass(frozen=True)
class Test:
    """A test of which nothing else is known."""

    met: Callable[[int], bool]

    def narrow(self, first: int, last: int | None) -> tuple[Span | None, bool]:
        """Return the range as it is, still open, unless it is a single place."""
        if first == last:
            return ((first, last) if self.met(first) else None), False
        return (first, last), True


Condition: TypeAlias = Bound | Test


class Narrowed(NamedTuple):
    """A range outside of which no place meets all conditions, and the conditions still open inside."""

    first: int
    last: int | None
    open: list[Condition]


def narrowed(conditions: Sequence[Condition], first: int, last: int | None) -> Narrowed | None:
    """Apply every condition that is monotone or decided on a range; None where nothing is left."""
    still_open: list[Condition] = []
    for condition in conditions:
        span, is_open = condition.narrow(first, last)
        if span is None:
            return None
        first, last = span
        still_open += [condition] if is_open else []
    return Narrowed(first, last, still_open)


def last_alike(test: Callable[[int], bool], first: int, last: int | None) -> int:
    """Return the last place where a test that changes at most once says what it says at the first.

    Raises:
        GaveUp: there is no last place, and the test does not change in sight.
    """
    said = test(first)
    step = 1
    while last is None or first + step <= last:
        if test(first + step) != said:
            return _bisect(test, first + step // 2, first + step, said)
        step *= 2
        if last is None and step > FARTHEST:
            raise GaveUp
    assert last is not None
    if test(last) == said:
        return last
    return _bisect(test, first + step // 2, last, said)


def _bisect(test: Callable[[int], bool], same: int, other: int, said: bool) -> int:
    while other - same > 1:
        middle = (same + other) // 2
        same, other = (middle, other) if test(middle) == said else (same, middle)
    return same
