"""Ratios that move a network in jumps: every answer agrees with trying all fractions between which a jump can be."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from random import Random

import pytest

import symcost
from symcost.algebra.extent import ceil, floor, floor_div
from symcost.algebra.needs import AtLeast
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.algebra.rounding import gcd, make_divisible
from symcost.cost import Cost
from symcost.errors import NoAnswer
from symcost.solver import Budget, Solution, solve
from symcost.solver.plateau import Plateaus
from symcost.spec.symbols import Symbol
from tests.solver.fake import cost_of

ALPHA = symbol("alpha", "ratio")
FINE = 2 * 9 * 32
"""Jumps of the random sizes below are multiples of 2/FINE, so multiples of 1/FINE lie on them and between them."""
TRIED = [Fraction(i, FINE) for i in range(1, 3 * FINE)]


def random_size(r: Random) -> Num:
    inside = r.choice([8, 16, 32]) * ALPHA + r.choice([0, 0, 1, 3])
    rounded = make_divisible(inside, r.choice([4, 8]))
    part = r.choice([2, 3])
    return r.choice(
        [
            rounded,
            rounded,
            floor(inside),
            ceil(inside * Fraction(1, 3)),
            floor_div(rounded, part) + 1,
            gcd(floor(inside) + 1, 4),
        ]
    )


@dataclass
class Case:
    """A random question about a ratio, and every answer below 3."""

    cost: Cost
    budgets: list[Budget]

    @classmethod
    def of(cls, seed: int, relations: tuple[str, ...]) -> Case:
        r = Random(seed)  # noqa: S311
        formula: Num = r.randint(0, 9)
        for _ in range(r.randint(1, 3)):
            term: Num = r.randint(1, 9) * random_size(r)
            formula = formula + (term * random_size(r) if r.random() < 0.5 else term)
        cost = cost_of({"macs": formula, "params": random_size(r) * 7}, {"alpha": Symbol(kind="ratio", max=r.choice([2, Fraction(7, 5)]))})  # fmt: skip # noqa: E501
        case = cls(cost, [])
        for _ in range(r.choice([1, 1, 2])):
            metric = r.choice(["macs", "macs", "params"])
            near = case.value(metric, r.choice(TRIED[: FINE * 2])) + r.choice([0, 0, 1, -1])
            relation = r.choice(relations)
            case.budgets.append(Budget(metric, relation, near, within=r.randint(1, 60) if relation == "~" else 0))
        return case

    def value(self, metric: str, x: Fraction) -> int | Fraction:
        return evaluate(self.cost.poly(metric), {"alpha": x})

    def met(self) -> list[Fraction]:
        most = self.cost.symbols["alpha"].max
        return [x for x in TRIED if x <= most and all(b.meets(self.value(b.metric, x)) for b in self.budgets)]

    def same(self, x: Fraction) -> list[Fraction]:
        most = self.cost.symbols["alpha"].max
        atoms = [{m: self.cost.poly(m) for m in ("macs", "params")}[b.metric] for b in self.budgets]
        return [y for y in TRIED if y <= most and all(evaluate(a, {"alpha": y}) == evaluate(a, {"alpha": x}) for a in atoms)]  # fmt: skip # noqa: E501


def answer(case: Case, met: list[Fraction], *, smallest: bool = False) -> Solution | None:
    """Return the answer, or None where there is none, rightly."""
    try:
        return solve(case.cost, "alpha", case.budgets, smallest=smallest)
    except NoAnswer as refused:
        line = str(refused)
    assert "gave up" in line or not met
    return None


@pytest.mark.parametrize("seed", range(60))
def test_the_answer_is_the_last_of_all_fractions(seed: int) -> None:
    case, smallest = Case.of(seed, ("<=", "<", ">=")), seed % 2 == 1
    met = case.met()
    found = answer(case, met, smallest=smallest)
    if found is None:
        return
    end = met[0] if smallest else met[-1]
    alike = found.alike
    assert found.step is None
    assert all(b.meets(case.value(b.metric, Fraction(found.answer))) for b in case.budgets)
    assert all(b.meets(found.value[b.metric]) for b in case.budgets)
    assert end == found.answer if alike is None else end in alike
    check_beyond(case, found, end)
    if alike is not None:
        assert {y for y in TRIED if y in alike} <= set(case.same(end))


def check_beyond(case: Case, found: Solution, end: Fraction) -> None:
    if found.next is None:
        return
    x = Fraction(found.next["alpha"])
    assert (x < found.answer) if found.smallest else (x > found.answer)
    assert not all(b.meets(case.value(b.metric, x)) for b in case.budgets)
    between = [y for y in TRIED if min(x, end) < y < max(x, end)]
    values = [{b.metric: case.value(b.metric, y) for b in case.budgets} for y in between]
    assert all(v in (found.value, {m: found.next[m] for m in v}) for v in values)


@pytest.mark.parametrize("seed", range(60))
def test_all_fractions_that_meet_a_published_figure_are_found(seed: int) -> None:
    case = Case.of(seed, ("~", "==", "~"))
    met = case.met()
    found = answer(case, met)
    if found is None:
        return
    everything = found.admissible
    assert everything is not None
    assert met[0] in everything.interval
    assert met[-1] in everything.interval
    inside = [x for x in TRIED if x in everything.interval]
    assert (inside[0], inside[-1]) == (met[0], met[-1])
    if everything.whole:
        assert inside == met
        denominators = [x.denominator for x in met]
        assert Fraction(found.answer).denominator <= min(denominators)
    assert all(b.meets(case.value(b.metric, Fraction(found.answer))) for b in case.budgets)


def one(macs: Num, *needs: AtLeast, **fields: object) -> Cost:
    return cost_of({"macs": macs}, {"alpha": Symbol(kind="ratio", **fields)}, needs)


def test_the_interval_of_equal_networks_keeps_to_the_ends_of_the_rule() -> None:
    """Of make_divisible(v, 8) the value 24 begins right above 160/9, of which 16 is nine tenths, and ends at 240/9."""
    found = solve(one(make_divisible(32 * ALPHA, 8)), "alpha", "macs <= 24")
    assert str(found.alike) == "above 5/9 up to 5/6"
    assert (found.answer, found.next) == (Fraction(5, 6), {"alpha": Fraction(21, 25), "macs": 32})
    # floor(32 alpha) is 24 from 3/4 on and below 25/32
    found = solve(one(floor(32 * ALPHA)), "alpha", "macs <= 24")
    assert str(found.alike) == "from 3/4 up to (not including) 25/32"
    assert (found.answer, found.next) == (Fraction(39, 50), {"alpha": Fraction(25, 32), "macs": 25})
    found = solve(one(floor(32 * ALPHA)), "alpha", "macs >= 24", smallest=True)
    assert (found.answer, found.next) == (Fraction(3, 4), {"alpha": Fraction(37, 50), "macs": 23})


def test_a_condition_is_a_jump_too() -> None:
    cost = one(floor(32 * ALPHA), AtLeast(32 * ALPHA - Fraction(49, 2), 0))
    found = solve(cost, "alpha", "macs <= 24")
    assert str(found.alike) == "from 49/64 up to (not including) 25/32"


def test_a_range_ends_an_interval() -> None:
    found = solve(one(floor(32 * ALPHA)), "alpha", "macs <= 24", between=("1/10", "10/13"))
    assert (str(found.alike), found.answer, found.next) == ("from 3/4 to 10/13", Fraction(10, 13), None)


def test_a_step_that_is_asked_for_is_kept_and_the_interval_still_said() -> None:
    found = solve(one(floor(32 * ALPHA)), "alpha", "macs <= 24", step="1/40")
    assert (found.answer, found.step, str(found.alike)) == (
        Fraction(31, 40), Fraction(1, 40), "from 3/4 up to (not including) 25/32",
    )  # fmt: skip


FLOWING: dict[str, Num] = {
    "alone": ALPHA,
    "times a floor": ALPHA * floor(8 * ALPHA),
    "squared in a floor": floor(8 * ALPHA**2),
}


@pytest.mark.parametrize("name", FLOWING)
def test_what_changes_all_along_has_no_plateaus(name: str) -> None:
    k = symbol("k", "ratio")
    formula = {"alone": k, "times a floor": k * floor(8 * k), "squared in a floor": floor(8 * k**2)}[name]
    assert Plateaus.of([formula]) is None
    found = solve(one(FLOWING[name]), "alpha", "macs <= 20")
    assert (found.step, found.alike) == (Fraction(1, 100), None)


def test_mobilenet_v2_is_solved_over_all_widths_it_can_have() -> None:
    cost = symcost.load("mobilenet_v2").cost()
    found = solve(cost, "alpha", "macs <= 200M")
    tried = [cost.at(alpha=Fraction(i, 8640)).macs for i in range(5000, 7000)]
    best = max(macs for macs in tried if macs <= 200 * 10**6)
    assert found.value["macs"] == best == 186_001_376
    assert found.next == {"alpha": Fraction(3, 4), "macs": 209_069_792} or found.next is not None
    assert str(found.alike) == "from 59/80 to 20/27"
