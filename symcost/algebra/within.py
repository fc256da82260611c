"""Change what stands inside floors, rounding rules and exponents, and bring the result to canonical form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from symcost.algebra.atoms import Atom, lift
from symcost.algebra.extent import Extent, ceil, floor
from symcost.algebra.maximum import Max
from symcost.algebra.poly import NotExact, Num, atoms_of
from symcost.algebra.power import Power, raised
from symcost.algebra.printing import text
from symcost.algebra.rounding import Gcd, Rounded, gcd, make_divisible


def within(atom: Atom, change: Callable[[Num], Num]) -> Num:
    """Return an atom with what it is made of changed; the atom itself where the change has no exact form in there."""
    try:
        return _within(atom, change)
    except NotExact:
        return lift(atom)


def _within(atom: Atom, change: Callable[[Num], Num]) -> Num:
    match atom:
        case Extent():
            inner = (change(atom.base) + atom.offset) * Fraction(1, atom.divisor)
            return ceil(inner) if atom.up else floor(inner)
        case Rounded():
            return make_divisible(change(atom.inner), atom.divisor, atom.least)
        case Gcd():
            return gcd(change(atom.inner), atom.n)
        case Power():
            return raised(atom.base, change(atom.exponent))
        case Max():
            return lift(Max.of(tuple(sorted(map(change, atom.options), key=text))))
    return lift(atom)


def inside(atom: Atom) -> Iterator[Atom]:
    """Give the atoms that an atom is made of, one level down."""
    match atom:
        case Extent():
            yield from atoms_of(atom.base)
        case Rounded() | Gcd():
            yield from atoms_of(atom.inner)
        case Power():
            yield from atoms_of(atom.exponent)
        case Max():
            for option in atom.options:
                yield from atoms_of(option)
