"""The best design over several unknowns: known answers, ends, ties, limits of time, and refusals word for word."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product
from time import monotonic

import pytest

import symcost
from symcost.algebra.division import div
from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.needs import AtLeast, Divides, Equal
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.algebra.power import raised
from symcost.cost import Cost
from symcost.errors import NoAnswer, SpecError, UsageError
from symcost.optimum import Optimum, optimize
from symcost.spec.symbols import Symbol
from symcost.table.cells import decimal
from tests.solver.fake import C, H, K, cost_of, resnet50

L = symbol("L")
ALPHA = symbol("alpha", "ratio")


@pytest.fixture(scope="module")
def resnet() -> Cost:
    return resnet50()


@pytest.fixture(scope="module")
def family() -> Cost:
    return symcost.load("resnet50").free("L1", "L2", "L3", "L4").cost()


def small(macs: Num = C**2 * L, **needs: object) -> Cost:
    """Return a cost in C and L."""
    return cost_of({"macs": macs, "params": 9 * C + L}, {"C": Symbol(), "L": Symbol()}, needs.get("needs", ()))  # type: ignore[arg-type]


SIX = "C=16:168:8, H=32:480:32, L1=1:16, L2=1:16, L3=1:32, L4=1:32"


def test_six_unknowns_of_resnet(family: Cost) -> None:
    found = optimize(family, SIX, maximize="H*C*(L1+L2+L3+L4)", budgets=["macs <= 4G", "params <= 25M"], at={"W": "H"})
    assert found.complete
    assert found.designs == 78_643_200
    assert found.value == found.bound == 583_680
    assert found.tie_count == 4 and found.all_ties
    at = family.at(**found.design, W=found.design["H"])
    assert found.metrics == {"macs": at.macs, "params": at.params}
    assert at.macs <= 4 * 10**9 and at.params <= 25 * 10**6
    assert found.slack == {"macs <= 4G": 4 * 10**9 - at.macs, "params <= 25M": 25 * 10**6 - at.params}
    assert found.binding == ("macs <= 4G",)
    for tie in found.ties:
        assert tie["H"] * tie["C"] * (tie["L1"] + tie["L2"] + tie["L3"] + tie["L4"]) == 583_680


def test_one_unknown_is_what_solve_finds(resnet: Cost) -> None:
    found = optimize(resnet, "C", maximize="C", budgets=["macs <= 2G"])
    assert found.design == {"C": 44} and found.metrics == {"macs": 1_958_573_056}
    assert found.designs == 44  # the budget ends what has no end of its own
    least = optimize(resnet, "C", minimize="C", budgets="flops >= 8178368512")
    assert least.design == {"C": 64}


@pytest.mark.parametrize("factor", [1, -1])
def test_least_and_greatest_are_one_question(resnet: Cost, factor: int) -> None:
    budgets = ["params <= 10M"]
    greatest = optimize(resnet, "C=8:64:8, K=10:1000:10", maximize=f"{factor}*macs", budgets=budgets)
    least = optimize(resnet, "C=8:64:8, K=10:1000:10", minimize=f"{-factor}*macs", budgets=budgets)
    assert greatest.value == -least.value
    assert greatest.ties == least.ties
    assert least.bound == least.value


def test_a_quotient_of_metrics() -> None:
    cost = cost_of({"macs": C**2 * L + 40 * L, "params": 7 * C + 3 * L}, {"C": Symbol(), "L": Symbol()})
    found = optimize(cost, "C=1:40, L=1:30", maximize="macs/params", budgets="macs <= 5k")
    tried = {
        (c, n): Fraction(c * c * n + 40 * n, 7 * c + 3 * n)
        for c, n in product(range(1, 41), range(1, 31))
        if c * c * n + 40 * n <= 5000
    }
    best = max(tried.values())
    assert found.value == best and found.complete
    assert [tuple(d.values()) for d in found.ties] == [d for d, value in tried.items() if value == best]


def test_a_ratio_goes_in_steps() -> None:
    cost = cost_of(
        {"macs": C**2 * ALPHA**2 + 3 * C * ALPHA, "params": C * 5}, {"C": Symbol(), "alpha": Symbol(kind="ratio")}
    )
    found = optimize(cost, "C=8:64:8, alpha=1/4:1:1/4", maximize="C*alpha", budgets="macs <= 1000")
    tried = [
        (c * a, c, a)
        for c in range(8, 65, 8)
        for a in (Fraction(k, 4) for k in range(1, 5))
        if c * c * a * a + 3 * c * a <= 1000
    ]
    assert found.value == max(tried)[0]
    assert found.tie_count == sum(value == max(tried)[0] for value, _, _ in tried)
    first = min((c, a) for value, c, a in tried if value == max(tried)[0])
    assert found.to_json()["answer"] == {"C": first[0], "alpha": str(first[1])}


def test_sizes_that_follow_an_unknown() -> None:
    cost = cost_of({"macs": C * H * symbol("W")}, {"C": Symbol(), "H": Symbol(), "W": Symbol(multiple_of=4, max=48)})
    found = optimize(cost, "C=1:50, H=1:100", maximize="macs", budgets="macs <= 30k", at={"W": "2*H"})
    tried = [(c * h * 2 * h, h) for c in range(1, 51) for h in range(2, 25, 2) if c * h * 2 * h <= 30_000]
    assert found.value == max(tried)[0]
    assert found.at == {"W": 2 * H}


def test_budgets_end_unknowns_without_bounds(resnet: Cost) -> None:
    found = optimize(resnet, "C, K", maximize="C*K", budgets=["params <= 1M"])
    tried = [
        (c * k, c, k)
        for c in range(1, 14)
        for k in range(1, 31_000)
        if 5724 * c * c + 32 * c * k + 977 * c + k <= 10**6
    ]
    assert (found.value, *found.design.values()) == max(tried)


def test_a_design_that_meets_all_ends_unknowns_of_what_is_to_be_least() -> None:
    found = optimize(small(C * L**2), "C, L", minimize="params", budgets="macs >= 10k")
    tried = [(9 * c + n, c, n) for c in range(1, 200) for n in range(1, 200) if c * n * n >= 10_000]
    assert (found.value, *found.design.values()) == min(tried)


def test_conditions_are_met() -> None:
    needs = [Divides(6, C + 1), AtLeast(C - 2 * L, 0), Equal(2 * floor_div(L, 2), L), Divides(L, 12 * C)]
    found = optimize(small(needs=needs), "C=1:60, L=1:30", maximize="macs", budgets="macs <= 20k")
    tried = [
        (c * c * n, c, n)
        for c in range(5, 61, 6)
        for n in range(2, 31, 2)
        if c >= 2 * n and (12 * c) % n == 0 and c * c * n <= 20_000
    ]
    assert (found.value, *found.design.values()) == max(tried)


def test_declared_values_are_kept() -> None:
    cost = cost_of({"macs": C**2 * L}, {"C": Symbol(multiple_of=16, max=100), "L": Symbol(min=3, max=5)})
    assert optimize(cost, "C, L", maximize="macs").design == {"C": 96, "L": 5}
    assert optimize(cost, "C, L", minimize="macs").design == {"C": 16, "L": 3}
    assert optimize(cost, {"C": [32, 64], "L": "3:4"}, maximize="macs").design == {"C": 64, "L": 4}
    assert optimize(cost, "C=:50, L=4:", maximize="macs").design == {"C": 48, "L": 5}


def test_what_goes_up_and_down_is_exact() -> None:
    cost = small(C**2 - 90 * C + L**2 - 14 * L + 3 * ceil_div(C, 7))
    found = optimize(cost, "C=1:120, L=1:30", minimize="macs", budgets="params >= 300")
    tried = [
        (c * c - 90 * c + n * n - 14 * n + 3 * -(-c // 7), c, n)
        for c in range(1, 121)
        for n in range(1, 31)
        if 9 * c + n >= 300
    ]
    assert (found.value, *found.design.values()) == min(tried)
    assert found.complete


def test_ties_are_counted_and_the_first_listed() -> None:
    found = optimize(small(), "C=1:30, L=1:30", maximize="C + L", budgets="params <= 151", ties=3)
    best = max(c + n for c in range(1, 31) for n in range(1, 31) if 9 * c + n <= 151)
    ties = [(c, n) for c in range(1, 31) for n in range(1, 31) if 9 * c + n <= 151 and c + n == best]
    assert found.tie_count == len(ties)
    assert [tuple(d.values()) for d in found.ties] == ties[:3]
    free = optimize(small(), "C=1:300, L=1:3000", maximize="C", budgets="macs <= 10G", ties=2)
    assert (free.value, free.tie_count, len(free.ties)) == (300, 3000, 2)
    assert "2,999 more reach it: C = 300, L = 2; ..." in str(free)


HARD = "H*(C*L1 + C*L2 + C**2*L3 + C*L4)"


@pytest.mark.parametrize("limits", [{"time_limit": 0.0}, {"node_limit": 1}, {"node_limit": 20}])
def test_a_search_that_is_stopped_has_a_design_and_a_bound(family: Cost, limits: dict[str, float]) -> None:
    budgets = ["macs <= 4G", "params <= 25M"]
    whole = optimize(family, SIX, maximize=HARD, budgets=budgets, at={"W": "H"})
    found = optimize(family, SIX, maximize=HARD, budgets=budgets, at={"W": "H"}, **limits)  # type: ignore[arg-type]
    assert whole.complete and not found.complete
    assert found.bound is not None and found.gap is not None
    assert found.value <= whole.value <= found.bound
    assert found.gap == Fraction(found.bound - found.value) / Fraction(found.value)
    assert not found.all_ties
    assert "the greatest found of 78,643,200 designs; none is above " in str(found)
    assert f" ({decimal(found.gap * 100, 2)} %)" in " ".join(str(found).split())
    assert "stopped after " in str(found)
    assert found.to_json()["complete"] is False
    at = family.at(**found.design, W=found.design["H"])
    assert at.macs <= 4 * 10**9 and at.params <= 25 * 10**6


def test_a_search_that_is_watched_can_be_seen(family: Cost) -> None:
    seen: list[tuple[int, float | None]] = []
    optimize(
        family,
        SIX,
        maximize=HARD,
        budgets="macs <= 4G",
        at={"W": "H"},
        watch=lambda search: seen.append((search.nodes, search.gap)),
    )
    assert seen[0][0] == 1 and [nodes for nodes, _ in seen] == sorted(nodes for nodes, _ in seen)
    gaps = [gap for _, gap in seen if gap is not None]
    assert all(gap >= 0 for gap in gaps) and gaps[-1] <= gaps[0]


def test_the_answer_in_words_and_for_programs(resnet: Cost) -> None:
    found = optimize(resnet, "C=8:256:8, K=100:1000:100", maximize="C*K", budgets=["flops <= 8G", "params <= 20M"])
    assert str(found) == (
        "C = 56, K = 1000: C*K = 56,000, the greatest of 320 designs; 6,287,826,944 FLOPs <= 8,000,000,000 and "
        "19,798,176 params <= 20,000,000\n"
        "at B = 1, H = 224, W = 224; FLOPs as 'symcost' counts them; proof: bounds leave nothing greater, in "
        "1 box of designs"
    )
    data = found.to_json()
    assert json.loads(json.dumps(data)) == data
    assert data == {
        "answer": {"C": 56, "K": 1000},
        "value": "56000",
        "bound": "56000",
        "complete": True,
        "metrics": {"flops": "6287826944", "params": "19798176"},
        "ties": {"count": "1", "complete": True, "designs": [{"C": 56, "K": 1000}]},
        "binding": ["flops <= 8G", "params <= 20M"],
        "designs": "320",
        "nodes": found.nodes,
    }
    assert found.table().rows == ((56, 1000),)
    assert set(found._repr_mimebundle_()) >= {"text/plain", "text/html"}


def test_a_metric_has_its_unit(resnet: Cost) -> None:
    found = optimize(resnet, "C=8:64:8", minimize="params", budgets="macs >= 1G")
    assert str(found).startswith("C = 32: 6,917,640 params, the least of 8 designs; 1,052,311,552 MACs >= ")


REFUSALS: dict[str, tuple[type[Exception], dict[str, object], str]] = {
    "contradictory budgets": (
        NoAnswer,
        {"over": "C=1:60, L=1:30", "maximize": "C", "budgets": ["params <= 100", "macs >= 20k"]},
        (
            "no design meets all budgets: with macs >= 20k, params <= 100 is missed: the least is 264 params, "
            "at C = 26, L = 30"
        ),
    ),
    "contradictory budgets that end unknowns": (
        NoAnswer,
        {"over": "C, L", "maximize": "C", "budgets": ["params <= 100", "macs >= 20k"]},
        (
            "no design meets all budgets: with params <= 100, macs >= 20k is missed: the greatest is 1,813 MACs, "
            "at C = 7, L = 37"
        ),
    ),
    "an amount that is jumped over without end": (
        NoAnswer,
        {"over": "C=2::, L=3::", "maximize": "C", "budgets": ["macs == 13"]},
        "no design meets macs == 13",
    ),
    "a budget that nothing meets": (
        NoAnswer,
        {"over": "C=3:60, L=2:30", "maximize": "C", "budgets": ["params <= 1k", "macs <= 10"]},
        "no design meets macs <= 10: the least is 18 MACs, at C = 3, L = 2",
    ),
    "a budget that is not reached": (
        NoAnswer,
        {"over": "C=1:6, L=1:3", "minimize": "C", "budgets": ["macs >= 1k"]},
        "no design meets macs >= 1k: the greatest is 108 MACs, at C = 6, L = 3",
    ),
    "an amount that is jumped over": (
        NoAnswer,
        {"over": "C=2:60, L=2:30", "maximize": "C", "budgets": ["macs == 7"]},
        "no design meets macs == 7: the least is 8 MACs, at C = 2, L = 2",
    ),
    "no bounds": (
        UsageError,
        {"over": "C, L", "maximize": "C*L", "budgets": ["macs >= 1k"]},
        "C is an unknown without bounds: macs >= 1k does not end it; give a range, as in over 'C=LOW:HIGH'",
    ),
    "more values than can be numbered": (
        UsageError,
        {"over": "C", "maximize": "C", "budgets": ["params <= 1e30"]},
        "C may have 111,111,111,111,111,111,111,111,111,110 values, too many to search; give a range or a larger step",
    ),
    "no budget and no bounds": (
        UsageError,
        {"over": "L, C=1:9", "maximize": "C*L"},
        "L is an unknown without bounds: no budget ends it; give a range, as in over 'L=LOW:HIGH'",
    ),
    "a symbol that is not there": (
        UsageError,
        {"over": "C, M", "maximize": "C", "budgets": ["macs <= 1k"]},
        "there is no free symbol 'M'; free are C, L",
    ),
    "a symbol that does not occur": (
        UsageError,
        {"over": "C=1:9, H=1:9", "maximize": "C", "budgets": ["params <= 1k"]},
        "H does not occur in what is asked, neither in the objective nor in a budget; leave it out of over",
    ),
    "a word in the objective": (
        UsageError,
        {"over": "C=1:9", "maximize": "C*paramz", "budgets": ["macs <= 1k"]},
        "objective 'C*paramz': there is no metric or free symbol 'paramz'; did you mean 'params'?; symbols are C, L",
    ),
    "both": (
        UsageError,
        {"over": "C=1:9", "maximize": "C", "minimize": "L"},
        "give one of maximize and minimize, such as maximize 'C*L1' or minimize 'params'",
    ),
    "an unknown with a value": (
        UsageError,
        {"over": "C=1:9", "maximize": "macs", "at": {"C": 3}},
        "C is an unknown, and is given as 3 too; leave one out",
    ),
    "a divisor of zero": (
        UsageError,
        {"over": "C=1:9", "maximize": "macs/elementwise", "at": {"L": 2}},
        "objective 'macs/elementwise': what it divides by may be 0 within these ranges",
    ),
    "a bad value": (
        SpecError,
        {"over": "C=1:9", "maximize": "macs", "at": {"L": 0}},
        "net: L = 0 is not a positive size",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusals(name: str) -> None:
    error, asked, line = REFUSALS[name]
    symbols = {"C": Symbol(), "L": Symbol(default=2)}
    if "H" in str(asked["over"]):
        symbols["H"] = Symbol(default=2)
    totals: dict[str, Num] = {"macs": C**2 * L, "params": 9 * C + L, "elementwise": C - 4}
    with pytest.raises(error) as refused:
        optimize(cost_of(totals, symbols), **asked)  # type: ignore[arg-type]
    assert str(refused.value) == line


def test_a_formula_that_divides_by_zero() -> None:
    cost = small(div(C, floor_div(L, 4)))
    with pytest.raises(UsageError, match=r"^a formula divides by what may be 0 for some C, L in these ranges; narrow"):
        optimize(cost, "C=1:9, L=1:9", maximize="C", budgets="macs <= 5")
    assert optimize(cost, "C=1:9, L=4:9", maximize="C", budgets="macs <= 4").design == {"C": 8, "L": 8}


def test_a_peak_is_the_largest_of_a_few() -> None:
    cost = symcost.load("unet").cost()
    over = {"C": range(8, 72, 8), "H": range(32, 288, 32), "B": range(1, 9)}
    found = optimize(
        cost, over, maximize="C*H*B", budgets=["peak_activations <= 5M", "macs <= 30G"], at={"W": "H", "K": 100}
    )
    tried = {}
    for c, h, b in product(*over.values()):
        at = cost.bindings({"C": c, "H": h, "W": h, "B": b, "K": 100})
        if evaluate(cost.poly("peak_activations"), at) <= 5 * 10**6 and evaluate(cost.poly("macs"), at) <= 30 * 10**9:
            tried[c, h, b] = c * h * b
    assert found.value == max(tried.values())
    assert [tuple(d.values()) for d in found.ties] == [d for d, value in tried.items() if value == found.value]


def test_no_value_is_allowed() -> None:
    cost = small(needs=[Divides(7, C)])
    with pytest.raises(NoAnswer, match=r"^no C from 1 to 6 is allowed: it needs 7 divides C$"):
        optimize(cost, "C=1:6, L=1:3", maximize="C*L")
    with pytest.raises(NoAnswer, match=r"^no C, L is allowed in these ranges: it needs C - L >= 3$"):
        optimize(small(needs=[AtLeast(C - L, 3)]), "C=1:3, L=1:3", maximize="C*L")


def test_time_runs_out_before_anything_is_found() -> None:
    cost = small((C**2 - 50 * C) * (L**2 - 41 * L))
    with pytest.raises(NoAnswer, match=r"^found no design over C, L that meets everything after 1 boxes, and did not"):
        optimize(cost, "C=1:1000, L=1:1000", maximize="C", budgets="macs == 12345", node_limit=1)


def test_an_optimum_is_public() -> None:
    assert symcost.optimize is optimize and symcost.Optimum is Optimum


def test_numbers_beyond_floats_are_exact() -> None:
    huge = 10**40
    cost = cost_of({"macs": huge * C**2 * L + K, "params": C}, {"C": Symbol(), "L": Symbol(), "K": Symbol()})
    found = optimize(cost, "C=1:100, L=1:100, K=1:9", maximize="macs", budgets=["params <= 70"])
    assert found.value == huge * 70**2 * 100 + 9
    assert evaluate(cost.poly("macs"), found.design) == found.value


def test_ties_of_numbers_that_are_0_as_floats() -> None:
    cost = small(10**400 * C * L)
    found = optimize(cost, "C=1:3, L=1:5", maximize="L/macs")
    assert (found.value, found.tie_count) == (Fraction(1, 10**400), 5)


def test_a_published_figure_is_met_from_both_sides() -> None:
    cost = small(C * L)
    found = optimize(cost, "C, L", maximize="C", budgets=["macs ~ 1.2k", "params ~ 1.0k"])
    met = [c for c in range(1, 200) for n in range(1, 1300) if 1100 < c * n < 1300 and 900 < 9 * c + n < 1100]
    assert found.value == max(met)
    assert "MACs ~ 1,200 (over 1,100, under 1,300) and " in str(found)


def test_several_conditions_on_the_same_unknowns() -> None:
    cost = small(C * L, needs=[Divides(7, C + L), Divides(5, C + 2 * L), Divides(3, L)])
    assert optimize(cost, "C=1:9, L=1:9", maximize="macs").design == {"C": 8, "L": 6}


def test_a_limit_of_time_holds_where_one_value_in_a_billion_is_allowed() -> None:
    cost = small(C * L, needs=[Divides(L, C)])
    start = monotonic()
    with pytest.raises(NoAnswer, match=r"^found no design over C, L that meets everything after "):
        optimize(cost, {"C": "5::", "L": [10**9 + 7]}, maximize="C", budgets=["macs <= 1e25"], time_limit=0.2)
    assert monotonic() - start < 5


def test_depths_in_exponents() -> None:
    """Widths that double in every stage, sides that halve: the best is the one found by trying all."""
    cost = small(C * C * raised(4, L), needs=[Divides(raised(2, L), 96)])
    found = optimize(cost, over="C=1:40, L=1:8", maximize="macs", budgets=["macs <= 5000"])
    tried = [c * c * 4**length for c in range(1, 41) for length in range(1, 6) if c * c * 4**length <= 5000]
    assert found.value == max(tried)
    assert found.design["L"] <= 5
