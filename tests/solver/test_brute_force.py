"""The inverse agrees with trying every value, on random costs with floors, rounding, gcds and conditions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from random import Random

import pytest

from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.needs import AtLeast, Divides, Equal, Need
from symcost.algebra.poly import Num, evaluate
from symcost.algebra.rounding import gcd, make_divisible
from symcost.cost import Cost
from symcost.errors import NoAnswer
from symcost.solver import Budget, solve
from symcost.solver.solution import Solution
from symcost.spec.symbols import Symbol
from tests.solver.fake import C, H, cost_of

TRIED = 600
ASKED = ("<=", "<=", "<=", "<", ">=", ">", "==")


def random_atom(r: Random) -> Num:
    linear = r.randint(1, 4) * C + r.randint(-5, 9)
    return r.choice(
        [
            C,
            C,
            H,
            floor_div(linear, r.randint(2, 9)),
            ceil_div(linear, r.randint(2, 9)),
            make_divisible(C * Fraction(r.randint(1, 9), 4), r.choice([4, 8])),
            gcd(r.randint(1, 5) * C, r.choice([2, 4, 6, 8, 12])),
        ]
    )


def random_total(r: Random, negative: float) -> Num:
    result: Num = r.randint(0, 50)
    for _ in range(r.randint(1, 4)):
        term: Num = r.randint(1, 40) * (-1 if r.random() < negative else 1)
        for _ in range(r.randint(1, 3)):
            term = term * random_atom(r)
        result = result + term
    return result + r.randint(1, 500) * C**-1 if r.random() < 0.1 else result


def random_need(r: Random) -> Need:
    needs: list[Need] = [
        Divides(r.choice([2, 3, 4, 16]), r.randint(1, 3) * C + r.randint(0, 3)),
        Divides(C, r.choice([96, 768, 100]) + r.randint(0, 2) * C),
        Divides(r.choice([2, 4]), floor_div(3 * C, 2) * C),
        Divides(8, make_divisible(C * Fraction(3, 4), 4)),
        AtLeast(floor_div(C + r.randint(-9, 3), r.randint(1, 4)), r.randint(0, 4)),
        Equal(2 * floor_div(C, 2) * r.choice([1, 1, 2]), C),
    ]
    return r.choice(needs)


@dataclass
class Case:
    """A random question and every answer to it up to ``TRIED``."""

    cost: Cost
    budgets: list[Budget]
    multiple_of: int
    h: int

    @classmethod
    def of(cls, seed: int) -> Case:
        r = Random(seed)  # noqa: S311
        totals = {metric: random_total(r, r.choice([0, 0.4])) for metric in ("macs", "params")}
        declared = Symbol(min=r.choice([None, 3, 10]), max=r.choice([None, 50, 200]), multiple_of=r.choice([1, 1, 4]))
        needs = [random_need(r) for _ in range(r.choice([0, 0, 1, 2]))]
        cost = cost_of(totals, {"C": declared, "H": Symbol(default=5)}, needs)
        case = cls(cost, [], r.choice([1, 1, 3, 8]), r.randint(1, 9))
        for _ in range(r.choice([1, 1, 2, 3])):
            metric = r.choice(list(totals))
            near = case.value(metric, r.randint(1, 80)) + r.choice([0, 0, 1, -1, 7])
            case.budgets.append(Budget(metric, r.choice(ASKED), near))
        return case

    def value(self, metric: str, c: int) -> int | Fraction:
        return evaluate(self.cost.poly(metric), {"C": c, "H": self.h})

    def allowed(self) -> list[int]:
        declared = self.cost.symbols["C"]
        ends = range(declared.min or 1, (declared.max or TRIED) + 1)
        steps = [c for c in ends if c % declared.step == 0 and c % self.multiple_of == 0]
        return [c for c in steps if all(need.holds({"C": c, "H": self.h}) for need, _ in self.cost.needs)]

    def met(self) -> list[int]:
        return [c for c in self.allowed() if all(b.meets(self.value(b.metric, c)) for b in self.budgets)]

    def solve(self, *, smallest: bool) -> Solution:
        return solve(self.cost, "C", self.budgets, {"H": self.h}, multiple_of=self.multiple_of, smallest=smallest)


@pytest.mark.parametrize("seed", range(400))
def test_the_answer_is_the_one_found_by_trying(seed: int) -> None:
    case, smallest = Case.of(seed), seed % 3 == 0
    met = case.met()
    try:
        found = case.solve(smallest=smallest)
    except NoAnswer as refused:
        check_refusal(str(refused), met, smallest=smallest)
        return
    if found.answer > TRIED:  # it is past what was tried, and so is nothing smaller
        assert not (smallest and met)
        return
    assert found.answer == (met[0] if smallest else met[-1])
    assert found.value == {b.metric: case.value(b.metric, int(found.answer)) for b in case.budgets}
    check_next(case, found)


def check_refusal(line: str, met: list[int], *, smallest: bool) -> None:
    if line.startswith("there is no greatest"):
        assert not smallest
        assert met[-1] > TRIED - 100
    elif not line.startswith(("no budget depends on C", "gave up on C")):
        assert not met


def check_next(case: Case, found: Solution) -> None:
    beyond = [c for c in case.allowed() if (c < found.answer if found.smallest else c > found.answer)]
    if found.next is None:
        assert not beyond
        return
    after = int(found.next["C"])
    assert after > TRIED or after == (beyond[-1] if found.smallest else beyond[0])
    broken = [b.text for b in case.budgets if not b.meets(case.value(b.metric, after))]
    assert list(found.binding) == broken
    assert broken


def test_few_random_questions_are_given_up() -> None:
    lines = [line for seed in range(400) if (line := refusal(Case.of(seed))) is not None]
    assert sum(line.startswith("gave up") for line in lines) <= 8
    assert 50 < len(lines) < 350


def refusal(case: Case) -> str | None:
    try:
        case.solve(smallest=False)
    except NoAnswer as refused:
        return str(refused)
    return None
