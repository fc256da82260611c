"""Names for parts of formulas: ``E = D*h`` turns 12*D**2*h**2 into 12*E**2, and back.

A product is replaced where it divides a term, at its highest power: (D*h)**2*h is E**2*h. A sum is replaced where that
makes the formula shorter: a polynomial is written in powers of the sum, by division with a rest. Floors, rounding rules
and exponents are looked into. Whatever is replaced, names put back for what they stand for give the formula again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from symcost.algebra.atoms import Atom, Number, Symbol, lift
from symcost.algebra.extent import integral
from symcost.algebra.poly import Monomial, Num, Poly, atoms_of, simplest, symbols_of, terms_of, total
from symcost.algebra.within import within
from symcost.notation.expansion import expansion


@dataclass(frozen=True)
class Name:
    """A name for a part of formulas.

    Attributes:
        name: which is no symbol of the formulas.
        value: what it stands for: not a plain number.
    """

    name: str
    value: Num

    @cached_property
    def atom(self) -> Symbol:
        """The name as a symbol."""
        return Symbol.of(self.name, "dimension" if integral(self.value) else "ratio")

    def put_into(self, x: Num) -> Num:
        """Return x with the name for what it stands for."""
        own = atoms_of(self.value)
        images = {atom: lift(atom) if atom in own else within(atom, self.put_into) for atom in atoms_of(x)}
        inner = total((_image(monomial, images), c) for monomial, c in terms_of(x).items())
        return self._replaced(inner)

    def taken_from(self, x: Num) -> Num:
        """Return x with what the name stands for instead of it; all options of a largest stay, needed or not."""
        images = {a: self.value if a == self.atom else within(a, self.taken_from) for a in atoms_of(x)}
        return total((_image(monomial, images), c) for monomial, c in terms_of(x).items())

    def _replaced(self, x: Num) -> Num:
        terms = terms_of(self.value)
        if len(terms) > 1:
            return expansion(x, self.value, self.atom)
        ((monomial, c),) = terms.items()
        return total((self._term(m, k, monomial, c), 1) for m, k in terms_of(x).items())

    def _term(self, monomial: Monomial, k: Number, part: Monomial, c: Number) -> Num:
        times = _divides(part, monomial)
        if not times:
            return Poly({monomial: k})
        return Poly({monomial: k}) * self.value**-times * Poly({((self.atom, times),): 1})


def put_names(x: Num, names: Iterable[Name]) -> Num:
    """Return x with names put into it one after another.

    Raises:
        ArithmeticError: names taken out again do not give x; a fault of this module.
    """
    value, given = x, tuple(names)
    for name in given:
        value = name.put_into(value)
    if simplest(without_names(value, given)) != simplest(x):
        raise ArithmeticError(f"{value} is not {x}")
    return value


def without_names(x: Num, names: Sequence[Name]) -> Num:
    """Return x with what all names stand for, the last one first, as it may be made of earlier ones."""
    for name in reversed(names):
        x = name.taken_from(x)
    return x


def used(x: Num, names: Sequence[Name]) -> list[Name]:
    """Return the names that x is made of, and those that these are made of, in order."""
    needed = set(symbols_of(x))
    for name in reversed(names):
        needed |= symbols_of(name.value) if name.name in needed else set()
    return [name for name in names if name.name in needed]


def _divides(part: Monomial, monomial: Monomial) -> int:
    """Return how often a product divides another, negative where it stands below the fraction bar."""
    powers = dict(monomial)
    quotients = [Fraction(powers.get(atom, 0), exponent) for atom, exponent in part]
    if all(q >= 1 for q in quotients):
        return int(min(quotients))
    return int(max(quotients)) if all(q <= -1 for q in quotients) else 0


def _image(monomial: Monomial, images: dict[Atom, Num]) -> Num:
    result: Num = 1
    for atom, exponent in monomial:
        result = result * images[atom] ** exponent
    return result
