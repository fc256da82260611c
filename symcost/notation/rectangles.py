"""Sums as sums of products of two sizes each: 3*h*w - 6*h - 6*w + 12 is 3*(h - 2)*(w - 2).

A layer without padding costs its output sizes, such as floor(H/2) - 4 times floor(W/2) - 4. Multiplied out and added up
over the layers, what belongs together is hard to see, and no sum of several such products factors as a whole. Each term
c*m*x*y is taken with the terms a*c*m*x and b*c*m*y for whole a and b, if the formula has both: together they are
c*m*(x + b)*(y + a) less a*b*c*m, and the formula's own term in m is the sum of all of these. This is done for floors
where the formula has a term in m, so that four terms become one or two, and for plain symbols, which meet by chance
more often, where it comes out as one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from symcost.algebra.atoms import Atom, Number, Symbol, exact, lift
from symcost.algebra.extent import Extent
from symcost.algebra.poly import Monomial, Num, terms_of
from symcost.notation.form import Factor, Product, Sum, plain
from symcost.notation.terms import ordered


class _Rectangle(NamedTuple):
    """The product c*m*(x + a)*(y + b), by its first and its last term."""

    first: Monomial
    last: Monomial
    coefficient: Number
    sides: tuple[tuple[Atom, int], tuple[Atom, int]]

    def terms(self) -> dict[Monomial, Number]:
        """Return the product multiplied out."""
        return dict(terms_of(self.product().expanded()))

    def product(self) -> Product:
        """Return the product."""
        return Product(self.coefficient, self.last, tuple(Factor(plain(lift(atom) + n)) for atom, n in self.sides))


def rectangles(x: Num) -> Sum:
    """Return x with the products of two sizes that it has; the sum of its terms where it has none."""
    left, found = dict(terms_of(x)), dict[Monomial, _Rectangle]()
    for monomial, c in ordered(x):
        rectangle = next(_rectangles(monomial, c, left), None)
        if rectangle is not None:
            found[monomial] = rectangle
            for own, k in rectangle.terms().items():
                left[own] = exact(left[own] - k)
    order = [monomial for monomial, _ in ordered(x)]
    products = (found[m].product() if m in found else Product(left[m], m) for m in order if m in found or left[m])
    return Sum(tuple(products))


def _rectangles(first: Monomial, c: Number, left: dict[Monomial, Number]) -> Iterator[_Rectangle]:
    """Give the products that begin with a term, of which the formula has all others and this one whole."""
    if left[first] != c:
        return
    sizes = [atom for atom, exponent in first if exponent == 1 and isinstance(atom, (Symbol, Extent))]
    for x, y in combinations(sizes, 2):
        with_x, with_y, last = (_without(first, atoms) for atoms in ({y}, {x}, {x, y}))
        a, b = (Fraction(left.get(monomial, 0)) / c for monomial in (with_x, with_y))
        rest = left.get(last, 0)
        fits = rest == a * b * c or (isinstance(x, Extent) and isinstance(y, Extent))
        if rest and fits and a and b and a.denominator == b.denominator == 1:
            yield _Rectangle(first, last, c, ((x, int(b)), (y, int(a))))


def _without(monomial: Monomial, atoms: Collection[Atom]) -> Monomial:
    return tuple(pair for pair in monomial if pair[0] not in atoms)
