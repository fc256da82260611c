"""Sparse Laurent polynomials over interned atoms, with exact coefficients.

A total of a network is a sum of thousands of small products. SymPy re-sorts and re-hashes them at every step; a dict
from monomial to coefficient just adds up. Negative exponents are allowed (a grouped convolution costs C**2/g).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from symcost.algebra.atoms import Atom, Env, Number, Symbol, exact

Monomial: TypeAlias = tuple[tuple[Atom, int], ...]
"""Sorted pairs of atom and nonzero exponent; the empty tuple is 1."""


class NotExact(ValueError):
    """A division has no exact answer in the algebra."""


@lru_cache(maxsize=1 << 16)
def _times(left: Monomial, right: Monomial) -> Monomial:
    exponents = dict(left)
    for atom, exponent in right:
        exponents[atom] = exponents.get(atom, 0) + exponent
    return tuple(sorted((a, e) for a, e in exponents.items() if e))


@lru_cache(maxsize=1 << 14)
def _power(monomial: Monomial, exponent: int) -> Monomial:
    return tuple((atom, e * exponent) for atom, e in monomial)


class Poly:
    """An immutable sum of terms: a mapping from monomial to nonzero int or Fraction."""

    __slots__ = ("__weakref__", "_hash", "terms")

    terms: dict[Monomial, Number]

    def __init__(self, terms: dict[Monomial, Number]) -> None:
        self.terms = terms

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            value = constant(self)
            self._hash: int = hash(frozenset(self.terms.items()) if value is None else value)
            return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if isinstance(other, Poly):
            return self.terms == other.terms
        if isinstance(other, (int, Fraction)):
            return constant(self) == other
        return NotImplemented

    def __add__(self, other: Num) -> Poly:
        if isinstance(other, Poly):
            small, large = sorted((self.terms, other.terms), key=len)
            return Poly(_merge(dict(large), small))
        if isinstance(other, (int, Fraction)):
            return self if not other else Poly(_merge(dict(self.terms), {(): other}))
        return NotImplemented

    __radd__ = __add__

    def __neg__(self) -> Poly:
        return Poly({m: -c for m, c in self.terms.items()})

    def __sub__(self, other: Num) -> Poly:
        return self + (-other)

    def __rsub__(self, other: Num) -> Poly:
        return -self + other

    def __mul__(self, other: Num) -> Poly:
        if isinstance(other, Poly):
            return _product(self.terms, other.terms)
        if isinstance(other, (int, Fraction)):
            return self if other == 1 else _scaled(self.terms, other)
        return NotImplemented

    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> Poly:
        if len(self.terms) == 1:
            ((monomial, c),) = self.terms.items()
            return Poly({_power(monomial, exponent) if exponent else (): exact(Fraction(c) ** exponent)})
        if exponent < 0:
            raise NotExact(f"1/({self}) is not a sum of products; divide by a single product")
        result = ONE
        for bit in f"{exponent:b}":
            result = result * result
            if bit == "1":
                result = result * self
        return result

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __reduce__(self) -> tuple[type[Poly], tuple[dict[Monomial, Number]]]:
        return Poly, (self.terms,)

    def __repr__(self) -> str:
        from symcost.algebra.printing import text

        return text(self)


def _merge(into: dict[Monomial, Number], terms: Mapping[Monomial, Number]) -> dict[Monomial, Number]:
    get = into.get
    for monomial, c in terms.items():
        value = get(monomial, 0) + c
        if value:
            into[monomial] = exact(value)
        else:
            del into[monomial]
    return into


def _scaled(terms: Mapping[Monomial, Number], factor: Number) -> Poly:
    if not factor:
        return Poly({})
    if type(factor) is int:
        return Poly({m: c * factor if type(c) is int else exact(c * factor) for m, c in terms.items()})
    return Poly({m: exact(c * factor) for m, c in terms.items()})


def _product(left: Mapping[Monomial, Number], right: Mapping[Monomial, Number]) -> Poly:
    out: dict[Monomial, Number] = {}
    get = out.get
    for m, c in left.items():
        for n, d in right.items():
            monomial = _times(m, n)
            out[monomial] = get(monomial, 0) + c * d
    return Poly({m: exact(c) for m, c in out.items() if c})


Num: TypeAlias = int | Fraction | Poly
"""A number of the domain: plain numbers stay plain, only what depends on a symbol is a Poly."""

ONE = Poly({(): 1})


def symbol(name: str, kind: str = "dimension") -> Poly:
    """Return a symbol as a polynomial; kind is ``dimension``, ``ratio`` or ``index``."""
    return Poly({((Symbol.of(name, kind), 1),): 1})


def constant(x: Num) -> Number | None:
    """Return the number that x is, or None when it depends on a symbol."""
    if not isinstance(x, Poly):
        return x
    if not x.terms:
        return 0
    return x.terms.get(()) if len(x.terms) == 1 else None


def simplest(x: Num) -> Num:
    """Return a constant polynomial as the plain number it is."""
    value = constant(x)
    return x if value is None else exact(value)


def terms_of(x: Num) -> Mapping[Monomial, Number]:
    """Return the terms of any number of the domain."""
    if isinstance(x, Poly):
        return x.terms
    return {(): exact(x)} if x else {}


def atoms_of(x: Num) -> set[Atom]:
    """Return the atoms that occur in x, not looking inside them."""
    return {atom for monomial in terms_of(x) for atom, _ in monomial}


def symbols_of(x: Num) -> frozenset[str]:
    """Return the names of the symbols that x depends on."""
    return frozenset().union(*(atom.names for atom in atoms_of(x)))


def total(parts: Iterable[tuple[Num, Num]]) -> Num:
    """Add up products of two numbers, in place; a plain number comes out plain.

    Python's ``sum`` copies the running total at every step, which is quadratic in the number of distinct terms.
    """
    out: dict[Monomial, Number] = {}
    get = out.get
    for value, times in parts:
        product = value * times
        for monomial, c in terms_of(product).items():
            out[monomial] = get(monomial, 0) + c
    return simplest(Poly({m: exact(c) for m, c in out.items() if c}))


def evaluate(x: Num, env: Env) -> Number:
    """Return the exact value of x under bindings of all of its symbols.

    Raises:
        KeyError: a symbol is not bound.
    """
    if not isinstance(x, Poly):
        return x
    values: dict[Atom, Number] = {}
    result: Number = 0
    for monomial, c in x.terms.items():
        product = c
        for atom, exponent in monomial:
            v = values.get(atom)
            if v is None:
                v = values[atom] = atom.value(env)
            product *= v if exponent == 1 else v**exponent if exponent > 0 else Fraction(1) / v**-exponent
        result += product
    return exact(result)


def substitute(x: Num, mapping: Mapping[str, Num]) -> Num:
    """Replace symbols by expressions, inside floors too."""
    if not isinstance(x, Poly) or not (symbols_of(x) & mapping.keys()):
        return x
    images = {atom: atom.substitute(mapping) for atom in atoms_of(x)}
    return total((_image(monomial, images), c) for monomial, c in x.terms.items())


def _image(monomial: Monomial, images: Mapping[Atom, Num]) -> Num:
    result: Num = 1
    for atom, exponent in monomial:
        image = images[atom]
        if exponent > 0 or isinstance(image, Poly):
            result = result * image**exponent
        else:
            result = result * exact(Fraction(1) / image**-exponent)
    return result
