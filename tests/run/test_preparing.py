"""Work of preparing data, beside plain loops over numbers that count, and its order of growth as a limit."""

from __future__ import annotations

import itertools
from collections import Counter
from math import factorial, log2

import pytest
import sympy

from symcost.algebra.expression import Expr
from symcost.algebra.poly import evaluate, symbol
from symcost.algebra.power import raised
from symcost.errors import NoAnswer, UsageError
from symcost.ops.facts import KINDS
from symcost.run.preparation.sort import least
from symcost.run.preparing import Data, Preparation, preparations, read_preparation
from tests.run.counted import Tally
from tests.run.naive import NAIVE, K, merge, merge_sort

STEPS = preparations()
SHAPES = ((1, 3), (2, 3), (5, 6), (8, 12), (13, 9))


def test_every_step_has_a_naive_run_a_source_and_known_kinds() -> None:
    assert STEPS.keys() == NAIVE.keys()
    for step in STEPS.values():
        assert step.source and step.about and step.growth
        assert step.work(Data(16, 6, K)).keys() <= KINDS.keys()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", STEPS)
def test_work_is_what_plain_loops_do(name: str, shape: tuple[int, int]) -> None:
    step, tally = STEPS[name], Tally(seed=7)
    NAIVE[name](tally.table(*shape), tally)
    told, moves = _told(step, *shape)
    if step.at_most:
        assert all(tally.work[kind] <= told[kind] for kind in tally.work | told)
        assert tally.moves <= moves
    else:
        assert +tally.work == told
        assert tally.moves == moves


def _told(step: Preparation, rows: int, columns: int) -> tuple[Counter[str], int]:
    """Return work and moves by the formula, at these sizes."""
    symbolic = step.name != "sort"
    data = Data(symbol("N"), 3 * symbol("P"), symbol("K")) if symbolic else Data(rows, columns, K)
    env = {"N": rows, "P": columns // 3, "K": K}
    work = {kind: int(evaluate(n, env)) for kind, n in step.work(data).items()}
    return +Counter(work), int(evaluate(step.moves(data), env))


def test_a_mirrored_image_is_at_most_what_is_said() -> None:
    """The bound of the flip is reached where every image is mirrored; its draws always are."""
    tally = Tally(seed=1)
    NAIVE["flip"](tally.table(100, 3), tally)
    assert tally.work == {"random": 100, "compare": 100}
    assert 0 < tally.moves < 300


@pytest.mark.parametrize("rows", range(1, 8))
def test_sort_counts_the_worst_order(rows: int) -> None:
    most = 0
    for order in itertools.permutations(range(rows)):
        tally = Tally(seed=0)
        merge_sort([tally.number(key) for key in order])
        most = max(most, tally.work["compare"])
    assert STEPS["sort"].work(Data(rows, 1))["compare"] == most
    assert least(rows) <= most


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5, 12, 20, 21])
def test_no_sort_needs_fewer_than_the_logarithm_of_the_orders(rows: int) -> None:
    assert 1 << least(rows) >= factorial(rows) > (1 << least(rows)) // 2


def test_sort_solves_its_recurrence() -> None:
    most = [0, 0]
    for rows in range(2, 3000):
        most.append(most[rows // 2] + most[rows - rows // 2] + rows - 1)
        assert STEPS["sort"].work(Data(rows, 1))["compare"] == most[rows]


def test_sort_of_a_power_of_two_has_a_formula() -> None:
    m = symbol("m")
    N = raised(2, m)
    assert STEPS["sort"].work(Data(N, 1))["compare"] == m * N - N + 1
    assert STEPS["sort"].work(Data(8 * N, 1))["compare"] == (m + 3) * 8 * N - 8 * N + 1
    assert STEPS["sort"].work(Data(N * N, 1))["compare"] == 2 * m * N * N - N * N + 1


@pytest.mark.parametrize("rows", ["N", "3*2**m", "2**m + 1", "3**m", "2**m/2"])
def test_sort_refuses_rows_whose_logarithm_has_no_formula(rows: str) -> None:
    expression = Expr.parse(rows)
    N = expression.evaluate({name: symbol(name) for name in expression.names})
    assert not isinstance(N, bool)
    with pytest.raises(NoAnswer, match=r"N log N of .* rows has no formula; give the rows as a number, or as 2\*\*m"):
        STEPS["sort"].work(Data(N, 4))


def test_words_with_repeated_pairs_take_fewer_comparisons() -> None:
    tally = Tally(seed=0)
    assert merge(list("abababab"), {("a", "b"): 0, ("ab", "ab"): 1}, tally) == ["abab", "abab"]
    assert tally.work["compare"] == 7 + 3 + 1
    assert STEPS["tokenize"].work(Data(1, 8))["compare"] == 28


@pytest.mark.parametrize("name", STEPS)
def test_growth_is_the_limit_of_the_ratio(name: str) -> None:
    """As N, then D, grow, work and moves come to a positive number times the order that is stated."""
    N, D, P, k = (sympy.Symbol(letter, positive=True) for letter in "NDPK")
    growth = sympy.sympify(STEPS[name].growth, locals={"N": N, "D": D, "K": k})
    everything = _everything(STEPS[name]).subs({"N": N, "P": P, "K": k})
    ratio = everything / growth.subs(D, 3 * P)
    limit = sympy.limit(sympy.limit(sympy.expand(ratio), N, sympy.oo), P, sympy.oo)
    assert limit.is_positive and limit.is_finite and not limit.free_symbols


def _everything(step: Preparation) -> sympy.Expr:
    """Return work of all kinds and moves together, of 3 P columns, as SymPy expression with plain symbols."""
    if step.name == "sort":
        N = sympy.Symbol("N", positive=True)
        return N * sympy.log(N, 2) - N + 1 + 3 * sympy.Symbol("P", positive=True) * N
    data = Data(symbol("N"), 3 * symbol("P"), symbol("K"))
    parts = [str(n) for n in (*step.work(data).values(), step.moves(data))]
    names = {letter: sympy.Symbol(letter, positive=True) for letter in "NPK"}
    return sympy.Add(*(sympy.sympify(part, locals=names) for part in parts))


def test_growth_of_sort_is_that_of_its_numbers() -> None:
    """At N = 2**m the formula with the logarithm is the exact count; between, it lies within N of it."""
    for rows in (2, 64, 1024, 1 << 20):
        assert STEPS["sort"].work(Data(rows, 1))["compare"] == rows * int(log2(rows)) - rows + 1
    for rows in (3, 1000, 65537, 10**6 + 3):
        exact = STEPS["sort"].work(Data(rows, 1))["compare"]
        assert isinstance(exact, int) and abs(exact - (rows * log2(rows) - rows + 1)) < rows


def test_the_guides_counts_are_special_cases() -> None:
    """2 N D to normalize and N D to fill what is missing; statistics that are found come on top."""
    N, D = symbol("N"), symbol("D")
    data = Data(N, D)
    normalize, standardize = STEPS["normalize"].work(data), STEPS["standardize"].work(data)
    assert normalize == {"add": N * D, "div": N * D}
    assert STEPS["fill_missing"].work(data) == {"compare": N * D}
    found = {kind: n - normalize.get(kind, 0) for kind, n in standardize.items()}
    assert found == {"add": 2 * N * D - 2 * D, "mul": N * D, "div": 2 * D, "sqrt": D}
    assert evaluate(STEPS["feature_selection"].work(data)["mac"], {"N": 10, "D": 4}) == 10 * 4 * 5 // 2


def test_steps_are_read_in_order() -> None:
    assert [step.name for step in read_preparation("normalize + fill_missing")] == ["normalize", "fill_missing"]
    assert read_preparation("") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("normalise", "there is no preparation 'normalise'; did you mean 'normalize'?; there are "),
        ("sort+", "there is no preparation ''; there are "),
    ],
)
def test_unknown_steps_are_told(text: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        read_preparation(text)
    assert str(error.value) == message + ", ".join(STEPS)


def test_what_a_step_asks_for_is_told() -> None:
    with pytest.raises(NoAnswer) as wrong:
        STEPS["color_jitter"].work(Data(symbol("N"), 10))
    assert str(wrong.value) == "preparation 'color_jitter' takes images of 3 channels, and 3 does not divide 10 columns"
    with pytest.raises(UsageError) as missing:
        STEPS["one_hot"].moves(Data(4, 2))
    assert str(missing.value) == "preparation 'one_hot' asks how many values a column takes; say categories=K"
