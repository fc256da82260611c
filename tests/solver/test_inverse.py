"""The inverse of a cost: known answers, certificates, conditions, and its form for people and programs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.needs import AtLeast, Divides, Equal, Need, whole
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.algebra.power import raised
from symcost.algebra.rounding import gcd, make_divisible
from symcost.cost import Cost
from symcost.errors import NoAnswer
from symcost.solver import Budget, Solution, solve
from symcost.spec.symbols import Symbol
from tests.solver.fake import C, cost_of, resnet50

ROOT = Path(__file__).parents[2]
ALPHA = symbol("alpha", "ratio")


@pytest.fixture(scope="module")
def resnet() -> Cost:
    return resnet50()


def one(macs: Num, *needs: Need, **symbol_fields: int) -> Cost:
    """Return a cost with the one symbol C."""
    return cost_of({"macs": macs}, {"C": Symbol(**symbol_fields)}, needs)


def test_resnet50_under_two_giga_macs(resnet: Cost) -> None:
    found = solve(resnet, for_="C", budgets=["macs <= 2e9"], at={"H": 224})
    assert found.answer == 44
    assert found.value == {"macs": 1_958_573_056}
    assert found.next == {"C": 45, "macs": 2_046_692_160}
    assert found.binding == ("macs <= 2e9",)
    assert found.at == {"B": 1, "H": 224, "W": 224, "K": 1000}
    assert found.proof == "proof: macs never turns back as C grows, by its form; bisection is exact"


def test_only_multiples_are_asked_for(resnet: Cost) -> None:
    found = solve(resnet, "C", "macs <= 2G", multiple_of=8)
    assert (found.answer, found.value["macs"]) == (40, 1_625_477_120)
    assert found.next == {"C": 48, "macs": 2_322_677_760}


def test_the_smallest_is_certified_by_the_one_below(resnet: Cost) -> None:
    found = solve(resnet, "C", ["flops >= 8178368512"], smallest=True)
    assert (found.answer, found.value["flops"]) == (64, 8_178_368_512)
    assert found.next is not None
    assert found.next["C"] == 63


def test_the_budget_that_binds_is_named(resnet: Cost) -> None:
    found = solve(resnet, "C", ["macs <= 2G", Budget.parse("params <= 10M")])
    assert (found.answer, found.binding) == (39, ("params <= 10M",))
    assert found.value == {"macs": 1_547_048_256, "params": 9_993_307}


@pytest.mark.parametrize(("unknown", "answer"), [("C", 44), ("H", 416), ("B", 1), ("K", 926_477)])
def test_any_size_can_be_the_unknown(resnet: Cost, unknown: str, answer: int) -> None:
    at = {} if unknown == "C" else {"C": 32}
    found = solve(resnet, unknown, "macs <= 2G", at)
    env = {**resnet.bindings(at), unknown: answer}
    assert found.answer == answer
    assert evaluate(resnet.poly("macs"), env) == found.value["macs"] <= 2 * 10**9
    assert evaluate(resnet.poly("macs"), {**env, unknown: answer + 1}) > 2 * 10**9


def test_a_declared_divisor_and_range_are_kept() -> None:
    cost = one(C**2, multiple_of=16, max=100)
    assert solve(cost, "C", "macs <= 5000").answer == 64
    assert solve(cost, "C", "macs <= 5000", multiple_of=24).answer == 48
    last = solve(cost, "C", "macs <= 1M")
    assert (last.answer, last.next, last.binding) == (96, None, ())
    assert solve(cost, "C", "macs <= 1M", between=(None, 90)).answer == 80
    assert solve(cost, "C", "macs >= 1", smallest=True, between=(33, None)).answer == 48


CONDITIONS: dict[str, tuple[Need, int, int]] = {
    "16 divides C": (Divides(16, C), 96, 112),
    "C is odd": (Divides(2, C + 1), 99, 101),
    "C is even, by a join": (Equal(2 * floor_div(C, 2), C), 100, 102),
    "C divides 768": (Divides(C, 768), 96, 128),
    "C divides 3 C + 250": (Divides(C, 3 * C + 250), 50, 125),
    "C**2 divides 900 (3 C + 20)": (Divides(C**2, 900 * (3 * C + 20)), 60, 0),
    "8 divides a rounded size": (Divides(8, make_divisible(C * Fraction(3, 4), 4)), 98, 104),
    "4 divides a product": (Divides(4, C * floor_div(C, 3)), 100, 102),
    "C - 7 is at least 5": (AtLeast(C - 7, 5), 100, 101),
    "C is 50": (Equal(C, 50), 50, 0),
    "C is at most 60": (AtLeast(60 - C, 0), 60, 0),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_is_met_by_the_answer_and_by_the_next(name: str) -> None:
    need, answer, beyond = CONDITIONS[name]
    found = solve(one(C**2, need), "C", "macs <= 10_000")
    assert found.answer == answer
    assert (found.next or {"C": 0})["C"] == beyond
    allowed = [c for c in range(1, 200) if need.holds({"C": c})]
    assert max(c for c in allowed if c <= 100) == answer
    assert min((c for c in allowed if c > answer), default=0) == beyond


def test_a_condition_on_two_sizes_uses_the_value_of_the_other() -> None:
    groups = symbol("g")
    symbols = {"C": Symbol(), "g": Symbol(default=12)}
    cost = cost_of({"macs": 9 * C**2 * groups**-1}, symbols, [Divides(groups, C)])
    assert solve(cost, "C", "macs <= 10k").answer == 108
    assert solve(cost, "g", "macs >= 1k", {"C": 60}).answer == 30
    assert solve(cost, "g", "macs <= 1k", {"C": 60}, smallest=True).answer == 60


def test_what_goes_up_and_down_is_searched() -> None:
    found = solve(one(C**2 * gcd(C, 8)), "C", "macs <= 10k")
    assert (found.answer, found.value["macs"]) == (99, 9801)
    assert found.proof.endswith("by its form, along each of 8 classes of C; bisection is exact")
    found = solve(one(1000 - 90 * C + C**2), "C", "macs <= 200")
    assert (found.answer, found.next) == (80, {"C": 81, "macs": 271})
    assert found.proof == "proof: bounds on macs leave no greater C, after 6 steps of search"
    near = solve(one(1000 - 90 * C + C**2), "C", "macs <= 1k", between=(1, 50))
    assert (near.answer, near.proof) == (50, "proof: bounds on macs leave no greater C, after 0 steps of search")


def test_a_cost_that_falls_has_a_smallest_answer() -> None:
    found = solve(one(1000 * C**-1 + 7), "C", "macs <= 20", smallest=True)
    assert (found.answer, found.next) == (77, {"C": 76, "macs": Fraction(383, 19)})


def test_a_ratio_goes_in_steps() -> None:
    symbols = {"alpha": Symbol(kind="ratio")}
    cost = cost_of({"macs": 539_492_352 * ALPHA**2 + 29_248_000 * ALPHA}, symbols)
    found = solve(cost, "alpha", "macs <= 150M")
    assert (found.answer, found.step) == (Fraction(1, 2), Fraction(1, 100))
    assert found.next == {"alpha": Fraction(51, 100), "macs": Fraction(97_024_025_472, 625)}
    assert solve(cost, "alpha", "macs <= 150M", step="1/1000").answer == Fraction(1, 2)
    assert solve(cost, "alpha", "macs <= 400M", step=Fraction(1, 4)).answer == Fraction(3, 4)
    assert solve(cost, "alpha", "macs <= 600M", step="1/8").to_json()["answer"] == {"alpha": 1}


def test_a_condition_on_a_ratio_gives_its_step() -> None:
    needs = [whole(32 * ALPHA), whole(8 * ALPHA)]
    cost = cost_of({"macs": 1000 * ALPHA**2}, {"alpha": Symbol(kind="ratio")}, needs)
    assert solve(cost, "alpha", "macs <= 500").answer == Fraction(5, 8)
    assert solve(cost, "alpha", "macs <= 500", step="1/100").answer == Fraction(1, 2)


def test_the_answer_for_programs(resnet: Cost) -> None:
    answer = solve(resnet, "C", "macs <= 2G").to_json()
    assert json.loads(json.dumps(answer)) == {
        "answer": {"C": 44},
        "value": {"macs": "1958573056"},
        "next": {"C": 45, "macs": "2046692160"},
        "binding": ["macs <= 2G"],
        "closed_form": [
            {"metric": "macs", "view": "exact", "formula": FORM, "budget": "2000000000", "near": "44.47"},
        ],
    }
    last = solve(one(1000 - C**2, max=5), "C", "macs <= 999").to_json()
    assert last == {"answer": {"C": 5}, "value": {"macs": "975"}, "next": None, "binding": []}


FORM = "(sqrt(15141*budget + 13747093504) - 117248)/121128"
PROOF = "never turns back as C grows, by its form; bisection is exact"
SIZES = "at B = 1, H = 224, W = 224, K = 1000"


def test_the_answer_for_people(resnet: Cost) -> None:
    def shown(*budgets: str, multiple_of: int = 1, smallest: bool = False) -> list[str]:
        return str(solve(resnet, "C", budgets, multiple_of=multiple_of, smallest=smallest)).splitlines()

    assert shown("macs <= 2G") == [
        "C = 44: 1,958,573,056 MACs <= 2,000,000,000; C = 45 gives 2,046,692,160",
        f"by form: C* = {FORM}, about 44.47",
        f"{SIZES}; proof: macs {PROOF}",
    ]
    assert shown("flops <= 4G", multiple_of=8) == [
        "C = 40 (a multiple of 8): 3,250,954,240 FLOPs <= 4,000,000,000; C = 48 gives 4,645,355,520",
        "by form: C* = (sqrt(30282*budget + 54988374016) - 234496)/242256, about 44.47",
        f"{SIZES}; FLOPs as 'symcost' counts them; proof: flops {PROOF}",
    ]
    macs, params = FORM.replace("budget", "budget_macs"), "(sqrt(22896*budget_params + 1064586529) - 32977)/11448"
    assert shown("macs >= 1G", "params > 5M", smallest=True) == [
        "C = 32: 1,052,311,552 MACs >= 1,000,000,000 and 6,917,640 params > 5,000,000; C = 31 gives 989,387,072 MACs",
        f"by form: C* = max({macs}, {params}), about max(31.17, 26.81)",
        f"{SIZES}; proof: macs and params never turn back as C grows, by their form; bisection is exact",
    ]


def test_the_answer_at_the_end_of_a_range() -> None:
    assert str(solve(one(C, max=5), "C", "macs <= 9")) == (
        f"C = 5: 5 MACs <= 9; no greater C is allowed\nby form: C* = budget = 9\nproof: macs {PROOF}"
    )
    ratio = cost_of({"macs": ALPHA}, {"alpha": Symbol(kind="ratio")})
    first = str(solve(ratio, "alpha", "macs <= 0.125")).splitlines()[0]
    assert first == "alpha = 3/25 (in steps of 1/100): 3/25 MACs <= 1/8; alpha = 13/100 gives 13/100"


def test_two_answers_are_equal_when_they_say_the_same(resnet: Cost) -> None:
    assert solve(resnet, "C", "macs <= 2G") == solve(resnet, "C", "macs <= 2G")
    assert isinstance(hash(solve(one(C), "C", "macs <= 2").proof), int)


def test_large_answers_are_exact() -> None:
    cost = one(C**3 + ceil_div(C, 3))
    found = solve(cost, "C", "macs <= 1e60")
    assert isinstance(found, Solution)
    assert found.answer == 10**20 - 1
    assert solve(cost, "C", Budget("macs", "<=", 10**60 + 10**20)).answer == 10**20


@pytest.mark.parametrize("seed", range(40))
def test_depths_of_geometric_networks(seed: int) -> None:
    """The answer for sums of powers is the one found by trying, and halving ends where it does."""
    chance = Random(seed)  # noqa: S311
    a, b, c = chance.randint(1, 9), chance.randint(-40, 40), chance.randint(0, 30)
    macs = a * raised(chance.choice([2, 3, 4]), C) + b * C + c * C**2 * raised(2, -C) + 100 * C * raised(2, C)
    needs = [Divides(raised(2, C), 3 * 2 ** chance.randint(4, 12))] if seed % 2 else []
    limit = int(evaluate(macs, {"C": chance.randint(1, 14)})) + chance.randint(0, 3)
    allowed = [v for v in range(1, 60) if all(need.holds({"C": v}) for need in needs)]
    met = [v for v in allowed if evaluate(macs, {"C": v}) <= limit]
    cost = one(macs, *needs)
    if met:
        assert solve(cost, "C", Budget("macs", "<=", limit)).answer == max(met)
    else:
        with pytest.raises(NoAnswer):
            solve(cost, "C", Budget("macs", "<=", limit))


def test_a_cost_that_levels_off_is_met_by_all_or_given_up() -> None:
    with pytest.raises(NoAnswer):
        solve(one(100 - raised(2, -C)), "C", "macs <= 100")


def test_numbers_come_without_sympy() -> None:
    code = """
import sys
from tests.solver.fake import resnet50
from symcost.solver import solve
print(solve(resnet50(), "C", ["macs <= 2G", "params <= 1G"]).to_json()["answer"], "sympy" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{'C': 44} False"


def test_one_unknown_takes_milliseconds(resnet: Cost) -> None:
    solve(resnet, "H", "macs <= 2G")
    times = []
    for size in range(1000, 1010):
        start = time.perf_counter()
        solve(resnet, "H", "macs <= 2G", {"K": size})
        times.append(time.perf_counter() - start)
    assert min(times) < 0.005
