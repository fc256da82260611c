"""Fourier transforms by recursion on numbers that count, against the work that the ops state."""

from __future__ import annotations

import cmath
from collections import Counter
from typing import Any

import numpy as np
import pytest

from symcost.algebra.poly import Num, evaluate, symbol
from symcost.ops.op import Refused
from tests.ops.apply import apply, make, shape
from tests.ops.counting import Counted, at, plain

Pair = tuple[Counted, Counted]


def turn(x: Pair, angle: float) -> Pair:
    """Multiply by a point of the unit circle: 4 products and 2 sums."""
    c, s = cmath.exp(1j * angle).real, cmath.exp(1j * angle).imag
    return x[0] * c - x[1] * s, x[0] * s + x[1] * c


def plus(x: Pair, y: Pair) -> Pair:
    return x[0] + y[0], x[1] + y[1]


def minus(x: Pair, y: Pair) -> Pair:
    return x[0] - y[0], x[1] - y[1]


def transform(line: list[Pair]) -> list[Pair]:
    """Split by the smallest prime factor, transform the parts, and join them butterfly by butterfly."""
    n = len(line)
    if n == 1:
        return line
    p = next(p for p in range(2, n + 1) if n % p == 0)
    parts = [transform(line[start::p]) for start in range(p)]
    out: list[Pair] = [(Counted(0, Counter()),) * 2] * n
    for k in range(n // p):
        points = [parts[0][k], *(turn(parts[j][k], -2 * cmath.pi * j * k / n) for j in range(1, p))]
        for i, value in enumerate(butterfly(points)):
            out[k + i * (n // p)] = value
    return out


def butterfly(points: list[Pair]) -> list[Pair]:
    """Transform a prime number of points by the definition; of two points the roots are 1 and -1."""
    p = len(points)
    if p == 2:
        return [plus(*points), minus(*points)]
    out = []
    for i in range(p):
        total = points[0]
        for j in range(1, p):
            total = plus(total, turn(points[j], -2 * cmath.pi * i * j / p) if i else points[j])
        out.append(total)
    return out


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 8, 12, 15, 16, 18, 7 * 3])
def test_work_is_that_of_recursion(n: int) -> None:
    tally = Counter[str]()
    chance = np.random.default_rng(n).normal(size=(n, 2))
    made = transform([(Counted(float(a), tally), Counted(float(b), tally)) for a, b in chance])
    theirs = np.fft.fft(chance[:, 0] + 1j * chance[:, 1])
    assert np.allclose([plain(x) + 1j * plain(y) for x, y in made], theirs)
    said = at("fft", (n, 2))
    assert said.work == {kind: amount for kind, amount in tally.items() if amount}
    assert said.grad_input == said.work
    real = at("rfft", (n,))
    assert {kind: 2 * amount for kind, amount in real.work.items()} == said.work


@pytest.mark.parametrize("m", range(1, 7))
def test_powers_of_two_are_five_n_log_n(m: int) -> None:
    n = 2**m
    assert sum(at("fft", (n, 2)).work.values()) == 5 * n * m
    assert 2 * sum(at("rfft", (n,)).work.values()) == 5 * n * m
    env: dict[str, Num] = {"m": symbol("m")}
    symbolic = apply(make("fft", {}), (shape("3*2**m 2", env),), env)
    assert {kind: evaluate(amount, {"m": m}) for kind, amount in symbolic.work.items()} == at("fft", (3 * n, 2)).work


def test_several_axes_are_one_after_the_other() -> None:
    both = at("fft", (3, 4, 6, 2), dim=[1, 2]).work
    apart = [at("fft", (3, 4, 6, 2), dim=dim).work for dim in (1, 2)]
    assert both == {kind: sum(work[kind] for work in apart) for kind in both}


def test_of_real_numbers_half_the_frequencies_are_left_for_other_axes() -> None:
    """A real line of 6 leaves 4 frequencies; all 6 of them cost no more."""
    some = at("rfft", (4, 6), dim=[0, 1])
    lines, columns = at("rfft", (6,)).work, at("fft", (4, 2)).work
    assert some.work == {kind: 4 * lines[kind] + 4 * columns[kind] for kind in lines}
    assert some.outs == ((4, 4, 2),)
    every = at("rfft", (4, 6), dim=[0, 1], onesided=False)
    assert (every.work, every.outs) == (some.work, ((4, 6, 2),))


def test_way_back_is_scaled() -> None:
    forth, back = at("fft", (5, 8, 2)), at("ifft", (5, 8, 2))
    assert back.work == {**forth.work, "mul": forth.work["mul"] + 80}
    real = at("irfft", (5, 5, 2))
    assert real.outs == ((5, 8),)
    assert real.work == {**at("rfft", (5, 8)).work, "mul": at("rfft", (5, 8)).work["mul"] + 40}


@pytest.mark.parametrize(
    ("tag", "ins", "fields", "message"),
    [
        ("fft", (5, 8), {}, "takes complex numbers as pairs in a last axis of 2, got (5, 8)"),
        ("fft", (5, 8, 2), {"dim": 2}, "dim is 2, got (5, 8); give -2 to 1"),
        ("fft", (5, 8, 2), {"dim": [1, -1]}, "dim names axis 1 twice; name each axis once"),
        ("irfft", (5, 4, 2), {"n": 8}, "n is 8, which has 5 frequencies; axis 1 has 4"),
    ],
)
def test_refusals(tag: str, ins: tuple[int, ...], fields: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as error:
        at(tag, ins, **fields)
    assert str(error.value) == message


def test_lengths_without_a_formula_are_refused() -> None:
    with pytest.raises(Refused) as error:
        apply(make("rfft", {}), ((symbol("T"),),))
    assert str(error.value) == ("transforms T points, of which the count has no formula; write 2**m, or fix the size")
