"""What holds of every optimizer, whatever the sizes."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost.algebra.poly import Poly, evaluate, symbol
from symcost.ops.facts import KINDS, Shape, Work
from symcost.ops.work import plus
from symcost.optimizers.lbfgs import Lbfgs
from symcost.optimizers.optimizer import DECAYS, Weight
from symcost.optimizers.reading import optimizer, optimizers
from symcost.optimizers.section import Optimizing

NAMES = sorted(optimizers())
PLAIN = [name for name in NAMES if name not in {"adafactor", "lamb", "muon", "lbfgs", "newton"}]
"""Those that treat each element apart."""
shapes = st.lists(st.integers(1, 6), max_size=4).map(tuple)


@st.composite
def optimizing(draw: st.DrawFn, names: list[str] = NAMES) -> Optimizing:
    name = draw(st.sampled_from(names))
    ways = ["usual", "none", "own", "coupled", "decoupled"]
    switches: dict[str, Any] = {"clip_norm": draw(st.booleans()), "ema": draw(st.booleans())}
    return Optimizing(optimizer=name, weight_decay=draw(st.sampled_from(ways)), **switches)


@cache
def sized(rank: int) -> Shape:
    return tuple(symbol(f"s{axis}") for axis in range(rank))


def numbers(work: Work, env: dict[str, int]) -> dict[str, Any]:
    return {kind: evaluate(n, env) for kind, n in work.items()}


@given(optimizing(), shapes, st.booleans())
def test_formulas_and_numbers_agree(rule: Optimizing, shape: tuple[int, ...], hidden: bool) -> None:
    env = {f"s{axis}": size for axis, size in enumerate(shape)}
    formula, number = (rule.each(Weight(s, hidden=hidden)) for s in (sized(len(shape)), shape))
    assert plus(numbers(formula.work, env)) == plus(number.work)
    assert evaluate(formula.elements, env) == number.elements
    assert formula.state.keys() == number.state.keys()


@given(optimizing(), st.integers(1, 50))
def test_formulas_and_numbers_agree_for_the_network(rule: Optimizing, params: int) -> None:
    formula, number = rule.once(symbol("P")), rule.once(params)
    assert plus(numbers(formula.work, {"P": params})) == plus(number.work)
    assert evaluate(formula.elements, {"P": params}) == number.elements
    assert evaluate(rule.passes(symbol("P")), {"P": params}) == rule.passes(params)


@given(optimizing(PLAIN), st.lists(shapes, min_size=1, max_size=4))
def test_elements_do_not_know_their_tensor(rule: Optimizing, tensors: list[tuple[int, ...]]) -> None:
    together = rule.each(Weight((sum(map(math.prod, tensors)),)))
    apart = [rule.each(Weight(shape)) for shape in tensors]
    assert plus(*(update.work for update in apart)) == plus(together.work)
    assert sum(evaluate(update.elements, {}) for update in apart) == together.elements


@given(optimizing(), shapes, st.integers(1, 50))
def test_counts_are_whole_positive_and_of_known_kinds(rule: Optimizing, shape: tuple[int, ...], params: int) -> None:
    for update in (rule.each(Weight(shape)), rule.once(params)):
        assert update.work.keys() <= KINDS.keys()
        assert all(isinstance(n, int) and n >= 0 for n in update.work.values())


@given(st.integers(1, 4), st.integers(1, 5), st.integers(1, 5))
def test_a_stack_of_experts_is_as_many_matrices_to_muon(count: int, rows: int, columns: int) -> None:
    muon = Optimizing(optimizer="muon", weight_decay="none")
    stacked, one = muon.each(Weight((count, rows, columns), stack=1)), muon.each(Weight((rows, columns)))
    assert plus(stacked.work) == plus(*[one.work] * count)
    assert stacked.elements == count * rows * columns


@given(st.integers(1, 6), st.integers(1, 6))
def test_muon_does_not_care_which_side_is_longer(rows: int, columns: int) -> None:
    muon = optimizer("muon")
    assert muon.each(Weight((rows, columns))).work == muon.each(Weight((columns, rows))).work


@pytest.mark.parametrize("name", NAMES)
def test_every_optimizer_states_its_rule(name: str) -> None:
    kind = optimizers()[name]
    doc = kind.__doc__ or ""
    assert all(f"    {heading}:" in doc for heading in ("Rule", "State", "Work", "Step", "Source"))
    assert kind.about and kind.decay in DECAYS
    assert optimizer(str(optimizer(name))) == optimizer(name)


def test_newtons_factor_and_solves_are_those_of_the_literature() -> None:
    p = symbol("P")
    assert 2 * optimizer("newton").once(p).work["mac"] == Fraction(1, 3) * p**3 + 2 * p**2 - Fraction(7, 3) * p


def test_the_two_loops_of_lbfgs_take_four_products_or_sums_for_each_step_kept() -> None:
    p, m = symbol("P"), symbol("m")
    work = Lbfgs(history=m).once(p).work
    vectors = {
        kind: work[kind] - (Lbfgs(history=1).once(p).work[kind] - _loops(p)[kind]) for kind in ("mac", "mul", "add")
    }
    assert vectors == {kind: m * n for kind, n in _loops(p).items()}


def _loops(p: Poly) -> dict[str, Poly]:
    """Return what one step kept adds: two products and two sums of vectors, and three operations on scalars."""
    return {"mac": 2 * p, "mul": 2 * p + 2, "add": 2 * p + 1}


@given(st.integers(1, 9), st.integers(1, 9))
def test_muons_products_add_what_its_authors_say(rows: int, columns: int) -> None:
    """To a layer's training FLOPs, 6 r c B, at most T m/B, m its lesser size: just that where it is square."""
    iterations, layer = 5, 6 * rows * columns
    flops = 2 * evaluate(optimizer("muon").each(Weight((rows, columns))).work["mac"], {})
    most = iterations * min(rows, columns) * layer  # T m/B of 6 r c B
    assert flops == most if rows == columns else flops < most
