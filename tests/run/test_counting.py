"""Steps and work of an epoch, beside loops that cut a data set into batches one by one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost.algebra.maximum import maximum
from symcost.algebra.poly import NotExact, Num, evaluate, symbol
from symcost.run.counting import Batches

N, B, m = symbol("N"), symbol("B"), symbol("m")
WORK: dict[str, Num] = {
    "linear": 7 * B,
    "affine": 7 * B + 3,
    "a part for each pair": 2 * B**2 + 5 * B + 1,
    "once only": symbol("P"),
    "a largest": maximum([2 * B, 6], {}) * B + 4,
}


def play(examples: int, micro: int, gathered: int, drop_last: bool) -> tuple[int, list[int]]:
    """Return the steps of an epoch and the examples of every micro-batch, in order."""
    steps, sizes, left = 0, list[int](), examples
    while left:
        batch = min(left, micro * gathered)
        left -= batch
        if drop_last and batch < micro * gathered:
            break
        steps += 1
        while batch:
            sizes.append(min(batch, micro))
            batch -= sizes[-1]
    return steps, sizes


@settings(max_examples=150, deadline=None)
@given(
    examples=st.integers(1, 200),
    micro=st.integers(1, 40),
    gathered=st.integers(1, 6),
    drop_last=st.booleans(),
    name=st.sampled_from(sorted(WORK)),
)
def test_an_epoch_is_what_loops_do(examples: int, micro: int, gathered: int, drop_last: bool, name: str) -> None:
    env = {"N": examples, "B": micro, "m": gathered, "P": 11}
    steps, sizes = play(examples, micro, gathered, drop_last)
    batches = Batches(N, B, m, drop_last)
    assert evaluate(batches.steps, env) == steps
    assert evaluate(batches.seen, env) == sum(sizes)
    work = WORK[name]
    assert evaluate(batches.work(work, "B"), env) == sum(evaluate(work, {**env, "B": size}) for size in sizes)


def test_full_batches_single_examples_and_what_is_between() -> None:
    """Gradient descent sees all in one step, stochastic descent one example; mini-batches ceil(N/B) steps."""
    assert Batches(N, N).steps == 1
    assert Batches(N, 1).steps == N
    assert str(Batches(N, B).steps) == "ceil(N/B)"
    assert str(Batches(N, B, m, drop_last=True).steps) == "floor(N/(B*m))"
    assert str(Batches(1_281_167, B).steps) == "ceil(1281167/B)"
    assert Batches(1_281_167, 256).steps == 5005
    assert Batches(1_281_167, 256, drop_last=True).steps == 5004


def test_linear_work_does_not_depend_on_the_batch() -> None:
    assert Batches(N, B, m).work(7 * B, "B") == 7 * N
    assert str(Batches(N, B, m).work(7 * B + 3, "B")) == "7*N + 3*ceil(N/B)"
    assert Batches(N, N).work(7 * N + 3, "N") == 7 * N + 3


@pytest.mark.parametrize("work", [B**-1, maximum([B, 3], {})])
def test_work_that_no_examples_would_take_has_no_formula(work: Num) -> None:
    """Such a batch of none would not be free, so a last batch cannot be told from its size."""
    with pytest.raises(NotExact, match="no formula for less than a full batch of B"):
        Batches(N, B).work(work, "B")


def test_fractions_stay_exact() -> None:
    third = Fraction(1, 3) * B
    assert Batches(N, B).work(third, "B") == Fraction(1, 3) * N
