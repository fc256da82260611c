"""A printed figure, such as ``macs = 3.8G``, and the values that print so: rounded, or cut off, at its last digit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from symcost.algebra.atoms import Number
from symcost.errors import UsageError, quoted
from symcost.solver.budget import ABOUT, Budget


@dataclass(frozen=True)
class Figure:
    """A printed figure.

    Attributes:
        metric: what it is of.
        value: as printed, in the metric's unit.
        digit: what one of its last printed digit stands for.
        text: as written.
    """

    metric: str
    value: Number
    digit: Number
    text: str

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, text: str) -> Figure:
        """Read a figure; the number and its scale are those of a budget.

        Raises:
            UsageError: it is not of the form ``METRIC = NUMBER``, or names no metric.
        """
        name, _, number = text.replace(ABOUT, "=").partition("=")
        number = number.strip(" =")
        if not number or not name.strip() or any(mark in text for mark in "<>"):
            raise UsageError(f"a figure is written METRIC = NUMBER, such as 'macs = 3.8G'; got {quoted(text)}")
        read = Budget.parse(f"{name} {ABOUT} {number}")
        return cls(read.metric, read.limit, read.within, f"{name.strip()} = {number}")

    @property
    def least(self) -> Fraction:
        """The least value that is rounded to the figure."""
        return Fraction(self.value) - Fraction(self.digit) / 2

    @property
    def limit(self) -> Fraction:
        """The value from which on it is not cut off to the figure."""
        return Fraction(self.value) + Fraction(self.digit)

    def prints(self, value: Number) -> bool:
        """Tell whether a value may be printed so."""
        return self.least <= value < self.limit

    def off(self, value: Number) -> str:
        """Return how far a value is from the figure, as a percentage."""
        return f"{float(Fraction(value) / Fraction(self.value) - 1):+.1%}" if self.value else "?"

    @property
    def span(self) -> str:
        """The values that print so, in words."""
        return f"{_plain(self.least)} or more and less than {_plain(self.limit)}"


def _plain(x: Fraction) -> str:
    return f"{int(x):,}" if x.denominator == 1 else f"{float(x):,.12g}"
