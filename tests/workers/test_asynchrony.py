"""Workers that wait for nobody: the formula beside links that are taken message by message."""

from __future__ import annotations

import heapq
from fractions import Fraction

import pytest

from symcost.algebra.poly import symbol
from symcost.workers.asynchrony import seconds

S, n, W = map(symbol, "SnW")


def period(workers: int, servers: int, steps: int = 200) -> Fraction:
    """Return the mean time of a step of workers that do nothing but push and pull 1 byte at 1 byte/s.

    A message to or from a server takes the worker's link and the server's link of that direction, both at once.
    """
    part = Fraction(1, servers)
    free_in, free_out = [Fraction(0)] * servers, [Fraction(0)] * servers
    ready: list[tuple[Fraction, int, int]] = [(Fraction(0), worker, 0) for worker in range(workers)]
    finished: list[Fraction] = []
    while len(finished) < workers * steps:
        now, worker, turn = heapq.heappop(ready)
        server = (worker + turn) % servers
        links = free_in if turn % (2 * servers) < servers else free_out
        links[server] = max(now, links[server]) + part
        if (turn + 1) % (2 * servers) == 0:
            finished.append(links[server])
        heapq.heappush(ready, (links[server], worker, turn + 1))
    half = len(finished) // 2
    return (finished[-1] - finished[half - 1]) * workers / (len(finished) - half)


@pytest.mark.parametrize(("workers", "servers"), [(1, 1), (2, 1), (3, 1), (5, 1), (8, 1), (8, 2), (4, 4)])
def test_a_step_takes_its_own_time_or_a_share_of_the_servers(workers: int, servers: int) -> None:
    assert float(period(workers, servers)) == pytest.approx(float(seconds(1, workers, 1, 0, servers)), rel=0.02)  # type: ignore[arg-type]


def test_formula() -> None:
    assert str(seconds(S, n, W, 0)) == "max(2*S/W, S*n/W)"
