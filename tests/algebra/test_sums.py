"""Closed sums against loops."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost.algebra.atoms import Number
from symcost.algebra.extent import floor, floor_div
from symcost.algebra.maximum import maximum
from symcost.algebra.poly import NotExact, Num, Poly, evaluate, substitute, symbol
from symcost.algebra.sums import added_up, power_sum, sum_over
from tests.algebra.twins import C, H, Twin, W, polynomials

i, j, n = symbol("i", "index"), symbol("j", "index"), symbol("n")
counts = st.integers(0, 30)


@given(power=st.integers(0, 16), count=counts)
def test_power_sums(power: int, count: int) -> None:
    expected = sum(k**power for k in range(count))
    assert power_sum(power, count) == expected
    assert evaluate(power_sum(power, n), {"n": count}) == expected


def test_first_power_sums() -> None:
    assert [str(power_sum(power, n)) for power in range(4)] == [
        "n",
        "n**2/2 - n/2",
        "n**3/3 - n**2/2 + n/6",
        "n**4/4 - n**3/2 + n**2/4",
    ]


@given(a=polynomials(), count=counts)
def test_sums(a: Twin, count: int) -> None:
    """Sizes V + i D summed over the rounds are the sum of the sizes."""
    grown = substitute(a.num, {"H": C + i * W})
    closed = sum_over(grown, "i", n)
    rounds: Num = 0
    for k in range(count):
        rounds = rounds + substitute(grown, {"i": k})
    assert substitute(closed, {"n": count}) == rounds == sum_over(grown, "i", count)


@given(outer=st.integers(0, 8), a=st.integers(-3, 3), b=st.integers(-3, 3))
def test_rounds_within_rounds(outer: int, a: int, b: int) -> None:
    """An inner count may grow with the outer index."""
    inner = sum_over(a * i * j + b * j**2 + H, "j", i + 1)
    value: Number = 0
    for k in range(outer):
        for m in range(k + 1):
            value += a * k * m + b * m**2 + 5
    assert evaluate(sum_over(inner, "i", n), {"n": outer, "H": 5}) == value


def test_what_does_not_vary_is_multiplied() -> None:
    assert sum_over(H * C, "i", n) == n * H * C
    assert sum_over(7, "i", 4) == 28
    assert sum_over(floor_div(H, 2) * i, "i", 4) == 6 * floor_div(H, 2)


@pytest.mark.parametrize("x", [H * i**-1, floor(H * i**-1)], ids=str)
def test_no_closed_sum(x: Poly) -> None:
    with pytest.raises(NotExact, match="no closed sum"):
        sum_over(x, "i", n)


@given(a=st.integers(0, 5), b=st.integers(-9, 9), count=counts)
def test_what_has_no_closed_sum_is_added_up_where_rounds_are_plain(a: int, b: int, count: int) -> None:
    larger = maximum([a * i + b, H], None)
    found = added_up(larger * i, "i", count)
    assert evaluate(found, {"H": 7}) == sum(max(a * k + b, 7) * k for k in range(count))
    if a and count > 1:
        with pytest.raises(NotExact, match="no closed sum"):
            added_up(larger, "i", n)
    assert added_up(3 * i, "i", n) == sum_over(3 * i, "i", n)
