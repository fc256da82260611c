"""How a formula is put together for people: a sum of products, whose factors may be sums in brackets again.

The algebra knows one form of a formula, the expanded one. What people like to read is another: grouped by some symbols,
or factored. Every such form multiplies out to the formula it shows, which ``expanded`` tells and nobody has to trust.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from symcost.algebra.atoms import Number, Symbol, exact
from symcost.algebra.maximum import Max
from symcost.algebra.poly import Monomial, Num, Poly, terms_of, total
from symcost.notation.terms import ordered, rank


@dataclass(frozen=True)
class Factor:
    """A sum in brackets, to a power of at least 1."""

    sum: Sum
    power: int = 1


@dataclass(frozen=True)
class Product:
    """A number times powers of atoms times sums in brackets."""

    coefficient: Number
    monomial: Monomial = ()
    factors: tuple[Factor, ...] = ()

    @property
    def term(self) -> Poly:
        """What stands before the brackets."""
        return Poly({self.monomial: self.coefficient})

    @property
    def choice(self) -> tuple[Poly, str, tuple[Num, ...]] | None:
        """What stands before ``max`` or ``min``, that word, and its options, where the product is no more."""
        last = self.monomial[-1][0] if self.monomial else None
        if self.factors or not isinstance(last, Max) or self.monomial[-1][1] != 1:
            return None
        front = Poly({self.monomial[:-1]: self.coefficient})
        return (-front, "min", last.opposites) if last.opposites else (front, "max", last.options)

    def expanded(self) -> Num:
        """Return the product multiplied out."""
        result: Num = self.term
        for factor in self.factors:
            for _ in range(factor.power):
                result = result * factor.sum.expanded()
        return result


@dataclass(frozen=True)
class Sum:
    """Products, in the order in which they are read; none for 0."""

    products: tuple[Product, ...]

    def renamed(self, rename: Callable[[Num], Num]) -> Sum:
        """Return the sum in other atoms, its products and factors in the order they have.

        Args:
            rename: which makes one product of each product.
        """
        return Sum(tuple(_renamed(product, rename) for product in self.products))

    def expanded(self) -> Num:
        """Return the sum multiplied out."""
        return total((product.expanded(), 1) for product in self.products)


def _renamed(product: Product, rename: Callable[[Num], Num]) -> Product:
    ((monomial, c),) = terms_of(rename(product.term)).items()
    return Product(c, monomial, tuple(Factor(f.sum.renamed(rename), f.power) for f in product.factors))


Arrange: TypeAlias = Callable[[Num], Sum]
"""A way to put a formula together."""


def plain(x: Num) -> Sum:
    """Return x as the sum of its terms."""
    return Sum(tuple(Product(c, monomial) for monomial, c in ordered(x)))


def collected(x: Num, names: Iterable[str], arrange: Arrange = plain) -> Sum:
    """Return x with the products of powers of these symbols that terms share before brackets.

    Args:
        x: the formula.
        names: of the symbols.
        arrange: how to put together what stands in the brackets.
    """
    chosen = frozenset(names)
    groups: dict[Monomial, dict[Monomial, Number]] = {}
    for monomial, c in terms_of(x).items():
        front = tuple(pair for pair in monomial if isinstance(pair[0], Symbol) and pair[0].name in chosen)
        back = tuple(pair for pair in monomial if pair not in front)
        groups.setdefault(front, {})[back] = c
    products = (p for front in sorted(groups, key=rank) for p in _times(front, arrange(Poly(groups[front]))))
    return Sum(tuple(products))


def _times(front: Monomial, inner: Sum) -> tuple[Product, ...]:
    if not front:
        return inner.products
    if len(inner.products) > 1:
        return (Product(1, front, (Factor(inner),)),)
    (only,) = inner.products
    ((monomial, c),) = (only.term * Poly({front: 1})).terms.items()
    return (Product(exact(c), monomial, only.factors),)
