"""Formulas as data: every product of sizes once, every floor once, and sums that point at them.

Products and atoms point at each other, what stands inside always at something written before::

    atom    = ["floor" | "ceil", sum, divisor]     floor(sum/divisor)
            | ["round", sum, divisor, least]       make_divisible(sum, divisor, least)
            | ["gcd", sum, n] | ["power", base, sum] | ["max", sum, sum, ...]
    product = [atom, exponent, atom, exponent, ...]   exponents may be negative; [] is 1
    sum     = [coefficient, product, coefficient, product, ...]   [] is 0

Atoms are counted from the symbols on: the first n are the symbols in their order. A coefficient is a number where
JavaScript's are exact, else text: ``"3/4"``, ``"36028797018963968"``.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from symcost.algebra.atoms import Atom, Number, Part, Symbol, exact
from symcost.algebra.extent import Extent
from symcost.algebra.maximum import Max
from symcost.algebra.poly import Monomial, Num, terms_of
from symcost.algebra.power import Power
from symcost.algebra.rounding import Gcd, Rounded

SAFE = 2**53
"""Whole numbers below it are exact in JavaScript."""

Coefficient: TypeAlias = int | str
Sum: TypeAlias = list[Coefficient]
Row: TypeAlias = list[object]


class Expressions:
    """Formulas being written.

    Attributes:
        atoms: all but the symbols, inner ones first.
        products: of powers of atoms.
    """

    def __init__(self, symbols: tuple[str, ...]) -> None:
        self.atoms: list[Row] = []
        self.products: list[list[int]] = []
        self._symbols = {name: place for place, name in enumerate(symbols)}
        self._atoms: dict[Atom, int] = {}
        self._products: dict[tuple[int, ...], int] = {}

    def sum(self, x: Num) -> Sum:
        """Return a formula."""
        found: Sum = []
        for monomial, c in terms_of(x).items():
            product, scale = self._product(monomial)
            found += [coefficient(exact(c * scale)), product]
        return found

    def _product(self, monomial: Monomial) -> tuple[int, Number]:
        """Return the place of a product, and what to multiply with: a part of a size is the size over a number."""
        powers: dict[int, int] = {}
        scale: Number = 1
        for atom, exponent in monomial:
            place = self._place(atom)
            powers[place] = powers.get(place, 0) + exponent
            if isinstance(atom, Part):
                scale = scale * Fraction(1, atom.divisor) ** exponent
        key = tuple(number for power in sorted(powers.items()) if power[1] for number in power)
        if key not in self._products:
            self._products[key] = len(self.products)
            self.products.append(list(key))
        return self._products[key], scale

    def _place(self, atom: Atom) -> int:
        if isinstance(atom, (Symbol, Part)):
            return self._symbols[atom.name]
        if atom not in self._atoms:
            written = self._written(atom)
            self._atoms[atom] = len(self._symbols) + len(self.atoms)
            self.atoms.append(written)
        return self._atoms[atom]

    def _written(self, atom: Atom) -> Row:
        match atom:
            case Extent():
                return ["ceil" if atom.up else "floor", self.sum(atom.base + atom.offset), atom.divisor]
            case Rounded():
                return ["round", self.sum(atom.inner), atom.divisor, atom.least]
            case Gcd():
                return ["gcd", self.sum(atom.inner), atom.n]
            case Power():
                return ["power", atom.base, self.sum(atom.exponent)]
            case Max():
                return ["max", *map(self.sum, atom.options)]
        raise TypeError(f"no data for {atom!r}")


def coefficient(c: Number) -> Coefficient:
    """Return a number as JavaScript reads it exactly."""
    return c if isinstance(c, int) and -SAFE < c < SAFE else str(c)
