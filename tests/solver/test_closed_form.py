"""The inverse as a formula agrees with the exact answer."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

from symcost.algebra.atoms import Part
from symcost.algebra.extent import ceil_div
from symcost.algebra.poly import Num, Poly, symbol
from symcost.solver import solve
from symcost.solver.closed_form import positive_root
from tests.solver.fake import C, H, resnet50

RESNET = resnet50()


@pytest.mark.parametrize("limit", [10**8, 2 * 10**9, 4_089_184_256, 10**15])
def test_the_floor_of_the_root_is_the_answer(limit: int) -> None:
    found = solve(RESNET, "C", f"macs <= {limit}")
    assert found.closed_form is not None
    values = {symbol: found.at.get(symbol.name, limit) for symbol in found.closed_form.free_symbols}
    assert sympy.floor(found.closed_form.subs(values).doit()) == found.answer


def test_the_formula_is_in_the_other_sizes_and_the_budget() -> None:
    root = solve(RESNET, "C", "params <= 10M").closed_form
    assert root is not None
    assert {symbol.name for symbol in root.free_symbols} == {"K", "budget"}
    budget, k = (next(s for s in root.free_symbols if s.name == name) for name in ("budget", "K"))
    size = sympy.Symbol("C", positive=True)
    assert sympy.expand((5724 * size**2 + (32 * k + 977) * size + k).subs(size, root) - budget) == 0


def test_it_is_worked_out_once() -> None:
    found = solve(RESNET, "K", "macs <= 5G")
    assert found.closed_form is found.closed_form
    assert solve(RESNET, "H", "macs <= 2G").closed_form is None


def test_the_budget_that_binds_gives_the_formula() -> None:
    both = solve(RESNET, "C", ["macs <= 2G", "params <= 10M"])
    assert both.closed_form == solve(RESNET, "C", "params <= 10M").closed_form


def test_a_divided_size_counts_as_the_size() -> None:
    part = Poly({((Part.of("C", 4), 2),): 1})
    assert str(positive_root(part * 32 + H, "C")) == str(positive_root(2 * C**2 + H, "C"))


NONE: list[Num] = [5, H, C**3, H - C, C**-1, C * ceil_div(C, 2), H * C**2 - C**2, C * H**-1 - C]


@pytest.mark.parametrize("formula", NONE)
def test_other_formulas_have_none(formula: Num) -> None:
    assert positive_root(formula, "C") is None


def test_a_linear_formula_is_divided() -> None:
    alpha = symbol("alpha", "ratio")
    assert str(positive_root(Fraction(3, 2) * alpha * H + 1, "alpha")) == "2*(budget - 1)/(3*H)"
