"""The optimum agrees with trying every design, on random problems with floors, rounding, gcds and conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import Random

import pytest

from symcost.algebra.arithmetic import number
from symcost.algebra.expression import Expr
from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.maximum import maximum
from symcost.algebra.needs import AtLeast, Divides, Equal, Need
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.algebra.power import raised
from symcost.algebra.rounding import gcd, make_divisible
from symcost.cost import Cost
from symcost.errors import NoAnswer
from symcost.optimum import Optimum, optimize
from symcost.solver import Budget
from symcost.spec.symbols import Symbol
from tests.solver.fake import cost_of

NAMES = ("C", "H", "L", "D")
MOST = (2000, 60, 16, 9)
"""Values of each unknown in a problem of so many unknowns."""
ASKED = ("<=", "<=", "<=", "<=", "<", ">=", ">", "==")
TRIED = 500
Design = tuple[int, ...]


def random_atom(r: Random, names: tuple[str, ...]) -> Num:
    x, y = symbol(r.choice(names)), symbol(r.choice(names))
    linear = r.randint(1, 4) * x + r.randint(-3, 9)
    return r.choice(
        [
            x,
            x,
            x,
            x,
            floor_div(linear, r.randint(2, 9)),
            ceil_div(linear, r.randint(2, 9)),
            make_divisible(x * Fraction(r.randint(1, 9), 4), r.choice([4, 8])),
            make_divisible(x * y * Fraction(1, 4), 8),
            gcd(r.randint(1, 5) * x, r.choice([2, 4, 6, 8])),
            floor_div(x + 2 * y + r.randint(0, 3), r.randint(2, 5)),
            maximum([3 * x, 2 * y + r.randint(0, 9)], None),
            raised(2, floor_div(x, 8 if len(names) > 2 else 100)),
        ]
    )


def random_total(r: Random, names: tuple[str, ...], negative: float) -> Num:
    result: Num = r.randint(0, 50)
    for _ in range(r.randint(1, 5)):
        term: Num = r.randint(1, 40) * (-1 if r.random() < negative else 1)
        for _ in range(r.randint(1, 3)):
            term = term * random_atom(r, names)
        result = result + term
    return result + r.randint(1, 500) * symbol(names[0]) ** -1 if r.random() < 0.1 else result


def random_need(r: Random, names: tuple[str, ...]) -> Need:
    x, y = symbol(r.choice(names)), symbol(r.choice(names))
    needs: list[Need] = [
        Divides(r.choice([2, 3, 4]), r.randint(1, 3) * x + r.randint(0, 3)),
        Divides(x, 12 * y),
        Divides(2, x + y),
        AtLeast(floor_div(x + y - 3, 2), r.randint(0, 3)),
        AtLeast(2 * x - y, 0),
        Equal(2 * floor_div(x, 2), x),
    ]
    return r.choice(needs)


def random_values(r: Random, most: int) -> list[int]:
    count = r.randint(2, most)
    if r.random() < 0.3:
        return sorted({r.randint(1, 3 * count) for _ in range(count)})
    first, step = r.randint(1, 5), r.choice([1, 1, 2, 8])
    return list(range(first, first + count * step, step))


@dataclass
class Case:
    """A random problem, and every design that solves it."""

    cost: Cost
    values: dict[str, list[int]]
    text: str
    maximize: bool
    budgets: list[Budget]
    formulas: dict[str, Num]

    @classmethod
    def of(cls, seed: int) -> Case:
        r = Random(seed)  # noqa: S311
        names = NAMES[: r.choice([1, 2, 2, 3, 3, 3, 4, 4])]
        negative = r.choice([0, 0, 0.4])
        totals = {metric: random_total(r, names, negative) for metric in ("macs", "params")}
        for name in names:
            totals = {metric: formula + symbol(name) for metric, formula in totals.items()}
        needs = [random_need(r, names) for _ in range(r.choice([0, 0, 0, 1, 2]))]
        cost = cost_of(totals, {name: Symbol() for name in names}, needs)
        values = {name: random_values(r, MOST[len(names) - 1]) for name in names}
        x, y = r.choice(names), r.choice(names)
        text = r.choice(
            ["macs", "params", "macs", f"{x}*{y}", f"{x} + 2*{y}", f"3*{x} - {y}**2", "macs - 3*params", f"params*{x}"]
        )
        case = cls(cost, values, text, r.random() < 0.6, [], totals)
        for _ in range(r.choice([1, 1, 2, 3])):
            metric = r.choice(list(totals))
            design = {name: r.choice(own) for name, own in values.items()}
            near = evaluate(totals[metric], design) + r.choice([0, 0, 0, 1, -1, 7])
            case.budgets.append(Budget(metric, r.choice(ASKED), near))
        return case

    def designs(self) -> Iterator[tuple[Design, dict[str, int]]]:
        for design in product(*self.values.values()):
            yield design, dict(zip(self.values, design, strict=True))

    def met(self) -> dict[Design, int | Fraction]:
        found = {}
        for design, env in self.designs():
            metrics = {metric: evaluate(formula, env) for metric, formula in self.formulas.items()}
            if not all(b.meets(metrics[b.metric]) for b in self.budgets):
                continue
            if all(need.holds(env) for need, _ in self.cost.needs):
                found[design] = objective(self.text, {**env, **metrics})
        return found

    def solve(self) -> Optimum:
        goal = {"maximize" if self.maximize else "minimize": self.text}
        return optimize(self.cost, self.values, **goal, budgets=self.budgets, ties=10**6)  # type: ignore[arg-type]


def objective(text: str, env: dict[str, int | Fraction]) -> int | Fraction:
    return evaluate(number(Expr.parse(text).evaluate(env)), {})


@pytest.mark.parametrize("seed", range(TRIED))
def test_the_optimum_is_the_one_found_by_trying(seed: int) -> None:
    case = Case.of(seed)
    met = case.met()
    try:
        found = case.solve()
    except NoAnswer:
        assert not met
        return
    best = (max if case.maximize else min)(met.values())
    assert found.complete and found.value == best == found.bound
    assert found.all_ties
    ties = sorted(design for design, value in met.items() if value == best)
    assert found.tie_count == len(ties)
    assert [tuple(design.values()) for design in found.ties] == ties
    assert found.metrics == {b.metric: evaluate(case.formulas[b.metric], found.design) for b in case.budgets}


def test_random_problems_are_of_all_kinds() -> None:
    cases = [Case.of(seed) for seed in range(TRIED)]
    infeasible = sum(not case.met() for case in cases[:100])
    assert 5 <= infeasible <= 60
    assert {len(case.values) for case in cases} == {1, 2, 3, 4}
    assert sum(len(case.budgets) > 1 for case in cases) > 150
    assert sum(bool(case.cost.needs) for case in cases) > 100
