"""Random numbers of the domain, each built twice: as the algebra has it, and as a plain function of plain numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil as ceil_of_number
from math import floor as floor_of_number

from hypothesis import strategies as st

from symcost.algebra.atoms import Env, Number
from symcost.algebra.extent import ceil, floor
from symcost.algebra.poly import Num, Poly, symbol
from symcost.algebra.rounding import make_divisible

H, W, C, R = symbol("H"), symbol("W"), symbol("C"), symbol("r", "ratio")


@dataclass(frozen=True)
class Twin:
    """One thing in two forms.

    Attributes:
        num: in the algebra.
        at: its value, worked out by Python's own numbers alone.
    """

    num: Num
    at: Callable[[Env], Number]


def named(name: str, num: Poly) -> Twin:
    """Return a symbol."""
    return Twin(num, lambda env: env[name])


SYMBOLS = (named("H", H), named("W", W), named("C", C), named("r", R))

dims = st.integers(1, 80)
ratios = st.builds(Fraction, st.integers(1, 24), st.integers(1, 12))
fractions = st.builds(Fraction, st.integers(-12, 12), st.sampled_from((1, 1, 2, 3, 4, 6)))
envs = st.fixed_dictionaries({"H": dims, "W": dims, "C": dims, "r": ratios})


def sums_and_products(leaves: st.SearchStrategy[Twin], size: int = 7) -> st.SearchStrategy[Twin]:
    """Return sums, differences, products and multiples of leaves."""
    return st.recursive(leaves, lambda inner: _pairs(inner) | _scaled(inner), max_leaves=size)


def polynomials() -> st.SearchStrategy[Twin]:
    """Return polynomials in H, W, C and the ratio r."""
    return sums_and_products(st.sampled_from(SYMBOLS) | _constants())


def laurents() -> st.SearchStrategy[Twin]:
    """Return polynomials that may have symbols in denominators."""
    return sums_and_products(st.sampled_from([*SYMBOLS, *map(_reciprocal, SYMBOLS)]) | _constants())


def towers() -> st.SearchStrategy[Twin]:
    """Return polynomials with floors, ceilings and roundings, also inside one another."""
    return st.recursive(
        st.sampled_from(SYMBOLS) | _constants(),
        lambda inner: _pairs(inner) | _scaled(inner) | _steps(inner),
        max_leaves=6,
    )


def _constants() -> st.SearchStrategy[Twin]:
    return fractions.map(lambda c: Twin(c, lambda env: c))


def _reciprocal(twin: Twin) -> Twin:
    assert isinstance(twin.num, Poly)
    return Twin(twin.num**-1, lambda env: Fraction(1) / twin.at(env))


def _pairs(inner: st.SearchStrategy[Twin]) -> st.SearchStrategy[Twin]:
    return st.builds(lambda make, a, b: make(a, b), st.sampled_from((_plus, _minus, _times)), inner, inner)


def _plus(a: Twin, b: Twin) -> Twin:
    return Twin(a.num + b.num, lambda env: a.at(env) + b.at(env))


def _minus(a: Twin, b: Twin) -> Twin:
    return Twin(a.num - b.num, lambda env: a.at(env) - b.at(env))


def _times(a: Twin, b: Twin) -> Twin:
    return Twin(a.num * b.num, lambda env: a.at(env) * b.at(env))


def _scaled(inner: st.SearchStrategy[Twin]) -> st.SearchStrategy[Twin]:
    return st.builds(lambda a, c: Twin(a.num * c, lambda env: a.at(env) * c), inner, fractions)


def _steps(inner: st.SearchStrategy[Twin]) -> st.SearchStrategy[Twin]:
    return st.builds(lambda make, a: make(a), st.sampled_from((_floor, _ceil, _rounded)), inner)


def _floor(a: Twin) -> Twin:
    return Twin(floor(a.num), lambda env: floor_of_number(a.at(env)))


def _ceil(a: Twin) -> Twin:
    return Twin(ceil(a.num), lambda env: ceil_of_number(a.at(env)))


def _rounded(a: Twin) -> Twin:
    return Twin(make_divisible(a.num, 8), lambda env: by_the_rule(a.at(env), 8, 8))


def by_the_rule(v: Number, divisor: int, least: int) -> int:
    """Return make_divisible as torchvision's _make_divisible states it, in exact numbers."""
    new = max(least, int(v + Fraction(divisor, 2)) // divisor * divisor) if v >= 0 else least
    return new + divisor if new < Fraction(9, 10) * v else new
