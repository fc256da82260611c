"""Division is exact, or it is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from symcost.algebra.division import div
from symcost.algebra.extent import floor_div
from symcost.algebra.poly import NotExact, Num, Poly, terms_of
from tests.algebra.twins import C, H, R, W, fractions, laurents, polynomials

numbers = polynomials().map(lambda twin: twin.num)
sums = numbers.filter(lambda x: len(terms_of(x)) > 1)


@given(a=laurents(), b=laurents())
def test_undoes_multiplication(a: object, b: object) -> None:
    x, y = a.num, b.num  # type: ignore[attr-defined]
    assume(y != 0)
    assert div(x * y, y) == x


@given(a=numbers, b=sums)
def test_an_answer_is_right(a: Num, b: Num) -> None:
    try:
        quotient = div(a, b)
    except NotExact:
        return
    assert quotient * b == a


@given(a=numbers, b=sums)
def test_a_rest_is_never_overlooked(a: Num, b: Num) -> None:
    with pytest.raises(NotExact):
        div(a * b + 1, b)


@given(a=numbers, n=fractions.filter(bool))
def test_by_a_number(a: Num, n: Fraction) -> None:
    assert div(a, n) * n == a


@given(a=st.integers(-100, 100), b=st.integers(1, 20))
def test_of_numbers(a: int, b: int) -> None:
    quotient = div(a, b)
    assert quotient == Fraction(a, b)
    assert isinstance(quotient, int) == (a % b == 0)


def test_by_products_and_sums() -> None:
    assert div(C**2, 2 * H) == Fraction(1, 2) * C**2 * H**-1
    assert div(H**2 - W**2, H + W) == H - W
    assert div(C * H**-1 + C * H**-2, H + 1) == C * H**-2
    assert div(0, H + 1) == 0
    assert div(floor_div(H, 2) ** 2 - 1, floor_div(H, 2) + 1) == floor_div(H, 2) - 1
    assert div(R * C, C) == R


def test_results_that_are_numbers_are_plain() -> None:
    assert type(div(6 * H, 2 * H)) is int
    assert type(div(3 * (H + 1), 2 * H + 2)) is Fraction


@pytest.mark.parametrize("zero", [0, Fraction(0), H - H], ids=repr)
def test_by_zero(zero: Num) -> None:
    with pytest.raises(ZeroDivisionError):
        div(H, zero)


@pytest.mark.parametrize(("a", "b"), [(1, H + 1), (H, H + 1), (H**2 + 1, H + 1), (C * (H + 1) + 1, H + 1)], ids=repr)
def test_not_exact(a: Num, b: Poly) -> None:
    with pytest.raises(NotExact, match="is not exact; divide by a number or by a single product"):
        div(a, b)
