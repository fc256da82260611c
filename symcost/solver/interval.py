"""Intervals of exact numbers, with or without their ends, and the simplest fraction in one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from symcost.algebra.atoms import Number, exact

_FEWEST_DIGITS = 2


@dataclass(frozen=True)
class Interval:
    """The numbers from ``low`` to ``high``.

    Attributes:
        low: lower end.
        high: upper end, None for none.
        with_low: whether the lower end belongs to it.
        with_high: whether the upper end belongs to it.
    """

    low: Number
    high: Number | None
    with_low: bool = True
    with_high: bool = True

    def __contains__(self, x: Number) -> bool:
        above = x >= self.low if self.with_low else x > self.low
        return above and (self.high is None or (x <= self.high if self.with_high else x < self.high))

    @property
    def single(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    def __str__(self) -> str:
        start = f"from {self.low}" if self.with_low else f"above {self.low}"
        if self.high is None:
            return f"{start} on" if self.with_low else start
        if not self.with_high:
            return f"{start} up to (not including) {self.high}"
        return f"{start} to {self.high}" if self.with_low else f"{start} up to {self.high}"

    def simplest(self) -> Number:
        """Return the fraction of least denominator, and of these the least numerator; the ends are positive or 0.

        In the Stern-Brocot tree it is the one nearest to the root. A whole number in the interval is it; otherwise all
        of the interval shares its whole part n, and the simplest is n + 1/y with y the simplest of the reciprocals of
        what is left.
        """
        n = floor(self.low)
        if self.with_low and n == self.low:
            return n
        if n + 1 in self:
            return n + 1
        assert self.high is not None
        rest = Fraction(self.low) - n
        top = None if not rest else 1 / rest
        turned = Interval(1 / (Fraction(self.high) - n), top, self.with_high, self.with_low)
        return exact(n + 1 / Fraction(turned.simplest()))

    def utmost(self, *, least: bool = False) -> Number:
        """Return the greatest number (or the least), and where that is an end left out, a short decimal next to it.

        A decimal of two digits, or of as few more as it takes.
        """
        if least and self.with_low:
            return self.low
        if not least and self.with_high and self.high is not None:
            return self.high
        scale = 10**_FEWEST_DIGITS
        while (x := self._decimal(scale, least=least)) not in self:
            scale *= 10
        return x

    def _decimal(self, scale: int, *, least: bool) -> Number:
        """Return the multiple of 1/scale next to an end, inside; from an upper end without end, the next whole."""
        if least or self.high is None:
            return exact(Fraction(floor(self.low * scale) + 1, scale))
        return exact(Fraction(ceil(self.high * scale) - 1, scale))

    def to_json(self) -> dict[str, object]:
        """Return the ends as JSON takes them."""
        return {
            "from" if self.with_low else "above": str(self.low),
            "to" if self.with_high and self.high is not None else "below": None
            if self.high is None
            else str(self.high),
        }
