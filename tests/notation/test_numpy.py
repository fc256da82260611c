"""Generated NumPy functions are exact on arrays of any size of number: they never wrap."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from symcost import load
from symcost.algebra.poly import symbol
from symcost.notation.function import Argument, Function
from symcost.notation.numpy import numpy
from symcost.views.formula import formula
from tests.notation.test_programs import made

np = pytest.importorskip("numpy")


def test_gpt_does_not_wrap() -> None:
    cost = load("gpt2").cost()
    call = made(formula(cost, "flops").to("numpy"), "flops")
    env = {"B": 2**20, "T": 2048, "E": 12288, "h": 96, "L": 96, "V": 50257, "P": 2048}
    exact = cost.at(**env).flops
    assert exact > 2**63
    assert call(**env) == exact
    sizes = [1, 2**20, 10**12]
    large = call(**{**env, "B": np.array(sizes)})
    assert large.dtype == object
    assert large.tolist() == [cost.at(**{**env, "B": size}).flops for size in sizes]


def test_64_bits_are_used_where_they_do() -> None:
    call = made(formula(load("resnet50").cost(), "macs").to("numpy"), "macs")
    grid = call(H=np.arange(1, 65).reshape(-1, 1), C=np.array([8, 16], np.int32))
    assert grid.dtype == np.int64
    assert grid.shape == (64, 2)
    assert call() == 4_089_184_256


@pytest.mark.parametrize("power", range(60, 66))
def test_the_edge_of_64_bits(power: int) -> None:
    call = made(numpy(Function("f", 2 * symbol("A") - 5, {"A": Argument()})), "f")
    values = [2**power // 2 + i for i in range(-3, 4)]
    assert call(np.array(values, object)).tolist() == [2 * v - 5 for v in values]
    assert call(A=-values[0]) == -2 * values[0] - 5


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint64", "int64", "object"])
def test_every_kind_of_whole_number_is_taken(dtype: str) -> None:
    call = made(numpy(Function("f", symbol("A") ** 9, {"A": Argument()})), "f")
    assert call(np.array([3, 100], dtype)).tolist() == [3**9, 100**9]
    assert call(np.array(100, dtype)) == 100**9


def test_results_have_the_shape_of_all_sizes_together() -> None:
    call = made(numpy(Function("f", symbol("A") ** 2, {"A": Argument(), "B": Argument(default=1)})), "f")
    assert call(np.ones((3, 1), int), np.ones(4, int)).shape == (3, 4)
    assert isinstance(call(3), np.int64)
    assert type(call(10**30)) is int


def test_no_sizes_give_no_values() -> None:
    call = made(numpy(Function("f", symbol("A") ** 2, {"A": Argument()})), "f")
    assert call(np.array([], int)).tolist() == []


@pytest.mark.parametrize("wrong", [1.5, np.array([1.0, 2.0]), "7", None, Fraction(1, 2)])
def test_other_numbers_are_refused(wrong: Any) -> None:
    call = made(numpy(Function("f", symbol("A") ** 2, {"A": Argument()})), "f")
    with pytest.raises(TypeError, match="cannot be interpreted as an integer"):
        call(wrong)
