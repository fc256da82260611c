"""Sizes with floors, against loops over integers."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from fractions import Fraction
from itertools import permutations
from math import ceil as ceil_of_number
from math import gcd
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost.algebra.atoms import Env, Part, lift
from symcost.algebra.extent import Extent, _floor, ceil, ceil_div, floor, floor_div, integral
from symcost.algebra.poly import Num, Poly, atoms_of, evaluate, substitute, symbol, symbols_of, terms_of, total
from symcost.algebra.ranges import rises
from tests.algebra.twins import C, H, R, Twin, W, envs, fractions, towers

Step = tuple[Callable[[Num], Num], Callable[[int], int]]
"""A layer as the algebra states its size, and as a loop counts it."""


def windows(length: int, span: int, stride: int) -> int:
    """Count the places where a window fits."""
    return len(range(0, length - span + 1, stride))


def conv(k: int, s: int, p: int, d: int) -> Step:
    span = d * (k - 1) + 1
    return lambda x: floor_div(x + 2 * p - span, s) + 1, lambda n: windows(n + 2 * p, span, s)


def same(s: int) -> Step:
    return lambda x: ceil_div(x, s), lambda n: len(range(0, n, s))


def ceil_mode(k: int, s: int, p: int) -> Step:
    """Pool as torch does in ceil mode: the last window may stick out, but starts in the input or its left padding."""

    def count(n: int) -> int:
        starts = [0] if k <= n + 2 * p else []
        while starts and starts[-1] + k < n + 2 * p and starts[-1] + s < n + p:
            starts.append(starts[-1] + s)
        return len(starts)

    return lambda x: floor_div(x + s - 1 + min(2 * p - k + s, p), s), count


def upsample(a: int) -> Step:
    return lambda x: a * x, lambda n: sum(1 for _ in range(n) for _ in range(a))


def grow(before: int, after: int) -> Step:
    return lambda x: x + before - after, lambda n: n + before - after


def any_step(rng: random.Random, *, scaling: bool) -> Step:
    kind = rng.randrange(6 if scaling else 4)
    k, s, d = rng.randint(1, 7), rng.randint(1, 3), rng.randint(1, 2)
    if kind == 0:
        return conv(k, s, rng.randint(0, 3), d)
    if kind == 1:
        return same(s)
    if kind == 2:
        return ceil_mode(k, s, rng.randint(0, k // 2))
    if kind == 3:
        return grow(rng.randint(0, 3), rng.randint(0, 3))
    return upsample(rng.choice((2, 3, 4)))


def walk(rng: random.Random, *, scaling: bool, most: int = 6) -> tuple[Num, list[Step]]:
    steps = [any_step(rng, scaling=scaling) for _ in range(rng.randint(1, most))]
    size: Num = H
    for symbolic, _ in steps:
        size = symbolic(size)
    return size, steps


def count(steps: list[Step], n: int) -> int:
    for _, loop in steps:
        n = loop(n)
        if not 0 < n < 2000:
            return 0
    return n


@pytest.mark.parametrize("scaling", [False, True], ids=["chains", "with upsampling"])
def test_chains_against_loops(scaling: bool) -> None:
    rng = random.Random(20)  # noqa: S311
    checked = 0
    for _ in range(10_000):
        size, steps = walk(rng, scaling=scaling)
        for n in rng.sample(range(20, 300), 2):
            expected = count(steps, n)
            if expected:
                checked += 1
                assert evaluate(size, {"H": n}) == expected, (size, n)
        assert scaling or len(terms_of(size)) <= 2, "an extent and a number, whatever the length of the chain"
    assert checked > 15_000


def test_one_pair_for_one_function() -> None:
    """Chains have the same form exactly when they are the same function."""
    rng = random.Random(7)  # noqa: S311
    form: dict[tuple[int, ...], Num] = {}
    function: dict[Num, tuple[int, ...]] = {}
    for _ in range(1000):
        size, _ = walk(rng, scaling=False, most=3)
        values = tuple(int(evaluate(size, {"H": n})) for n in range(200, 200 + 2 * 27))
        assert form.setdefault(values, size) == size
        assert function.setdefault(size, values) == values


@given(c=st.integers(-50, 50), s=st.integers(2, 9), then_c=st.integers(-50, 50), then_s=st.integers(2, 9))
def test_composition(c: int, s: int, then_c: int, then_s: int) -> None:
    first = floor_div(H + c, s)
    both = floor_div(first + then_c, then_s)
    assert both == floor_div(H + c + then_c * s, s * then_s)
    (atom,) = atoms_of(both)
    assert isinstance(atom, Extent)
    assert (atom.base, atom.divisor) == (H, s * then_s)
    (inner,) = atoms_of(first)
    assert isinstance(inner, Extent)
    assert inner.then(0, then_s) == floor_div(Poly({((inner, 1),): 1}), then_s)


@given(a=st.integers(1, 12), t=st.integers(-30, 30), s=st.integers(1, 12), n=st.integers(1, 100))
def test_tower_form(a: int, t: int, s: int, n: int) -> None:
    size = floor_div(a * H + t, s)
    assert evaluate(size, {"H": n}) == (a * n + t) // s
    for atom in atoms_of(size):
        if isinstance(atom, Extent):
            (coefficient,) = atom.base.terms.values()
            assert gcd(int(coefficient), atom.divisor) == 1
            assert 0 < coefficient < atom.divisor
            assert 0 <= atom.offset < atom.divisor


def test_halving_what_was_doubled_leaves_no_floor() -> None:
    assert floor_div(2 * H, 2) == H
    assert floor_div(2 * H + 1, 2) == H
    assert floor_div(4 * floor_div(H, 2), 4) == floor_div(H, 2)


@given(a=towers(), env=envs)
def test_values(a: Twin, env: Env) -> None:
    assert evaluate(a.num, env) == a.at(env)
    assert evaluate(ceil(a.num), env) == ceil_of_number(a.at(env))
    assert evaluate(floor(-a.num), env) == -evaluate(ceil(a.num), env)
    assert floor(floor(a.num)) == floor(a.num)


@given(a=towers(), shift=st.integers(-9, 9), n=st.integers(1, 9))
def test_whole_parts_leave_the_floor(a: Twin, shift: int, n: int) -> None:
    assert floor(a.num + shift + n * H) == floor(a.num) + shift + n * H


@given(a=towers(), env=envs)
def test_integral(a: Twin, env: Env) -> None:
    assert integral(floor(a.num))
    if integral(a.num):
        assert floor(a.num) == ceil(a.num) == a.num
        assert a.at(env) == int(a.at(env))


@given(width=fractions, n=st.integers(1, 50))
def test_ratios_inside_floors(width: Fraction, n: int) -> None:
    size = floor(R * C + Fraction(1, 2))
    assert symbols_of(size) == {"r", "C"}
    assert evaluate(size, {"r": width, "C": n}) == (2 * width * n + 1) // 2


def test_order_of_terms_does_not_matter() -> None:
    forms = set()
    for parts in permutations([floor_div(H, 2), floor_div(W, 3), H]):
        _floor.cache_clear()
        forms.add(floor(total((part, Fraction(1, 6)) for part in parts)))
    assert len(forms) == 1


def test_a_multiple_has_parts() -> None:
    h = lift(Part.of("H", 32))
    assert floor_div(32 * h, 32) == h
    assert ceil_div(32 * h + 31, 32) == h + 1
    assert not any(isinstance(atom, Extent) for atom in atoms_of(floor_div(32 * h, 16)))


def test_numbers_stay_numbers() -> None:
    found = floor_div(-7, 2), ceil_div(-7, 2), floor(Fraction(-7, 2)), ceil(Fraction(-7, 2)), floor(3)
    assert found == (-4, -3, -4, -3, 3)
    assert {type(x) for x in found} == {int}


def test_names() -> None:
    assert [str(x) for x in (ceil_div(H, 32), floor_div(H + 1, 8), floor_div(3 * H, 4), ceil_div(H + W, 2))] == [
        "ceil(H/32)",
        "floor((H + 1)/8)",
        "floor(3*H/4)",
        "ceil((H + W)/2)",
    ]


@pytest.mark.parametrize("seed", range(300))
def test_floors_of_ratios_are_floors(seed: int) -> None:
    """A base with ratios may be a floor or a ceiling, whichever reads with a plus; its values are the same."""
    rng = random.Random(seed)  # noqa: S311 (chance, not secrecy)
    r, c = symbol("r", "ratio"), symbol("C")

    def any_fraction() -> Fraction:
        return Fraction(rng.randint(-9, 9), rng.randint(1, 5))

    x = r * any_fraction() + c * any_fraction() + r * c * rng.randint(-2, 2) + any_fraction()
    env: dict[str, Any] = {"r": Fraction(rng.randint(1, 30), rng.randint(1, 9)), "C": rng.randint(1, 30)}
    value = evaluate(x, env)
    assert evaluate(floor(x), env) == math.floor(value)
    assert evaluate(ceil(x), env) == math.ceil(value)
    assert substitute(ceil(x), env) == math.ceil(value)


def test_depth_times_a_ratio_rises() -> None:
    assert rises(ceil(3 * symbol("d", "ratio")) - 1)


def test_a_floor_of_a_ceiling_is_not_one_floor() -> None:
    """floor((ceil(x) + 1)/2) at x = 1/2 is 1, and floor((x + 1)/2) is 0: only a floor composes with a floor."""
    nested = floor_div(ceil(symbol("r", "ratio")) + 1, 2)
    assert evaluate(nested, {"r": Fraction(1, 2)}) == 1
