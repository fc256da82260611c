"""Largest of several formulas and powers in the unknown: solved as anything else, and the form is the least root."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
import sympy

import symcost
from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.algebra.power import raised
from symcost.algebra.rounding import make_divisible
from symcost.cost import Cost
from symcost.errors import NoAnswer
from symcost.solver import Budget, solve
from symcost.spec.symbols import Symbol
from tests.solver.fake import B, C, H, W, cost_of

TRIED = 90
SYMBOLS = {"C": Symbol(max=TRIED), "H": Symbol(default=5)}


def random_part(r: Random) -> Num:
    linear = r.randint(1, 4) * C + r.randint(0, 9)
    return r.choice([C, C * H, floor_div(linear, 3), ceil_div(linear, 2), raised(2, floor_div(C, r.randint(3, 9)))])


def random_formula(r: Random) -> Num:
    options = [
        r.randint(1, 40) * random_part(r) * C ** r.choice([0, 1]) + r.randint(0, 300) for _ in range(r.randint(2, 4))
    ]
    return maximum(options, None) * r.choice([1, 1, 3]) + r.randint(0, 9) * C


@pytest.mark.parametrize("seed", range(120))
def test_the_answer_is_the_one_found_by_trying(seed: int) -> None:
    r = Random(seed)  # noqa: S311
    formulas = {"macs": random_formula(r), "params": random_formula(r)}
    cost = cost_of(formulas, SYMBOLS)
    names = r.choice([["macs"], ["macs", "params"]])
    limits = {name: evaluate(formulas[name], {"C": r.randint(1, TRIED), "H": 5}) for name in names}
    smallest = seed % 2 == 1
    budgets = [Budget(name, ">=" if smallest else "<=", limit) for name, limit in limits.items()]
    values = {c: {name: evaluate(formulas[name], {"C": c, "H": 5}) for name in names} for c in range(1, TRIED + 1)}
    met = [c for c in values if all(b.meets(values[c][b.metric]) for b in budgets)]
    found = solve(cost, "C", budgets, smallest=smallest)
    assert found.answer == (met[0] if smallest else met[-1])
    assert found.value == values[int(found.answer)]
    beyond = int(found.answer) + (-1 if smallest else 1)
    assert (found.next or {}).get("C") == (beyond if 1 <= beyond <= TRIED else None)


def peak() -> Cost:
    sizes = {"B": Symbol(default=1), "C": Symbol(default=64), "H": Symbol(default=224), "W": Symbol(default=224)}
    return cost_of({"macs": maximum([B * C * H * W, 3 * B * H * W + 40 * B * C**2, 9 * C**2], None)}, sizes)


def test_the_form_of_a_largest_is_the_least_root() -> None:
    found = solve(peak(), "B", "macs <= 100M")
    assert (found.answer, found.next) == (31, {"B": 32, "macs": 102_760_448})
    assert len(found.forms) == 2
    assert "by form: B* = budget/3211264, about 31.14, the least of 2 roots" in str(found)
    assert found.closed_form is not None
    at = {"budget": 10**8, **found.at}
    root = found.closed_form.subs({s: at[s.name] for s in found.closed_form.free_symbols})
    assert sympy.floor(root) == found.answer


def test_the_form_of_a_largest_in_the_least_value() -> None:
    found = solve(peak(), "C", "macs >= 100M", smallest=True)
    roots = [form.approximate for form in found.forms]
    assert found.answer - 1 <= min(roots) < found.answer  # cut off, not rounded
    assert found.closed_form is not None


def test_a_ratio_in_the_options_of_a_largest_has_plateaus() -> None:
    alpha = symbol("alpha", "ratio")
    largest = maximum([make_divisible(32 * alpha, 8), make_divisible(20 * alpha, 8) + 7], None)
    cost = cost_of({"macs": largest}, {"alpha": Symbol(kind="ratio")})
    found = solve(cost, "alpha", "macs <= 24")
    assert found.step is None
    assert found.alike is not None
    tried = [x for x in (Fraction(i, 1440) for i in range(1, 3000)) if evaluate(largest, {"alpha": x}) <= 24]
    assert max(tried) in found.alike


@pytest.mark.parametrize(
    ("name", "unknown", "at"), [("resnet50", "B", {}), ("gpt2", "T", {"P": 10**5}), ("unet", "C", {})]
)
def test_peak_memory_of_networks(name: str, unknown: str, at: dict[str, int]) -> None:
    cost = symcost.load(name).cost()
    found = solve(cost, unknown, "peak_activations <= 100M", at)
    answer = int(found.answer)

    def peak_at(x: int) -> int | Fraction:
        return evaluate(cost.poly("peak_activations"), {**found.at, unknown: x})

    assert peak_at(answer) == found.value["peak_activations"] <= 10**8 < peak_at(answer + 1)
    (least,) = {min(form.approximate for form in found.forms)}
    assert answer <= least < answer + 1


def test_powers_have_no_form_and_an_exact_answer() -> None:
    found = solve(cost_of({"macs": raised(2, C) * 3 + C}, {"C": Symbol()}), "C", "macs <= 1e30")
    assert found.forms == ()
    assert 3 * 2 ** int(found.answer) + found.answer <= 10**30 < 3 * 2 ** (int(found.answer) + 1)
    with pytest.raises(NoAnswer, match=r"^no C meets macs <= 2: the least is 7 MACs, at C = 1$"):
        solve(cost_of({"macs": raised(2, C) * 3 + C}, {"C": Symbol()}), "C", "macs <= 2")
