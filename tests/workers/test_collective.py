"""Collectives: factors and steps against plays that pass every message, and against published factors."""

from __future__ import annotations

from collections import deque
from fractions import Fraction

import pytest

from symcost.algebra.division import div
from symcost.algebra.poly import evaluate, symbol
from symcost.algebra.power import raised
from symcost.errors import UsageError
from symcost.workers.algorithms import ALGORITHMS, algorithm
from symcost.workers.collective import COLLECTIVES, Algorithm
from tests.workers.simulated import PLAYS

n, S, W, k = map(symbol, ("n", "S", "W", "k"))
latency = symbol("latency", "ratio")
PLAYED = [way for way in ALGORITHMS if way.name != "parameter_server"]


def named(ways: list[Algorithm]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("way", ways, ids=[f"{way.collective}-{way.name}" for way in ways])


@named(PLAYED)
@pytest.mark.parametrize("workers", [2, 3, 4, 5, 7, 8, 16])
def test_a_play_sends_as_much(way: Algorithm, workers: int) -> None:
    if way.doubling and workers & (workers - 1):
        with pytest.raises(UsageError, match=f"is for 2\\*\\*k workers, got {workers}"):
            way.bytes_moved(S, workers)
        return
    act, parts = PLAYS[way.collective, way.name]
    play = act(workers)
    moved = Fraction(sum(play.longest), parts(workers))
    assert way.bytes_moved(S, workers) == moved * S
    assert way.seconds(S, workers, W, latency) == moved * S * W**-1 + len(play.longest) * latency


@named([way for way in PLAYED if way.name in ("ring", "recursive_doubling", "pairwise")])
def test_every_worker_of_a_ring_sends_the_same(way: Algorithm) -> None:
    act, parts = PLAYS[way.collective, way.name]
    assert {Fraction(sent, parts(8)) for sent in act(8).sent} == {way.bytes_moved(1, 8)}


def test_servers_of_parameters() -> None:
    """A queue at each server's link: n workers push their part of S, then pull it."""
    way = algorithm("all_reduce", "parameter_server")
    for workers, servers in [(2, 1), (5, 1), (8, 4)]:
        queue, busy = deque(Fraction(1, servers) for _ in range(workers)), Fraction(0)
        while queue:
            busy += queue.popleft()
        assert way.seconds(S, workers, W, 0, servers) == 2 * busy * S * W**-1
        assert way.bytes_moved(S, workers) == 2 * S


BUS = {"all_reduce": 2 - 2 * n**-1,
       "reduce_scatter": 1 - n**-1, "all_gather": 1 - n**-1, "all_to_all": 1 - n**-1, "point_to_point": 1}  # fmt: skip
"""By what nccl-tests (PERFORMANCE.md) multiplies S/t to have the rate of a link."""


@pytest.mark.parametrize("collective", BUS)
def test_factors_are_those_of_nccl_tests(collective: str) -> None:
    assert algorithm(collective).factor == BUS[collective]


def test_every_collective_has_an_algorithm() -> None:
    assert {way.collective for way in ALGORITHMS} == COLLECTIVES.keys()
    assert all(way.source for way in ALGORITHMS)


@named(list(ALGORITHMS))
def test_one_worker_sends_nothing(way: Algorithm) -> None:
    assert way.bytes_moved(S, 1) == way.seconds(S, 1, W, latency) == 0


def test_free_numbers_of_workers() -> None:
    assert algorithm("all_reduce").bytes_moved(S, n) == 2 * S - 2 * S * n**-1
    tree = algorithm("all_reduce", "tree")
    assert tree.bytes_moved(S, raised(2, k)) == 2 * k * S
    assert algorithm("all_reduce", "halving_doubling").seconds(S, 8 * raised(2, k), W, latency) == (
        2 * S * W**-1 - 2 * S * W**-1 * div(1, 8 * raised(2, k)) + 2 * (k + 3) * latency
    )
    with pytest.raises(UsageError) as error:
        tree.bytes_moved(S, n)
    assert str(error.value) == "ceil(log2(n)) has no formula; give a number of workers, or one such as 2**k"


@pytest.mark.parametrize(("size", "better"), [(10**3, "tree"), (10**9, "ring")])
def test_a_ring_is_for_long_messages(size: int, better: str) -> None:
    took = {
        name: evaluate(algorithm("all_reduce", name).seconds(size, 64, 10**9, Fraction(1, 10**5)), {})
        for name in ("ring", "tree")
    }
    assert min(took, key=lambda name: took[name]) == better


@pytest.mark.parametrize(
    ("collective", "name", "message"),
    [
        ("all_reduc", "", "there is no collective 'all_reduc'; did you mean 'all_reduce'?"),
        ("all_to_all", "bruk", "all_to_all has no algorithm 'bruk'; did you mean 'bruck'?; known are pairwise, bruck"),
        ("all_to_all", "ring", "all_to_all has no algorithm 'ring'; known are pairwise, bruck"),
    ],
)  # fmt: skip
def test_unknown_words(collective: str, name: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        algorithm(collective, name)
    assert str(error.value) == message
