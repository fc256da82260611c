"""The terms that matter most, against the same question put to plain numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost.algebra.atoms import Number
from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.poly import NotExact, Num, Poly, evaluate, symbol, terms_of
from symcost.algebra.power import raised
from symcost.algebra.rounding import gcd, make_divisible
from symcost.notation.leading import highest, largest
from symcost.notation.lines import one_line
from tests.notation.polys import polys

B, E, T = symbol("B"), symbol("E"), symbol("T")
ENV: dict[str, Number] = {"A": 40, "B": 9, "G": 4, "r": Fraction(3, 4)}


@given(polys, st.integers(1, 4))
def test_no_term_left_out_is_larger(x: Num, most: int) -> None:
    found = largest(x, most, ENV)
    assert found.kept + found.rest == x
    assert len(terms_of(found.kept)) == min(most, len(terms_of(x)))
    kept, rest = (
        [abs(Fraction(evaluate(Poly({m: c}), ENV))) for m, c in terms_of(y).items()] for y in (found.kept, found.rest)
    )
    assert not kept or not rest or min(kept) >= max(rest)


def test_shares_may_be_negative() -> None:
    found = largest(E**2 - E, 1, {"E": 10})
    assert (found.left_out, found.whole({"E": 10}), found.share({"E": 10})) == (1, 90, Fraction(-1, 9))


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (24 * B * E**2 * T + 4 * B * E * T**2 + 7, "4*B*E*T**2"),
        (ceil_div(T, 2) ** 2 + T * ceil_div(T, 4) + 5 * T, "ceil(T/2)**2 + T*ceil(T/4)"),
        (floor_div(T * E, 2) + gcd(T, 8) * E**2 + T, "floor(E*T/2) + T"),
        (make_divisible(T**2 + E, 8) + T**2 + E, "T**2 + make_divisible(T**2 + E, 8)"),
        (B * T**-1 + E * T**-2, "B/T"),
        (B + E, "B + E"),
    ],
)
def test_highest_degree(x: Num, text: str) -> None:
    found = highest(x, "T")
    assert one_line(found.kept) == text
    assert found.kept + found.rest == x


def test_a_symbol_in_an_exponent_has_no_degree() -> None:
    with pytest.raises(NotExact, match=r"2\*\*T has no degree in T"):
        highest(raised(2, T) + T, "T")
