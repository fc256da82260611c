"""Columns compute what plain numbers compute, point by point, and part where truths do."""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specs.naive.columns import Column, Split, gcd, over, whole

numbers = st.integers(1, 60) | st.fractions(Fraction(1, 9), 9, max_denominator=12)
lists = st.lists(numbers, min_size=3, max_size=3)
OPERATORS = (operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod, over)


def column(values: list[Any]) -> Any:
    """Return a column, whose operators no type checker sees."""
    return Column(values)


@given(a=lists, b=lists, c=numbers)
def test_arithmetic(a: list[Any], b: list[Any], c: Any) -> None:
    for apply in OPERATORS:
        assert list(apply(column(a), column(b)).values) == [apply(x, y) for x, y in zip(a, b, strict=True)]
        assert list(apply(column(a), c).values) == [apply(x, c) for x in a]
        assert list(apply(c, column(a)).values) == [apply(c, x) for x in a]
    assert list(math.floor(column(a)).values) == [math.floor(x) for x in a]
    assert list(math.ceil(column(a)).values) == [math.ceil(x) for x in a]
    assert all(isinstance(x, int) for x in (column(a) * math.lcm(*(Fraction(x).denominator for x in a))).values)


@given(a=st.lists(st.integers(1, 60), min_size=2, max_size=2), n=st.integers(1, 60))
def test_common_divisors(a: list[int], n: int) -> None:
    assert list(gcd(column(a), n).values) == list(gcd(n, column(a)).values) == [math.gcd(x, n) for x in a]


def test_truths_part() -> None:
    assert column([1, 2]) < 3
    assert not column([1, 2]) == 3  # noqa: SIM201 - a column has its own ==
    assert whole(column([1, 2])) and not whole(column([Fraction(1, 2), Fraction(1, 3)]))
    with pytest.raises(Split) as split:
        bool(column([1, 2, 3]) < 3)
    assert list(split.value.mask) == [True, True, False]
    with pytest.raises(Split) as split:
        range(column([4, 4, 5]))
    assert list(split.value.mask) == [True, True, False]
    assert len(range(column([4, 4]))) == 4
