"""Sets of allowed values: read, kept to, and what is refused of them is said."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from symcost.algebra.needs import Divides
from symcost.algebra.poly import evaluate, symbol
from symcost.algebra.rounding import make_divisible
from symcost.errors import NoAnswer, UsageError
from symcost.solver import Budget, solve
from symcost.solver.choices import Choices, read_choices, unit
from symcost.spec.symbols import Symbol
from tests.solver.fake import C, cost_of, resnet50
from tests.solver.test_brute_force import random_total

RESNET = resnet50()
READ: list[tuple[Choices, list[int | Fraction]]] = [
    ("32,48,64", [32, 48, 64]),
    (" 64 , 32,32 ", [32, 64]),
    ("8:32:8", [8, 16, 24, 32]),
    ("8:31:8, 100", [8, 16, 24, 100]),
    ("3:5", [3, 4, 5]),
    ("1/2,0.75", [Fraction(1, 2), Fraction(3, 4)]),
    ("0.5:1:0.25", [Fraction(1, 2), Fraction(3, 4), 1]),
    ([48, "64", "1:2"], [1, 2, 48, 64]),
    (range(8, 33, 8), [8, 16, 24, 32]),
]


@pytest.mark.parametrize(("allowed", "values"), READ, ids=str)
def test_a_set_is_read(allowed: Choices, values: list[int | Fraction]) -> None:
    found = read_choices("C", allowed, Symbol())
    assert list(found) == values
    assert all((Fraction(x) / unit(values)).denominator == 1 for x in values)


REFUSED: dict[str, Choices] = {
    "a value of the set for C is missing; write it as 32,48,64 or 8:256:8": "8,,9",
    "the set of values for C is empty": [],
    "the set of values for C: takes a number: unknown name 'wide'": "8,wide",
    "the set of values for C has more than 10,000; give a step and a range instead": "1:20000",
    "C: a range is LOW:HIGH or LOW:HIGH:STEP, got '1:2:3:4'": "1:2:3:4",
    "C: the range 9:8:1 is empty": "9:8:1",
    "C: the step of a range is above 0, got 0": "1:2:0",
}


@pytest.mark.parametrize("line", REFUSED)
def test_what_is_no_set_is_refused(line: str) -> None:
    with pytest.raises(UsageError) as refused:
        solve(RESNET, "C", "macs <= 2G", allowed=REFUSED[line])
    assert str(refused.value) == line


def test_a_set_stands_alone() -> None:
    for more in ({"multiple_of": 8}, {"between": (1, 9)}):
        with pytest.raises(UsageError, match=r"^a set of allowed values is all there is: leave out multiple_of, "):
            solve(RESNET, "C", "macs <= 2G", allowed="8,16", **more)


def test_the_next_is_the_next_of_the_set() -> None:
    found = solve(RESNET, "C", "macs <= 2G", allowed="8:256:8")
    assert (found.answer, found.next) == (40, {"C": 48, "macs": 2_322_677_760})
    assert str(found).splitlines()[0].startswith("C = 40 (of 32 values allowed): 1,625,477,120 MACs")
    assert str(found).endswith("proof: every value of the set was tried")
    least = solve(RESNET, "C", "macs >= 2G", allowed=[16, 45, 64], smallest=True)
    assert (least.answer, (least.next or {})["C"]) == (45, 16)
    last = solve(RESNET, "C", "macs <= 2G", allowed=[16, 32])
    assert (last.answer, last.next) == (32, None)


def test_values_that_the_network_refuses_are_left_out_and_said() -> None:
    cost = cost_of({"macs": C**2}, {"C": Symbol(multiple_of=4, max=100)}, [Divides(3, C)])
    found = solve(cost, "C", "macs <= 5000", allowed="36,48,54,60,62,64,120")
    assert (found.answer, found.next) == (60, None)
    assert found.left_out == (
        (54, "breaks the declared condition that 4 divides C"),
        (62, "breaks the declared condition that 4 divides C"),
        (64, "breaks the condition that 3 divides C"),
        (120, "is above the greatest value, 100"),
    )
    said = (
        "left out 54, 62 (each breaks the declared condition that 4 divides C); "
        "64 (it breaks the condition that 3 divides C); 120 (it is above the greatest value, 100)"
    )
    assert said in str(found)
    assert found.to_json()["left_out"]["120"] == "is above the greatest value, 100"
    with pytest.raises(NoAnswer) as refused:
        solve(cost, "C", "macs <= 5000", allowed="54,62")
    line = "no C of the set is allowed: 54, 62 (each breaks the declared condition that 4 divides C)"
    assert str(refused.value) == line


@pytest.mark.parametrize("seed", range(60))
def test_the_answer_is_the_best_of_the_set(seed: int) -> None:
    r = Random(seed)  # noqa: S311
    formula = random_total(r, 0.3)
    allowed = sorted({r.randint(1, 300) for _ in range(r.randint(1, 12))})
    limit = evaluate(formula, {"C": r.choice(allowed), "H": 5})
    cost = cost_of({"macs": formula}, {"C": Symbol(), "H": Symbol(default=5)})
    met = [c for c in allowed if evaluate(formula, {"C": c, "H": 5}) <= limit]
    try:
        found = solve(cost, "C", Budget("macs", "<=", limit), allowed=allowed)
    except NoAnswer as refused:
        line = str(refused)
    else:
        assert found.answer == met[-1]
        assert (found.next or {}).get("C") == next((c for c in allowed if c > met[-1]), None)
        return
    assert line.startswith("no budget depends on C")


def test_rounding_an_answer_may_leave_the_budget_and_multiples_do_not() -> None:
    """The trap: round the exact 44 by make_divisible(x, 8) and get 48, which costs 2.3 G."""
    plain = solve(RESNET, "C", "macs <= 2G")
    rounded = make_divisible(plain.answer, 8)
    assert isinstance(rounded, int)
    assert RESNET.at(C=rounded, H=224).values["macs"] > 2 * 10**9
    multiples = solve(RESNET, "C", "macs <= 2G", multiple_of=8)
    values = {make_divisible(w, 8) for w in range(1, 500)}
    best = max(w for w in values if isinstance(w, int) and RESNET.at(C=w).values["macs"] <= 2 * 10**9)
    assert multiples.answer == best == 40


def test_a_ratio_takes_a_set_too() -> None:
    alpha = symbol("alpha", "ratio")
    cost = cost_of({"macs": make_divisible(32 * alpha, 8)}, {"alpha": Symbol(kind="ratio")})
    found = solve(cost, "alpha", "macs <= 24", allowed="0.35,0.5,0.75,1,1.4")
    assert (found.answer, found.next) == (Fraction(3, 4), {"alpha": 1, "macs": 32})
    assert str(found.alike) == "above 5/9 up to 5/6"
