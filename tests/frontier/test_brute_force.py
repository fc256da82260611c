"""The frontier is the one found by comparing all pairs of designs, however the grid is gone through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest

from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.needs import AtLeast, Divides, Equal, Need
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.algebra.rounding import gcd, make_divisible
from symcost.cost import Cost
from symcost.errors import NoAnswer, UsageError
from symcost.frontier.answer import frontier
from symcost.frontier.question import ask
from symcost.frontier.result import Frontier
from symcost.frontier.survey import Survey
from symcost.spec.symbols import Symbol
from tests.solver.fake import B, C, H, cost_of

pytest.importorskip("numpy")

alpha = symbol("alpha", "ratio")
METRICS = ("macs", "params", "activations", "buffers")
SYMBOLS = {
    "C": Symbol(multiple_of=2),
    "H": Symbol(),
    "alpha": Symbol(kind="ratio", default=1),
    "B": Symbol(default=3),
}


def random_atom(r: Random) -> Num:
    return r.choice(
        [
            C,
            H,
            alpha,
            B,
            floor_div(r.randint(1, 4) * C - r.randint(0, 30), r.randint(2, 9)),
            ceil_div(H, r.choice([2, 4, 8])),
            floor_div(C * H, r.randint(2, 7)),
            make_divisible(alpha * C, 8),
            make_divisible(alpha * H * Fraction(r.randint(1, 9), 4), 4, r.choice([3, 4])),
            gcd(r.randint(1, 5) * C, r.choice([2, 4, 6, 8, 12])),
            C**-1,
            alpha**-1,
        ]
    )


def random_total(r: Random, negative: float) -> Num:
    result: Num = r.randint(0, 50)
    for _ in range(r.randint(1, 4)):
        term: Num = Fraction(r.randint(1, 12) * (-1 if r.random() < negative else 1), r.choice([1, 1, 2]))
        for _ in range(r.randint(1, 3)):
            term = term * random_atom(r)
        result = result + term
    return result * 2**60 if r.random() < 0.1 else result


def random_need(r: Random) -> Need:
    needs: list[Need] = [
        Divides(r.choice([2, 3, 4]), r.randint(1, 3) * C + r.randint(0, 3) * H),
        Divides(H, 96 + r.randint(0, 2) * C),
        Divides(8, make_divisible(C * Fraction(3, 4), 4)),
        Divides(1, 2 * alpha),
        AtLeast(floor_div(C + r.randint(-9, 3), r.randint(1, 4)), r.randint(0, 4)),
        Equal(2 * floor_div(C * H, 2), C * H),
    ]
    return r.choice(needs)


class Case:
    """A random question, and its answer by comparing all pairs."""

    def __init__(self, seed: int) -> None:
        r = Random(seed)  # noqa: S311
        goals = r.choice([2, 2, 3, 4])
        self.texts = METRICS[:goals]
        self.ways = [r.choice(["min", "max"]) for _ in self.texts]
        self.totals = {m: random_total(r, r.choice([0, 0.4])) for m in self.texts}
        self.needs = [random_need(r) for _ in range(r.choice([0, 0, 1, 2]))]
        self.cost: Cost = cost_of(dict(self.totals), SYMBOLS, self.needs)
        start = 2 * r.randint(1, 8)
        self.over: dict[str, Any] = {"C": range(start, start + 2 * r.randint(2, 12), 2), "H": range(1, r.randint(3, 9))}
        if r.random() < 0.6:
            self.over["alpha"] = r.sample([Fraction(1, 4), Fraction(1, 2), Fraction(2, 3), 1, Fraction(7, 4)], 3)
        self.over = dict(r.sample(list(self.over.items()), len(self.over)))

    def designs(self) -> Iterator[tuple[dict[str, Any], tuple[Any, ...] | None]]:
        """Every design with its values, to be small; None where a condition breaks."""
        for place in product(*self.over.values()):
            design = dict(zip(self.over, place, strict=True))
            env = {"alpha": 1, "B": 3, **design}
            if not all(need.holds(env) for need in self.needs):
                yield design, None
                continue
            signs = [-1 if way == "max" else 1 for way in self.ways]
            yield design, tuple(s * evaluate(self.totals[m], env) for s, m in zip(signs, self.texts, strict=True))

    def answer(self) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
        at: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
        for design, values in self.designs():
            if values is not None:
                at[values].append(design)
        return {v: at[v] for v in at if not any(dominates(other, v) for other in at)}

    def survey(self, **how: Any) -> Frontier:
        survey = Survey(ask(self.cost, dict(zip(self.texts, self.ways, strict=True)), self.over, {}, ""), **how)
        for _ in survey.run():
            pass
        return frontier(survey)


def dominates(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    return a != b and all(x <= y for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize("seed", range(200))
def test_the_frontier_is_the_one_of_all_pairs(seed: int) -> None:
    case = Case(seed)
    right = case.answer()
    if refusal(case):
        return
    found = case.survey(points=[7, 40, 1 << 17][seed % 3])
    signs = [-1 if way == "max" else 1 for way in case.ways]
    assert [tuple(s * v for s, v in zip(signs, p.values.values(), strict=True)) for p in found.points] == sorted(right)
    for point, values in zip(found.points, sorted(right), strict=True):
        assert point.count == len(right[values])
        assert list(point.designs) == right[values][:3]
    everything = list(case.designs())
    assert found.size == len(everything)
    assert found.compared == sum(values is not None for _, values in everything)
    assert found.compared + sum(found.left_out.values()) == found.size
    assert found.dominated == found.compared - sum(map(len, right.values()))


@pytest.mark.parametrize("seed", range(60))
def test_blocks_and_plain_python_give_the_same(seed: int) -> None:
    case = Case(seed)
    if line := refusal(case):
        assert refusal(case, points=5) == refusal(case, numpy=False) == line
        return
    whole = case.survey()
    for how in ({"points": 1}, {"points": 11}, {"numpy": False}):
        other = case.survey(**how)
        assert other == whole
        assert sorted(other.sample) == sorted(whole.sample)


def test_few_random_questions_are_refused_and_rightly() -> None:
    lines = {seed: line for seed in range(200) if (line := refusal(Case(seed)))}
    assert len(lines) < 60
    for seed, line in lines.items():
        none = line.startswith("none of the")
        assert none or "the same all over the grid" in line or "no goal depends on" in line
        assert not none or not Case(seed).answer()


def refusal(case: Case, **how: Any) -> str:
    """Why there is no answer; empty where there is one."""
    try:
        case.survey(**how)
    except (UsageError, NoAnswer) as refused:
        return str(refused)
    return ""
