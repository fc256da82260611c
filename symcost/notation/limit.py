"""How large numbers get while a formula is computed, so that a program can tell whether 64 bits will do.

Every size is given as the most it can be in amount, and at least 1. Then no partial product of a term is above the
product of all its factors, no partial sum is above the sum of the amounts of its terms, and a floor of n/d, for a whole
d >= 1, is not above the amount of n over d, plus 1.
"""

from __future__ import annotations

from collections.abc import Mapping

from symcost.algebra.atoms import Atom, Part, Symbol, lift
from symcost.algebra.extent import Extent
from symcost.algebra.maximum import Max
from symcost.algebra.poly import Num, Poly, constant, terms_of
from symcost.algebra.power import Power
from symcost.algebra.rounding import Gcd, Rounded
from symcost.notation.code import Draft
from symcost.notation.lines import one_line
from symcost.notation.terms import over_one

LARGEST = 2**63 - 1


class Limits:
    """The amounts that the numbers in one function stay within, as Python expressions.

    Attributes:
        steps: names and amounts of what is computed on the way.
        amounts: of all numerators, denominators and sums.
    """

    def __init__(self, made: Draft) -> None:
        self.steps: list[tuple[str, str]] = []
        self.amounts: list[str] = []
        self._names: Mapping[Atom, str] = made.atoms
        self._arguments = made.arguments
        for atom, name in made.atoms.items():
            self.steps.append((name, self._atom(atom)))
        self._quotient(made.value)

    def _atom(self, atom: Atom) -> str:
        match atom:
            case Part():
                return self._quotient(lift(Symbol.of(atom.name)), atom.divisor)
            case Extent():
                return self._quotient(atom.base + atom.offset, atom.divisor)
            case Rounded():
                return self._rounded(atom)
            case Gcd():
                self._note(atom.inner)
                return str(atom.n)
            case Power():
                return f"{atom.base}**min(64, {self._text(atom.exponent)})"
            case Max():
                return f"max({', '.join(map(self._note, atom.options))})"
        raise TypeError(f"no limit for {atom!r}")

    def _quotient(self, x: Num, divisor: int = 1) -> str:
        """Note numerator and denominator, and return a limit of the floor of their quotient."""
        above, below = over_one(x)
        whole = below * divisor
        ((_, least),) = terms_of(whole).items()
        self._note(whole)
        amount = self._note(above)
        return amount if least == 1 else f"({amount})//{least} + 1"

    def _rounded(self, atom: Rounded) -> str:
        """Note what ``make_divisible`` computes of n/d: it is not above 10 times n + d (divisor + least)."""
        above, below = map(_amounts, over_one(atom.inner))
        more = atom.divisor + atom.least
        self._note(10 * (above + below * more))
        ((_, least),) = terms_of(below).items()
        return f"({self._text(above)})//{least} + {more + 1}"

    def _note(self, x: Num) -> str:
        """Note the most that a sum with whole coefficients can be in amount, and return it."""
        amount = self._text(_amounts(x))
        number = constant(x)
        if (number is None or not -LARGEST <= number <= LARGEST) and amount not in self.amounts:
            self.amounts.append(amount)
        return amount

    def _text(self, x: Num) -> str:
        return one_line(Poly({tuple(sorted((self._symbol(a), e) for a, e in m)): c for m, c in terms_of(x).items()}))

    def _symbol(self, atom: Atom) -> Atom:
        return Symbol.of(self._arguments[atom.name] if isinstance(atom, Symbol) else self._names[atom])


def _amounts(x: Num) -> Poly:
    return Poly({monomial: c if c > 0 else -c for monomial, c in terms_of(x).items()})
