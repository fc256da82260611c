"""Formulas compiled for evaluation at many points.

A formula over whole-number symbols becomes an integer formula times one exact factor: denominators go into the factor,
and 1/g becomes (m/g)/m with m a common multiple of all values of g. So every step of the evaluation is on integers.

Terms are nested by symbol. With the symbols in an order, each term is split into what depends on the last symbol and
what does not, terms with the same first part are added up without it, and so on inward::

    60 C**2 ceil(H/4)**2 + 147 C ceil(H/2)**2 + 32 C K  =  C**2 (60 ceil(H/4)**2) + C (147 ceil(H/2)**2 + 32 K)

On a grid only the outermost sum is over all points; what stands in brackets is over the smaller grid of its symbols.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import gcd, lcm, prod
from typing import TypeAlias

from symcost.algebra.atoms import Atom, Number, exact
from symcost.algebra.extent import integral
from symcost.algebra.maximum import Max
from symcost.algebra.poly import Monomial, Num, Poly, terms_of

MOST_VALUES = 100_000
"""Values of a divisor that are gone through for their common multiple."""
LONGEST = 4096
"""Bits of a common multiple."""


@dataclass(frozen=True)
class Inverse:
    """The integer multiple/atom, for an atom in a denominator; 0 where the atom is 0.

    Attributes:
        atom: what is divided by.
        multiple: a common multiple of its nonzero values; None where none is known, and the quotient is 1/atom.
    """

    atom: Atom
    multiple: int | None

    @property
    def names(self) -> frozenset[str]:
        """The symbols the value depends on."""
        return self.atom.names


@dataclass(frozen=True)
class Largest:
    """The integer multiple * max(a, b, ...), the largest of formulas of whole products.

    Attributes:
        atom: the maximum.
        multiple: their common denominator.
        options: the formulas times it.
    """

    atom: Max
    multiple: int
    options: tuple[Poly, ...]

    @classmethod
    def of(cls, atom: Max) -> Largest | None:
        """Return the factor for a maximum, or None where an option has other products."""
        below = lcm(*(Fraction(c).denominator for option in atom.options for c in terms_of(option).values()))
        found = [scaled(Poly(dict(terms_of(option))), below) for option in atom.options]
        options = tuple(option for option in found if option is not None)
        return cls(atom, below, options) if len(options) == len(found) else None

    @property
    def names(self) -> frozenset[str]:
        """The symbols the value depends on."""
        return self.atom.names


Factor: TypeAlias = Atom | Inverse | Largest
Part: TypeAlias = tuple[tuple[Factor, int], ...]
"""A product of factors with positive exponents."""


@dataclass(frozen=True)
class Nested:
    """A sum of products: of each pair, the part that depends on the last symbol times the rest."""

    pairs: tuple[tuple[Part, Nested | int], ...]


@dataclass(frozen=True)
class Compiled:
    """A formula as integers times a factor.

    Attributes:
        nested: the integers.
        factor: what they are multiplied with; positive.
        terms: the integers as a flat sum, for bounds.
    """

    nested: Nested | int
    factor: Number
    terms: Mapping[Part, int]


@dataclass(frozen=True)
class Program:
    """Formulas over the same symbols, compiled.

    Attributes:
        order: the symbols, the innermost first.
        formulas: one for each that was given.
        box: least and greatest value of every symbol.
        divisors: atoms in denominators that are 0 at some of the values.
    """

    order: tuple[str, ...]
    formulas: tuple[Compiled, ...]
    box: Mapping[str, tuple[int, int]]
    divisors: tuple[Atom, ...]

    def values(self, numerators: Sequence[Number]) -> tuple[Number, ...]:
        """Return the exact values of the formulas that these results of a run stand for."""
        return tuple(exact(n * f.factor) for n, f in zip(numerators, self.formulas, strict=True))


def scaled(x: Poly, below: int) -> Poly | None:
    """Return a formula times a number, if that leaves whole terms and whole products only."""
    whole = x * below
    return whole if integral(whole) and all(isinstance(c, int) for c in whole.terms.values()) else None


def compiled(formulas: Sequence[Num], values: Mapping[str, Sequence[int]]) -> Program:
    """Compile formulas for points whose coordinates are among these values.

    Args:
        formulas: over whole-number symbols, each of which has values.
        values: all that each symbol may be: a ``range`` or a tuple.
    """
    return _Compiler(values).program(formulas)


class _Compiler:
    def __init__(self, values: Mapping[str, Sequence[int]]) -> None:
        self.values = values
        self.inverses: dict[Atom, Inverse] = {}
        self.zeros: dict[Atom, None] = {}

    def program(self, formulas: Sequence[Num]) -> Program:
        flat = [self._integers(formula) for formula in formulas]
        order = self._order([part for terms, _ in flat for part in terms])
        place = {name: i for i, name in enumerate(order)}
        done = tuple(Compiled(_nest(terms, len(order) - 1, place), factor, terms) for terms, factor in flat)
        box = {name: _ends(v) for name, v in self.values.items()}
        return Program(order, done, box, tuple(self.zeros))

    def _integers(self, formula: Num) -> tuple[dict[Part, int], Number]:
        """Return integer terms without negative exponents, without common factor, and the factor."""
        terms: dict[Part, Fraction] = {}
        for monomial, c in terms_of(formula).items():
            part, scale = self._part(monomial)
            terms[part] = Fraction(c) * scale
        below = lcm(*(c.denominator for c in terms.values()))
        whole = {part: int(c * below) for part, c in terms.items()}
        common = gcd(*whole.values()) or 1
        return {part: c // common for part, c in whole.items()}, Fraction(common, below)

    def _part(self, monomial: Monomial) -> tuple[Part, Fraction]:
        part: list[tuple[Factor, int]] = []
        scale = Fraction(1)
        for atom, exponent in monomial:
            if exponent > 0:
                factor = self._factor(atom)
                part.append((factor, exponent))
                scale /= factor.multiple**exponent if isinstance(factor, Largest) else 1
                continue
            inverse = self._inverse(atom)
            part.append((inverse, -exponent))
            scale *= Fraction(inverse.multiple or 1) ** exponent
        return tuple(sorted(part, key=lambda pair: len(pair[0].names))), scale

    def _factor(self, atom: Atom) -> Factor:
        return (Largest.of(atom) or atom) if isinstance(atom, Max) else atom

    def _inverse(self, atom: Atom) -> Inverse:
        if atom not in self.inverses:
            found = self._values(atom)
            if found is None or 0 in found:
                self.zeros[atom] = None
            self.inverses[atom] = Inverse(atom, None if found is None else _multiple(found - {0}))
        return self.inverses[atom]

    def _values(self, atom: Atom) -> set[int] | None:
        """Return all values of an atom, or None where they are too many or not whole."""
        names = sorted(atom.names)
        if not atom.integral or prod(len(self.values[name]) for name in names) > MOST_VALUES:
            return None
        places = product(*(self.values[name] for name in names))
        return {int(atom.value(dict(zip(names, place, strict=True)))) for place in places}

    def _order(self, parts: Sequence[Part]) -> tuple[str, ...]:
        """Return the symbols so that few different products depend on the last ones, over which most points vary."""
        left = list(self.values)
        order: list[str] = []
        while left:
            last = min(reversed(left), key=lambda name: (_variety(parts, name), -len(self.values[name])))
            left.remove(last)
            order.insert(0, last)
            parts = [tuple(f for f in part if last not in f[0].names) for part in parts]
        return tuple(order)


def _ends(values: Sequence[int]) -> tuple[int, int]:
    some = (values[0], values[-1]) if isinstance(values, range) else values
    return min(some), max(some)


def _variety(parts: Sequence[Part], name: str) -> int:
    return len({tuple(pair for pair in part if name in pair[0].names) for part in parts})


def _multiple(found: set[int]) -> int | None:
    multiple = 1
    for value in found:
        multiple = lcm(multiple, value)
        if multiple.bit_length() > LONGEST:
            return None
    return multiple


def _nest(terms: Mapping[Part, int], axis: int, place: Mapping[str, int]) -> Nested | int:
    """Split the terms by what depends on the symbol at this place, where all later ones have been split off."""
    if axis < 0:
        return terms.get((), 0)
    groups: dict[Part, dict[Part, int]] = {}
    for part, c in terms.items():
        here = tuple(pair for pair in part if _last(pair[0], place) == axis)
        rest = tuple(pair for pair in part if _last(pair[0], place) != axis)
        groups.setdefault(here, {})[rest] = c
    if not groups.keys() - {()}:
        return _nest(terms, axis - 1, place)
    return Nested(tuple((part, _nest(rest, axis - 1, place)) for part, rest in groups.items()))


def _last(factor: Factor, place: Mapping[str, int]) -> int:
    return max(place[name] for name in factor.names)
