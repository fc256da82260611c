"""Iterations from disk and from memory, played by adding up every read."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symcost.algebra.poly import evaluate, symbol
from symcost.errors import NoAnswer
from symcost.workers.iteration import from_disk, in_memory, pays_from, shuffled

N, R, D, M, S, n = map(symbol, "NRDMSn")


def read(rounds: int, data: int, disk: int, memory: int, *, cached: bool) -> Fraction:
    took, at_hand = Fraction(0), False
    for _ in range(rounds):
        if not at_hand:
            took += Fraction(data, disk)
        at_hand = cached
        if at_hand:
            took += Fraction(data, memory)
    return took


@pytest.mark.parametrize("rounds", [1, 2, 7])
def test_seconds(rounds: int) -> None:
    env = {"N": 10**12, "R": rounds, "D": 2 * 10**8, "M": 10**10}
    assert evaluate(from_disk(N, R, D), env) == read(rounds, 10**12, 2 * 10**8, 10**10, cached=False)
    assert evaluate(in_memory(N, R, D, M), env) == read(rounds, 10**12, 2 * 10**8, 10**10, cached=True)


@pytest.mark.parametrize(("disk", "memory"), [(1, 50), (1, 2), (2, 3), (3, 4), (10, 11), (199, 200)])
def test_iterations_from_which_memory_pays(disk: int, memory: int) -> None:
    rounds = 1
    while not read(rounds, 1, disk, memory, cached=True) < read(rounds, 1, disk, memory, cached=False):
        rounds += 1
    assert pays_from(disk, memory) == rounds


def test_memory_must_be_faster() -> None:
    with pytest.raises(NoAnswer) as error:
        pays_from(10, 10)
    assert str(error.value) == "memory of 10 bytes/s is no faster than a disk of 10; no iterations pay"


def test_shuffle() -> None:
    assert shuffled(S, n) == S - S * n**-1
    parts = [(mapper, reducer) for mapper in range(5) for reducer in range(5)]
    assert shuffled(25, 5) == sum(mapper != reducer for mapper, reducer in parts)
