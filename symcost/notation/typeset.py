"""Formulas in the notations that are typeset: one walk over a formula, and a style that says how its pieces are set."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

from symcost.algebra.atoms import Atom, Part, Symbol
from symcost.algebra.extent import Extent
from symcost.algebra.maximum import Max
from symcost.algebra.poly import Num
from symcost.algebra.power import Power
from symcost.algebra.printing import turned
from symcost.algebra.rounding import Gcd, Rounded
from symcost.notation.form import Factor, Product, Sum, plain

_GREEK = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi
omega"""
GREEK = frozenset(_GREEK.split())


class Style(Protocol):
    """How pieces of a formula are set; every piece is text of one notation."""

    def number(self, n: int) -> str:
        """Return a whole number that is not negative."""

    def name(self, stem: str, index: str) -> str:
        """Return the name of a symbol, in two parts; ``""`` for no index."""

    def product(self, factors: Sequence[str]) -> str:
        """Return factors side by side, with a sign of times where two numbers would run together."""

    def fraction(self, above: str, below: str) -> str:
        """Return a quotient."""

    def power(self, base: str, exponent: str) -> str:
        """Return a power."""

    def brackets(self, inner: str) -> str:
        """Return something in round brackets."""

    def rounded(self, kind: Literal["floor", "ceil"], inner: str) -> str:
        """Return something between the brackets of floor or ceiling."""

    def call(self, function: str, index: str, arguments: Sequence[str]) -> str:
        """Return a named function of arguments, with an index below its name unless that is ``""``."""

    def sum(self, terms: Sequence[tuple[bool, str]]) -> str:
        """Return terms that follow one another, each with whether it is taken away."""


def typeset(form: Sum, style: Style) -> str:
    """Return a formula in a style."""
    return style.sum([term(product, style) for product in form.products] or [(False, style.number(0))])


def term(product: Product, style: Style) -> tuple[bool, str]:
    """Return whether a product is taken away, and the product without its sign."""
    n, d = abs(product.coefficient.numerator), product.coefficient.denominator
    above = [_power(atom, e, style) for atom, e in product.monomial if e > 0]
    below = [_power(atom, -e, style) for atom, e in product.monomial if e < 0]
    below = [style.number(d), *below] if d > 1 else below
    if n > 1 or not n or (not above and (below or not product.factors)):
        above.insert(0, style.number(n))
    front = [style.fraction(style.product(above), style.product(below))] if below else above
    return product.coefficient * turned(product.monomial) < 0, style.product([*front, *factors(product.factors, style)])


def split(name: str) -> tuple[str, str]:
    """Return the letters and the index of the name of a symbol: ``L1`` is L, 1 and ``C_in`` is C, in."""
    match = re.fullmatch(r"([A-Za-z]+)_?([0-9]+)|([A-Za-z]+)_([A-Za-z0-9]+)|([A-Za-z]+)([0-9]+)_([A-Za-z0-9]+)", name)
    if match is None:
        return name, ""
    stem, *index = (group for group in match.groups() if group)
    return stem, ",".join(index)


def _inner(x: Num, style: Style) -> str:
    return typeset(plain(x), style)


def factors(given: Iterable[Factor], style: Style) -> list[str]:
    """Return sums in brackets, to their powers."""
    return [_factor(factor, style) for factor in given]


def _factor(factor: Factor, style: Style) -> str:
    body = style.brackets(typeset(factor.sum, style))
    return body if factor.power == 1 else style.power(body, style.number(factor.power))


def _power(atom: Atom, exponent: int, style: Style) -> str:
    if isinstance(atom, Power):
        base, inner = atom.times(exponent)
        return style.power(style.number(base), _inner(inner, style))
    body = _atom(atom, style)
    if exponent == 1:
        return body
    whole = body if isinstance(atom, (Symbol, Extent)) else style.brackets(body)
    return style.power(whole, style.number(exponent))


def _atom(atom: Atom, style: Style) -> str:
    match atom:
        case Symbol():
            return style.name(*split(atom.name))
        case Part():
            return style.fraction(style.name(*split(atom.name)), style.number(atom.divisor))
        case Extent():
            return _extent(atom, style)
        case Rounded():
            least = "" if atom.least == atom.divisor else f",{atom.least}"
            return style.call("round", f"{atom.divisor}{least}", [_inner(atom.inner, style)])
        case Gcd():
            return style.call("gcd", "", [_inner(atom.inner, style), style.number(atom.n)])
        case Power():
            return _power(atom, 1, style)
        case Max():
            word, options = ("min", atom.opposites) if atom.opposites else ("max", atom.options)
            return style.call(word, "", [_inner(option, style) for option in options])
    raise TypeError(f"no way to typeset {atom!r}")


def _extent(atom: Extent, style: Style) -> str:
    rounded_up = atom.offset == atom.divisor - 1 and atom.divisor > 1
    top = _inner(atom.base if rounded_up else atom.base + atom.offset, style)
    inner = top if atom.divisor == 1 else style.fraction(top, style.number(atom.divisor))
    return style.rounded("ceil" if rounded_up or atom.up else "floor", inner)
