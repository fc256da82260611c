"""A quotient of two polynomials in sizes, with what divides both taken out where that is plain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

from symcost.algebra.atoms import Number, exact
from symcost.algebra.division import div
from symcost.algebra.poly import NotExact, Num, Poly, constant, evaluate, simplest, terms_of
from symcost.calculus.polynomial import common_product
from symcost.notation.latex import latex

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True)
class Ratio:
    """above / below; below is not zero, has no fractions, and is 1 where it divides above."""

    above: Num
    below: Num = 1

    @classmethod
    def of(cls, above: Num, below: Num) -> Ratio:
        """Return a quotient without the products and numbers that divide both sides.

        Raises:
            ZeroDivisionError: below is zero.
        """
        if constant(below) == 0:
            raise ZeroDivisionError
        try:
            return cls(div(above, below))
        except NotExact:
            pass
        numbers = [Fraction(c) for c in (*terms_of(above).values(), *terms_of(below).values())]
        top = lcm(*(c.denominator for c in numbers))
        scale = Fraction(top, gcd(*(int(c * top) for c in numbers)))
        shared = common_product([*terms_of(above), *terms_of(below)])
        inverse = Poly({shared: 1}) ** -1
        return cls(simplest(above * inverse * scale), simplest(below * inverse * scale))

    def at(self, env: Mapping[str, Number]) -> Number:
        """Return the exact value at sizes.

        Raises:
            ZeroDivisionError: below is zero there.
        """
        return exact(Fraction(evaluate(self.above, env)) / evaluate(self.below, env))

    @property
    def sympy(self) -> sympy.Expr:
        """The quotient as SymPy."""
        from symcost.algebra.to_sympy import to_sympy

        return to_sympy(self.above) / to_sympy(self.below)

    def _repr_latex_(self) -> str:
        above = latex(self.above)
        return f"$${above}$$" if self.below == 1 else rf"$$\frac{{{above}}}{{{latex(self.below)}}}$$"

    def __str__(self) -> str:
        if self.below == 1:
            return str(self.above)
        above = f"({self.above})" if len(terms_of(self.above)) > 1 else str(self.above)
        return f"{above}/({self.below})"
