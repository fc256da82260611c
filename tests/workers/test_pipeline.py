"""Pipelines: formulas against schedules that are played slot by slot."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

from symcost.algebra.division import div
from symcost.algebra.poly import evaluate, symbol
from symcost.algebra.to_sympy import sympy_symbol
from symcost.calculus import least
from symcost.workers.pipeline import bubble, handed_on, held, seconds

p, m, v, A = map(symbol, "pmvA")
Step = tuple[str, int, int]
"""Forward or backward, of which micro-batch, through which of a worker's pieces."""


def order(stage: int, stages: int, micro_batches: int, pieces: int) -> list[Step]:
    """Return what a worker does, one after the other, as in figure 4 of Narayanan et al. 2021."""
    turns = range(micro_batches * pieces)
    group = stages * pieces
    forward = [(i // group * stages + i % stages, i % group // stages) for i in turns]
    backward = [(batch, pieces - 1 - piece) for batch, piece in forward]
    first = stages - 1 - stage if pieces == 1 else 2 * (stages - 1 - stage) + (pieces - 1) * stages
    first = min(first, len(turns))
    steps: list[Step] = [("forward", *each) for each in forward[:first]]
    for ahead, back in zip(forward[first:], backward, strict=False):
        steps += [("forward", *ahead), ("backward", *back)]
    return steps + [("backward", *each) for each in backward[len(turns) - first :]]


def play(stages: int, micro_batches: int, pieces: int = 1) -> tuple[int, list[int]]:
    """Return how long it takes where a forward pass of a piece takes 1 and a backward 2, and what each kept at most."""
    queues = [order(stage, stages, micro_batches, pieces) for stage in range(stages)]
    done: dict[tuple[str, int, int], int] = {}
    free, most = [0] * stages, [0] * stages
    live = [0] * stages
    last = stages * pieces - 1
    while any(queues):
        for stage, queue in enumerate(queues):
            while queue:
                kind, batch, piece = queue[0]
                layer = piece * stages + stage
                before = [("forward", batch, layer - 1)] if layer else []
                if kind == "backward":
                    before = [("backward", batch, layer + 1) if layer < last else ("forward", batch, layer)]
                if any(each not in done for each in before):
                    break
                start = max([free[stage], *(done[each] for each in before)])
                free[stage] = done[kind, batch, layer] = start + (1 if kind == "forward" else 2)
                live[stage] += 1 if kind == "forward" else -1
                most[stage] = max(most[stage], live[stage])
                queue.pop(0)
    return max(free), most


CASES = [(1, 4, 1), (2, 2, 1), (4, 8, 1), (4, 3, 1), (8, 16, 1), (2, 4, 2), (4, 8, 2), (4, 8, 3), (4, 4, 2), (8, 16, 2)]


@pytest.mark.parametrize(("stages", "micro_batches", "pieces"), CASES)
def test_idle_slots_and_live_micro_batches(stages: int, micro_batches: int, pieces: int) -> None:
    took, most = play(stages, micro_batches, pieces)
    work = 3 * micro_batches * pieces
    assert Fraction(took - work, work) == bubble(stages, micro_batches, pieces)
    assert Fraction(max(most), stages * pieces) == held(1, stages, micro_batches, pieces)
    assert most[0] == max(most)


@pytest.mark.parametrize(("stages", "micro_batches", "pieces"), CASES)
def test_seconds_are_those_of_the_schedule(stages: int, micro_batches: int, pieces: int) -> None:
    """A slot of the play is a third of a piece's forward and backward pass of a micro-batch."""
    took, _ = play(stages, micro_batches, pieces)
    work, each = Fraction(7), Fraction(1, 5)
    slot = (work / micro_batches + each) / (3 * pieces)
    assert took * slot == seconds(work, each, stages, micro_batches, pieces)


def test_the_best_number_of_micro_batches() -> None:
    """With s = p - 1 further stages: sqrt(s W/(v c)), and at numbers the best of all that are tried."""
    work, each = symbol("W", "ratio"), symbol("c", "ratio")
    took = seconds(work, each, symbol("s") + 1, m, v)
    found = least(took, "m")
    W, c, s, pieces = (sympy_symbol(name, "ratio" if name in "Wc" else "dimension") for name in "Wcsv")
    assert sympy.simplify(found.where - sympy.sqrt(s * W / (pieces * c))) == 0
    for case in (
        {"W": 100, "c": 1, "s": 3, "v": 1},
        {"W": 37, "c": 2, "s": 7, "v": 2},
        {"W": 5, "c": 3, "s": 1, "v": 1},
    ):
        tried = {n: evaluate(took, {**case, "m": n}) for n in range(1, 200)}
        assert found.at(case).answer == min(tried, key=lambda n: (tried[n], n))


def test_formulas() -> None:
    assert bubble(p, m, v) == div(p - 1, m * v)
    assert held(A, p, 10**9 * p) == A
    assert held(A, p, 2 * p, 3) == A * (1 + div(p - 1, 3 * p)), "Korthikanti et al. 2022, section 4.2.3"
    assert evaluate(held(A, p, m), {"A": 12, "p": 4, "m": 3}) == 9, "3 micro-batches, of 3 each"
    assert handed_on(A, m, 2) == 4 * A * m
    assert bubble(1, m) == 0
