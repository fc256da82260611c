"""Sizes that follow the unknown: square images, widths tied to one another."""

from __future__ import annotations

from random import Random

import pytest

import symcost
from symcost.algebra.needs import Divides
from symcost.algebra.poly import evaluate
from symcost.errors import NoAnswer, UsageError
from symcost.solver import Budget, solve
from symcost.spec.symbols import Symbol
from tests.solver.fake import C, H, W, cost_of, resnet50
from tests.solver.test_brute_force import random_total

RESNET = resnet50()


def test_the_largest_square_image() -> None:
    found = solve(RESNET, "H", "macs <= 2G", {"W": "H"})
    fixed = {"B": 1, "C": 64, "K": 1000}
    sides = {h: evaluate(RESNET.poly("macs"), {**fixed, "H": h, "W": h}) for h in range(1, 300)}
    best = max(h for h, macs in sides.items() if macs <= 2 * 10**9)
    assert (found.answer, found.value["macs"]) == (best, sides[best])
    assert found.next == {"H": best + 1, "macs": sides[best + 1]}
    assert "K = 1000, W = H; proof" in str(found)
    assert found.to_json()["following"] == {"W": "H"}
    (form,) = found.forms
    assert (form.degree, form.taken) == (2, "floors taken as ratios")


def test_a_follower_keeps_to_its_declaration_and_to_the_conditions() -> None:
    symbols = {"H": Symbol(), "W": Symbol(multiple_of=8, max=64)}
    cost = cost_of({"macs": H * W}, symbols, [Divides(5, W + H)])
    found = solve(cost, "H", "macs <= 1M", {"W": "2*H"})
    allowed = [h for h in range(1, 33) if 2 * h % 8 == 0 and 3 * h % 5 == 0]
    assert found.answer == max(allowed) == 20
    assert found.next is None


@pytest.mark.parametrize("seed", range(40))
def test_the_answer_is_the_one_found_by_trying(seed: int) -> None:
    r = Random(seed)  # noqa: S311
    formula = random_total(r, 0) + r.randint(1, 9) * C * H
    cost = cost_of({"macs": formula}, {"C": Symbol(), "H": Symbol(default=5)})
    values = {c: evaluate(formula, {"C": c, "H": 2 * c + 1}) for c in range(1, 400)}
    limit = values[r.randint(1, 200)]
    met = [c for c, value in values.items() if value <= limit]
    assert solve(cost, "C", Budget("macs", "<=", limit), {"H": "2*C + 1"}).answer == met[-1]


def test_what_does_not_follow_is_refused() -> None:
    with pytest.raises(UsageError, match=r"^there is no free symbol 'w'; did you mean 'W'\?"):
        solve(RESNET, "H", "macs <= 2G", {"w": "H"})
    with pytest.raises(NoAnswer, match=r"^no H meets macs <= 1: the least is "):
        solve(RESNET, "H", "macs <= 1", {"W": "H"})
    assert solve(symcost.load("unet"), "H", "macs <= 20G", {"W": "H"}).answer == 160
