"""What is compared: goals as compiled formulas, or as quotients of two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symcost.algebra.atoms import Number, exact
from symcost.algebra.poly import Num
from symcost.batch import Program, compiled

Lane = Any
"""A number, or an array of numbers."""


@dataclass(frozen=True)
class Targets:
    """Goals, all to be small.

    Attributes:
        program: the formula of each, or its numerator and denominator.
        divided: which goals have a denominator.
    """

    program: Program
    divided: tuple[bool, ...]

    @classmethod
    def of(cls, quotients: Sequence[tuple[Num, Num]], values: Mapping[str, Sequence[int]]) -> Targets:
        """Compile goals, given as numerators and denominators, for symbols with these values."""
        divided = tuple(below != 1 for _, below in quotients)
        return cls(compiled([formula for pair in quotients for formula in _formulas(*pair)], values), divided)

    def columns(self, results: Sequence[Lane]) -> list[Lane]:
        """Return what is compared of a run's results: whole numbers, or exact fractions for a quotient."""
        return [some[0] if len(some) == 1 else _quotients(*some) for some in self._each(results)]

    def values(self, row: Sequence[Number]) -> tuple[Number, ...]:
        """Return the exact values of the goals that a row of what is compared stands for."""
        factors = self._each([formula.factor for formula in self.program.formulas])
        return tuple(
            exact(x * (some[0] if len(some) == 1 else Fraction(some[0]) / some[1]))
            for x, some in zip(row, factors, strict=True)
        )

    def _each(self, items: Sequence[Any]) -> Iterator[Sequence[Any]]:
        """Yield what belongs to each goal."""
        start = 0
        for divided in self.divided:
            yield items[start : start + 1 + divided]
            start += 1 + divided


def _formulas(above: Num, below: Num) -> tuple[Num, ...]:
    return (above,) if below == 1 else (above, below)


def _quotients(above: Lane, below: Lane) -> Lane:
    """Return exact quotients; 0 for a denominator of 0, since such designs are left out."""
    if isinstance(above, (int, Fraction)) and isinstance(below, (int, Fraction)):
        return _quotient(above, below)
    import numpy as np

    return np.frompyfunc(_quotient, 2, 1)(above, below)


def _quotient(above: Any, below: Any) -> Fraction:
    return Fraction(above) / Fraction(below) if below else Fraction(0)
