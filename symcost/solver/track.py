"""Residue classes of whole numbers, and formulas seen along one of them.

Along the class k = 8 j + 3 the atom gcd(k, 8) is the constant 1 and floor(k/4) is 2 j: what jumps along all whole
numbers often rises along each class.
"""

from __future__ import annotations

from dataclasses import dataclass

from symcost.algebra.atoms import Box, Env
from symcost.algebra.poly import NotExact, Num, substitute, symbol

K, J = "k", "j"
"""Names of the whole number and of its place in the class; every other symbol has been given its value."""


@dataclass(frozen=True)
class Track:
    """The whole numbers k = modulus * j + residue with j = 0, 1, ...; modulus 0 is the one number, residue."""

    modulus: int = 1
    residue: int = 0

    def k(self, j: int) -> int:
        """Return the number at place j."""
        return self.modulus * j + self.residue

    def places(self, low: int, high: int | None) -> tuple[int, int | None] | None:
        """Return the first and last place of the numbers from low to high, or None where there is none."""
        if not self.modulus:
            return (0, 0) if low <= self.residue and (high is None or self.residue <= high) else None
        first = max(0, -((self.residue - low) // self.modulus))
        last = None if high is None else (high - self.residue) // self.modulus
        return None if last is not None and last < first else (first, last)

    def env(self, j: int) -> Env:
        """Return the values under which a formula along this class is evaluated at place j."""
        return {K: self.k(j), J: j}

    def box(self, first: int, last: int | None) -> Box:
        """Return the ranges under which a formula along this class is bounded from place first to last."""
        return {K: (self.k(first), None if last is None else self.k(last)), J: (first, last)}

    def along(self, formula: Num) -> Num:
        """Rewrite a formula in k as one in j; it stays as it is where that would divide by a sum."""
        if self.modulus == 1 and not self.residue:
            return formula
        try:
            return substitute(formula, {K: self.modulus * symbol(J, "index") + self.residue})
        except NotExact:
            return formula
