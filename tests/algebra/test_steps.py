"""Sums of powers and of steps against plain loops."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.depth import SUMMANDS, closed, summation
from symcost.algebra.atoms import Number
from symcost.algebra.extent import floor, floor_div
from symcost.algebra.poly import NotExact, Num, evaluate, substitute, symbol
from symcost.algebra.power import raised
from symcost.algebra.rounding import gcd, make_divisible
from symcost.algebra.steps import cycle, settled, settles, vanishes
from symcost.algebra.sums import MOST_CLASSES, power_sum, sum_over
from symcost.algebra.to_sympy import from_sympy
from tests.algebra.twins import C, H

i, n, m = symbol("i", "index"), symbol("n"), symbol("m")
counts = st.integers(0, 24)
ratios = st.builds(Fraction, st.integers(1, 6), st.integers(1, 4))
small = st.integers(0, 12)


@given(power=st.integers(0, 9), ratio=ratios, count=counts)
def test_geometric_sums(power: int, ratio: Fraction, count: int) -> None:
    expected = sum(k**power * ratio**k for k in range(count))
    assert power_sum(power, count, ratio) == expected
    assert evaluate(power_sum(power, n, ratio), {"n": count}) == expected


def test_first_geometric_sums() -> None:
    assert [str(power_sum(power, n, Fraction(2))) for power in range(3)] == [
        "2**n - 1",
        "n*2**n - 2*2**n + 2",
        "n**2*2**n - 4*n*2**n + 6*2**n - 6",
    ]
    assert str(power_sum(0, n, Fraction(1, 2))) == "2 - 2/2**n"
    assert str(sum_over(H**2 * raised(4, -i), "i", n)) == "4*H**2/3 - 4*H**2/(3*4**n)"


widths = st.one_of(
    st.builds(lambda a, b: a * i + b, small, small),
    st.builds(lambda a, b, r: a * raised(r, i) + b, small, small, ratios),
    st.builds(lambda a, b, s: floor_div(a * i + b, s), small, small, st.integers(1, 6)),
    st.builds(lambda a, b, s: floor_div(a * i * i + b * i + H, s), small, small, st.integers(1, 3)),
    st.builds(lambda a, b, s: a * raised(2, floor_div(i + b, s)), small, small, st.integers(1, 4)),
    st.builds(lambda a, s: gcd(a * i + H, s), small, st.integers(1, 6)),
    st.builds(lambda a, b: make_divisible(a * i + b, 8), st.integers(1, 20), st.integers(1, 90)),
    st.builds(lambda a, b, s: make_divisible(Fraction(a, s) * i + b, 4), *[st.integers(1, 9)] * 3),
    st.builds(lambda a, b: floor_div(make_divisible(a * i + b, 8), 3), st.integers(1, 20), st.integers(1, 90)),
    st.just(C * i + H),
)  # fmt: skip


@settings(max_examples=200)
@given(a=widths, b=widths, count=st.integers(0, 40))
def test_sums_of_products_of_widths(a: Num, b: Num, count: int) -> None:
    """What costs a width times a width, summed over the rounds, is that sum for every count the form holds for."""
    env: dict[str, Number] = {"H": 7, "C": 5}
    product = a * b + a
    expected = sum(evaluate(product, {**env, "i": k}) for k in range(count))
    assert evaluate(sum_over(product, "i", count), env) == expected
    if cycle(settled(product, "i"), "i") <= MOST_CLASSES and count >= settles(product, "i"):
        assert evaluate(sum_over(product, "i", n), {**env, "n": count}) == expected


@given(a=st.integers(1, 20), b=st.integers(0, 90), least=st.sampled_from((4, 8, 16, 24)))
def test_the_round_from_which_on_a_rule_is_a_floor(a: int, b: int, least: int) -> None:
    rule = make_divisible(a * i + b, 8, least)
    first = settles(rule, "i")
    plain = [(a * k + b + 4) // 8 * 8 for k in range(60)]
    same = [evaluate(rule, {"i": k}) == v for k, v in enumerate(plain)]
    assert all(same[first:])
    assert first == 0 or not same[first - 1]


@pytest.mark.parametrize("name", [name for name in SUMMANDS if "steps" not in name])
def test_sums_are_those_of_sympy(name: str) -> None:
    """What the benchmark times gives the same both ways."""
    assert from_sympy(summation(name)()) == closed(name)()


def test_pyramids() -> None:
    width = 16 + floor_div(48 * (i + 1), 18)
    assert cycle(width, "i") == 3
    total = sum_over(width, "i", n)
    assert evaluate(total, {"n": 10**6}) == sum(16 + 48 * (k + 1) // 18 for k in range(10**6))
    even = floor(H * (i + 1) * Fraction(1, 2))
    assert [evaluate(sum_over(even, "i", n), {"H": 3, "n": v}) for v in range(5)] == [0, 1, 4, 8, 14]


@given(a=small, b=small, s=st.integers(1, 6))
def test_differences_vanish(a: int, b: int, s: int) -> None:
    growth = floor_div(a * i + b, s)
    size = sum_over(growth, "i", n)
    up, here = (substitute(size, {"n": x}) for x in (i + 1, i))
    assert vanishes(up - here - growth, "i")
    assert not vanishes(up - here - growth - 1, "i")


@pytest.mark.parametrize(
    ("x", "reason"),
    [
        (raised(2, i * i), "2**(i**2) depends on the repetition"),
        (raised(2, m * i), "2**(i*m) depends on the repetition"),
        (floor(H * raised(2, -i)), "floor(H/2**i) depends on the repetition"),
        (floor_div(i, 101), "it repeats after 101 rounds only"),
        (make_divisible(C + i, 8), "make_divisible(C + i, 8) depends on the repetition"),
        (make_divisible(1000 - i, 8), "make_divisible(-i + 1000, 8) depends on the repetition"),
    ],
    ids=str,
)
def test_no_closed_sum(x: Num, reason: str) -> None:
    with pytest.raises(NotExact) as caught:
        sum_over(x, "i", n)
    assert str(caught.value) == f"no closed sum: {reason}"
