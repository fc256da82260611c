"""Networks for a budget, by a scaling law and the network's own exact cost."""

from __future__ import annotations

from fractions import Fraction

import pytest

import symcost
from symcost.errors import UsageError
from symcost.scaling import compute_optimal, law

GOPHER = 5.76e23


@pytest.fixture(scope="module")
def chinchilla() -> symcost.Cost:
    return symcost.load("chinchilla").cost("chinchilla")


def test_depth_of_chinchilla_at_gophers_budget(chinchilla: symcost.Cost) -> None:
    found = compute_optimal(chinchilla, "hoffmann1", GOPHER, "L")
    assert found.tokens == int(law("hoffmann1").at(GOPHER).tokens)
    assert found.solution.answer == 72
    assert found.params == chinchilla.at(L=72).params == 63_083_716_608
    assert found.params == pytest.approx(found.allocation.params, rel=0.07)
    assert found.train_flops <= GOPHER < _flops(chinchilla, found.tokens, L=73)
    assert found.train_flops == _flops(chinchilla, found.tokens, L=72)


def test_a_run_on_these_tokens_comes_to_the_same(chinchilla: symcost.Cost) -> None:
    """The run is told in whole sequences, of which the last tokens are no part."""
    tokens = compute_optimal(chinchilla, "hoffmann1", GOPHER, "L").tokens
    run = symcost.load("chinchilla").under(tokens=tokens).cost("chinchilla")
    found = symcost.solve(run, "L", "run_flops.passes <= 5.76e23")
    assert found.answer == 72
    assert found.value["run_flops.passes"] <= GOPHER < found.next["run_flops.passes"] if found.next else False


def test_width_of_chinchilla_with_what_follows_it(chinchilla: symcost.Cost) -> None:
    found = compute_optimal(chinchilla, "hoffmann1", GOPHER, "h", {"E": "128*h", "F": "512*h"})
    assert found.solution.answer == 60
    assert found.train_flops <= GOPHER < _flops(chinchilla, found.tokens, h=61, E=128 * 61, F=512 * 61)


def test_batches_do_not_matter(chinchilla: symcost.Cost) -> None:
    """Work is linear in sequences but for positions, which a batch shares; so a larger one leaves room for no less."""
    one, many = (compute_optimal(chinchilla, "hoffmann1", GOPHER, "L", {"B": B}) for B in (1, 1000))
    assert many.solution.answer >= one.solution.answer
    assert many.train_flops == _flops(chinchilla, many.tokens, L=int(many.solution.answer), B=1000)


def _flops(cost: symcost.Cost, tokens: int, **sizes: int) -> Fraction:
    env = cost.bindings(sizes)
    step = symcost.algebra.poly.evaluate(cost.poly("train_flops"), env)
    return Fraction(step) * tokens / (Fraction(env["T"]) * Fraction(env["B"]))


def test_a_network_of_images_is_refused() -> None:
    with pytest.raises(UsageError) as error:
        compute_optimal(symcost.load("resnet50").cost(), "hoffmann1", 1e20, "C")
    assert str(error.value) == "resnet50 has no T: a scaling law speaks of B sequences of T tokens"
