"""Random formulas: sums of products of symbols, floors, rounding rules and a gcd, with negative exponents too."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from symcost.algebra.atoms import Number
from symcost.algebra.extent import ceil, ceil_div, floor_div
from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num, Poly, atoms_of, simplest, symbol
from symcost.algebra.power import raised
from symcost.algebra.rounding import gcd, make_divisible

A, B, G = symbol("A"), symbol("B"), symbol("G")
R = symbol("r", "ratio")
ENV: dict[str, Num] = {"A": A, "B": B, "G": G, "r": R}
PIECES: tuple[Num, ...] = (
    A,
    B,
    G,
    R,
    ceil_div(A, 32),
    floor_div(B + 3, 4),
    ceil(A * R),
    make_divisible(B * R, 8),
    gcd(A + B, 6),
)
PIECES += (raised(2, B), maximum([A**2, 7 * A + G, 3 * B], {}), maximum([A * Fraction(1, 2), B * Fraction(2, 3)], {}))
PIECES += (maximum([-A - 1, -3 * B], {}),)
ATOMS = sorted(set().union(*map(atoms_of, PIECES)))


def _poly(terms: list[tuple[Number, dict[int, int]]]) -> Num:
    found: dict[tuple[tuple[object, int], ...], Number] = {}
    for c, powers in terms:
        monomial = tuple((ATOMS[i], e) for i, e in sorted(powers.items()) if e)
        found[monomial] = found.get(monomial, 0) + c
    return simplest(Poly({m: c for m, c in found.items() if c}))  # type: ignore[misc]


coefficients = st.one_of(st.integers(-99, 99), st.builds(Fraction, st.integers(-9, 9), st.integers(1, 6)))
terms = st.tuples(coefficients, st.dictionaries(st.integers(0, len(ATOMS) - 1), st.integers(-2, 3), max_size=2))
polys = st.lists(terms, max_size=4).map(_poly)
products = st.tuples(st.lists(terms, max_size=2).map(_poly), polys).map(lambda pair: simplest(pair[0] * pair[1]))
"""Those that factor."""
points = st.fixed_dictionaries(
    {
        "A": st.integers(1, 99),
        "B": st.integers(1, 40),
        "G": st.integers(1, 9),
        "r": st.fractions(Fraction(1, 9), 9, max_denominator=9),
    }
)
