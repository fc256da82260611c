"""The relaxation's bound is never below what a design in a box reaches."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from symcost.errors import NoAnswer
from symcost.optimum.bound import Bounder, Hint, Nothing
from symcost.optimum.plan import Plan
from symcost.optimum.question import ask
from tests.optimum.test_brute_force import Case


def plan_of(seed: int) -> Plan | None:
    case = Case.of(seed)
    goal = (case.text, None) if case.maximize else (None, case.text)
    question = ask(case.cost, case.values, goal[0], goal[1], case.budgets, {})
    try:
        return Plan(question, question.values)
    except NoAnswer:
        return None


@pytest.mark.parametrize("seed", range(1000, 1300))
def test_a_bound_is_one(seed: int) -> None:
    plan = plan_of(seed)
    if plan is None:
        return
    r = Random(seed)  # noqa: S311
    problem = plan.problem(plan.goal())
    bounder = Bounder(problem.goal, problem.limits)
    for _ in range(4):
        ends = [sorted((r.randrange(n), r.randrange(n))) for n in problem.counts]
        first, last = [a for a, _ in ends], [b for _, b in ends]
        values = [
            problem.goal.at(places)
            for places in product(*(range(a, b + 1, max(1, (b - a) // 3)) for a, b in ends))
            if all(limit.meets(places) for limit in problem.limits)
        ]
        hint = Hint([r.uniform(a, b) for a, b in ends], list(first), {}, {})
        try:
            bound = bounder.bound(first, last, hint, range(len(problem.limits)), None)
        except Nothing:
            assert not values
            continue
        assert bound is None or not values or bound >= max(values)
        assert all(a <= p <= b for p, (a, b) in zip(hint.near, ends, strict=True))


def test_most_boxes_have_a_bound_below_their_corner() -> None:
    better, known = 0, 0
    for seed in range(1000, 1100):
        plan = plan_of(seed)
        if plan is None:
            continue
        problem = plan.problem(plan.goal())
        first, last = plan.corners()
        hint = problem.box().hint
        limits = range(len(problem.limits))
        try:
            bound = Bounder(problem.goal, problem.limits).bound(first, last, hint, limits, None)
        except Nothing:
            continue
        high = problem.goal.high(first, last)
        known += bound is not None
        better += bound is not None and high is not None and bound < high
    assert known > 60
    assert better > 30
