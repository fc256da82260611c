"""Polynomials: the laws of a ring, exact coefficients, and values."""

from __future__ import annotations

import copy
import operator
import pickle
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost.algebra.atoms import Env
from symcost.algebra.division import div
from symcost.algebra.extent import ceil, floor
from symcost.algebra.poly import (
    NotExact,
    Num,
    Poly,
    constant,
    evaluate,
    simplest,
    substitute,
    symbol,
    symbols_of,
    terms_of,
    total,
)
from symcost.algebra.rounding import gcd, make_divisible
from tests.algebra.twins import C, H, R, Twin, W, envs, laurents, polynomials, towers

numbers = polynomials().map(lambda twin: twin.num)


@given(a=numbers, b=numbers, c=numbers)
def test_ring(a: Num, b: Num, c: Num) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a * b == b * a
    assert (a * b) * c == a * (b * c)
    assert a * (b + c) == a * b + a * c
    assert a - b == -(b - a)
    assert a - a == 0
    assert a * 1 == a + 0 == a
    assert a * 0 == 0


@given(a=laurents(), env=envs)
def test_values(a: Twin, env: Env) -> None:
    assert evaluate(a.num, env) == a.at(env)


@given(a=polynomials(), env=envs, power=st.integers(0, 4))
def test_powers(a: Twin, env: Env, power: int) -> None:
    assert evaluate(a.num**power, env) == a.at(env) ** power


@given(a=numbers, b=numbers)
def test_equal_numbers_have_equal_hashes(a: Num, b: Num) -> None:
    there = a + b - b
    assert there == a
    assert hash(there) == hash(a)
    assert (a == b) == (a - b == 0)


@given(a=laurents(), b=laurents())
def test_coefficients_are_exact_and_in_lowest_terms(a: Twin, b: Twin) -> None:
    for x in (a.num + b.num, a.num * b.num, total([(a.num, b.num), (b.num, 3)])):
        for c in terms_of(x).values():
            assert c != 0
            assert type(c) is int or (type(c) is Fraction and c.denominator > 1)


def test_constants_are_the_numbers_they_are() -> None:
    five = H - H + 5
    assert isinstance(five, Poly)
    assert five == 5
    assert five == Fraction(5)
    assert hash(five) == hash(5)
    assert {5: "found"}[five] == "found"  # type: ignore[index]
    assert not H - H
    assert hash(H - H) == hash(0)
    assert type(simplest(five)) is int
    assert type(simplest(H * Fraction(1, 2) * 0 + Fraction(4, 2))) is int
    assert constant(H) is None


def test_negative_exponents() -> None:
    groups = symbol("g")
    assert C**2 * groups**-1 * groups == C**2
    assert div(1, 2 * C) ** 2 == Fraction(1, 4) * C**-2
    assert H**0 == 1
    with pytest.raises(NotExact, match=r"^1/\(H \+ 1\) is not a sum of products; divide by a single product$"):
        _ = (H + 1) ** -1


@pytest.mark.parametrize("work", [operator.add, operator.sub, operator.mul, operator.truediv])
def test_floats_have_no_place(work: Callable[..., Num]) -> None:
    with pytest.raises(TypeError):
        work(H, 0.5)
    with pytest.raises(TypeError):
        work(0.5, H)


@given(a=st.lists(st.tuples(numbers, numbers), max_size=6))
def test_total(a: list[tuple[Num, Num]]) -> None:
    added: Num = 0
    for value, times in a:
        added = added + value * times
    assert total(a) == added
    assert isinstance(total(a), Poly) == (constant(added) is None)


@given(a=towers(), env=envs)
def test_substitution_of_numbers_is_evaluation(a: Twin, env: Env) -> None:
    assert substitute(a.num, env) == evaluate(a.num, env) == a.at(env)


@given(a=towers(), env=envs)
def test_substitution_is_simultaneous(a: Twin, env: Env) -> None:
    swapped = substitute(a.num, {"H": W + 1, "W": H})
    assert evaluate(swapped, env) == a.at({**env, "H": env["W"] + 1, "W": env["H"]})


def test_substitution_leaves_what_has_no_such_symbol() -> None:
    x = H * W
    assert substitute(x, {"C": 1}) is x
    assert substitute(7, {"H": 1}) == 7
    with pytest.raises(NotExact):
        substitute(C**-1, {"C": H + W})


def test_symbols_are_found_inside_floors() -> None:
    assert symbols_of(floor((H + W) * Fraction(1, 2)) * C) == {"H", "W", "C"}
    assert symbols_of(3) == frozenset()


def test_a_value_for_every_symbol_is_needed() -> None:
    with pytest.raises(KeyError):
        evaluate(H * W, {"H": 1})


@pytest.mark.parametrize(
    "x",
    [H, 3 * H * W**-1 + 5, ceil(H * Fraction(1, 2)), floor(R * C), make_divisible(64 * R, 8, 16), gcd(H + 1, 6)],
    ids=str,
)
def test_copies_are_equal(x: Num) -> None:
    assert pickle.loads(pickle.dumps(x)) == x  # noqa: S301
    assert copy.deepcopy(x) == copy.copy(x) == x
