"""The terms of a formula in the order in which they are read, and grouped by chosen symbols."""

from __future__ import annotations

from collections.abc import Iterable
from math import lcm
from typing import NamedTuple

from symcost.algebra.atoms import Atom, Number, Symbol
from symcost.algebra.poly import Monomial, Num, Poly, terms_of


class Group(NamedTuple):
    """A product of symbols, and what it is multiplied with."""

    factor: Poly
    rest: Poly


def ordered(x: Num) -> list[tuple[Monomial, Number]]:
    """Return the terms of x, highest degree first; among those with the same symbols the largest coefficient first."""
    return sorted(terms_of(x).items(), key=lambda term: _rank(*term))


def _rank(monomial: Monomial, c: Number = 1) -> tuple[object, ...]:
    degree = sum(exponent for _, exponent in monomial)
    keys = [(atom.key, -exponent) for atom, exponent in monomial]
    symbols = [key for key, (atom, _) in zip(keys, monomial, strict=True) if isinstance(atom, Symbol)]
    return -degree, symbols, -c if c > 0 else c, keys


def collect(x: Num, names: Iterable[str]) -> list[Group]:
    """Group the terms of x by the product of powers of these symbols that they share; the groups add up to x."""
    chosen = frozenset(names)
    groups: dict[Monomial, dict[Monomial, Number]] = {}
    for monomial, c in ordered(x):
        front = tuple(pair for pair in monomial if isinstance(pair[0], Symbol) and pair[0].name in chosen)
        back = tuple(pair for pair in monomial if pair not in front)
        groups.setdefault(front, {})[back] = c
    order = sorted(groups, key=_rank)
    return [Group(Poly({front: 1}), Poly(groups[front])) for front in order]


def over_one(x: Num) -> tuple[Num, Num]:
    """Return x as above/below: above has whole coefficients and no negative exponents, below is a single product."""
    number = lcm(*(c.denominator for c in terms_of(x).values()))
    lowest: dict[Atom, int] = {}
    for monomial in terms_of(x):
        for atom, exponent in monomial:
            lowest[atom] = min(lowest.get(atom, 0), exponent)
    below = Poly({tuple(sorted((atom, -e) for atom, e in lowest.items() if e)): number})
    return x * below, below
