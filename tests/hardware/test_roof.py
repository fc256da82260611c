"""The roofline, beside a search over batches and beside the formula of a net that is one product."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num, symbol
from symcost.calculus.crossing import crossover
from symcost.devices import device
from symcost.errors import NoAnswer
from symcost.hardware.roof import Roof, balance, critical_batch

b, k, n, r = map(symbol, "bknr")
SIDE = 8192


def work(b: int, k: int, n: int) -> int:
    return 2 * b * k * n


def size(b: int, k: int, n: int) -> int:
    return 2 * (b * k + k * n + b * n)


def test_of_an_h100_the_ridge_is_295_and_the_critical_batch_318() -> None:
    """As counted at the ridge cut off to 295; at 989 TFLOP/s over 3.35 TB/s, which is 295.2, it is 318.2."""
    printed = Fraction(989, 1000) / Fraction("3.35e-3")
    assert int(printed) == int(device("h100").ridge("bf16")) == 295
    assert critical_batch(295, SIDE, SIDE) == 318 and round(float(balance(295, SIDE, SIDE)), 1) == 317.9
    assert round(float(balance(printed, SIDE, SIDE)), 1) == 318.2
    assert round(float(balance(device("h100").ridge("bf16"), SIDE, SIDE)), 1) == 318.3


def test_the_formula_is_where_computing_and_moving_meet() -> None:
    """r k n/(k n - r (k + n)) comes out of 2 b k n and 2 (b k + k n + b n), and is not typed in."""
    computing: Num = 2 * b * k * n
    moving: Num = r * 2 * (b * k + k * n + b * n)
    (found,) = crossover(computing, moving, "b").closed_form
    K, N, R = sorted(found.free_symbols, key=str)
    assert sympy.simplify(found - R * K * N / (K * N - R * (K + N))) == 0


@given(st.integers(1, 400), st.integers(1, 400), st.integers(1, 60))
def test_the_critical_batch_is_the_first_that_computes_longer(k: int, n: int, ridge: int) -> None:
    assume(k * n > ridge * (k + n))
    first = critical_batch(ridge, k, n)
    assert work(first, k, n) >= ridge * size(first, k, n)
    assert first == 1 or work(first - 1, k, n) < ridge * size(first - 1, k, n)


def test_beside_large_matrices_it_is_the_ridge() -> None:
    assert [critical_batch(240, side, side) for side in (10**4, 10**6, 10**8)] == [253, 241, 241]


def test_a_small_matrix_is_never_bound_by_computing() -> None:
    with pytest.raises(NoAnswer) as caught:
        balance(295, 512, 512)
    assert str(caught.value) == (
        "no batch of a product with a 512 x 512 matrix is bound by computing: its bytes are more than 295 operations "
        "each make up for"
    )


def test_a_kernel_takes_the_longer_of_the_two() -> None:
    roof = Roof(100, 10)
    assert roof.seconds(50, 20) == 2 and roof.seconds(500, 20) == 5
    assert roof.seconds(50 * b, 20 * b, {"b": (1, None)}) == 2 * b
    assert roof.seconds(b * b, 10 * b, {"b": (1, None)}) == maximum((b * b * Fraction(1, 100), b), {"b": (1, None)})
