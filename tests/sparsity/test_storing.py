"""Bits of sparse matrices, beside lists that are built and counted; break-even densities; printed tables."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost.algebra.poly import Num, evaluate, symbol
from symcost.sparsity.storing import Matrix, break_even, storages
from tests.sparsity.builders import BUILDERS, random_matrix, relative, two_of_four

R, C = symbol("R"), symbol("C")
STORAGES = storages()


def test_every_storage_has_a_builder_and_a_source() -> None:
    assert STORAGES.keys() == BUILDERS.keys() | {"relative"}
    assert all(storage.source and storage.about for storage in STORAGES.values())


@settings(max_examples=60, deadline=None)
@given(
    rows=st.integers(1, 9),
    columns=st.integers(1, 9),
    share=st.integers(0, 8),
    value=st.sampled_from([4, 8, 16, 32]),
    index=st.sampled_from([8, 16, 32, 64]),
)
def test_bits_are_those_of_what_is_stored(rows: int, columns: int, share: int, value: int, index: int) -> None:
    nonzeros = rows * columns * share // 8
    matrix = random_matrix(rows, columns, nonzeros, seed=share)
    for name in BUILDERS.keys() - {"2:4"}:
        told = STORAGES[name].bits(Matrix(R, C, symbol("n"), value, index))
        assert evaluate(told, {"R": rows, "C": columns, "n": nonzeros}) == BUILDERS[name](matrix, value, index), name


@pytest.mark.parametrize("value", [4, 8, 16, 32])
def test_two_of_four(value: int) -> None:
    """Half of the numbers, with two bits each: 9/16 of the bits at 16, 5/8 at 8."""
    matrix = two_of_four(6, 16, seed=3)
    told = evaluate(STORAGES["2:4"].bits(Matrix(6, 16, 48, value)), {})
    assert told == BUILDERS["2:4"](matrix, value, 32)
    assert Fraction(told) / (6 * 16 * value) == Fraction(value + 2, 2 * value)
    if value == 16:
        assert Fraction(told) / (6 * 16 * value) == Fraction(9, 16)


@pytest.mark.parametrize("nonzeros", [0, 1, 5, 40, 200, 256])
def test_long_distances_store_zeros(nonzeros: int) -> None:
    """What is told is exact where distances fit, and short of the zeros that stand in for those that do not."""
    matrix = random_matrix(16, 16, nonzeros, seed=nonzeros)
    bits, fillers = relative(matrix, 8, 4)
    assert bits == STORAGES["relative"].bits(Matrix(16, 16, nonzeros + fillers, 8, 4))
    wide, none = relative(matrix, 8, 9)
    assert none == 0 and wide == STORAGES["relative"].bits(Matrix(16, 16, nonzeros, 8, 9))


@pytest.mark.parametrize(
    ("name", "value", "index", "expected"),
    [
        ("csr", 32, 32, Fraction(1, 2) - Fraction(1, 2) * (R + 1) * R**-1 * C**-1),
        ("csc", 32, 32, Fraction(1, 2) - Fraction(1, 2) * (C + 1) * R**-1 * C**-1),
        ("csr", 16, 16, Fraction(1, 2) - Fraction(1, 2) * (R + 1) * R**-1 * C**-1),
        ("csr", 16, 32, Fraction(1, 3) - Fraction(2, 3) * (R + 1) * R**-1 * C**-1),
        ("coo", 32, 32, Fraction(1, 3)),
        ("bitmap", 32, 32, Fraction(31, 32)),
        ("bitmap", 8, 32, Fraction(7, 8)),
        ("relative", 5, 4, Fraction(5, 9)),
        ("dense", 32, 32, None),
        ("2:4", 16, 32, Fraction(8, 9)),
    ],
)
def test_break_even_is_derived(name: str, value: int, index: int, expected: Num | None) -> None:
    """Compressed rows are worth it below a half of the numbers, but for the begins of rows."""
    assert break_even(STORAGES[name], R, C, value, index) == expected


@pytest.mark.parametrize("name", ["csr", "csc", "coo", "bitmap"])
def test_break_even_is_where_lists_cross(name: str) -> None:
    share = break_even(STORAGES[name], 12, 20, 32, 32)
    assert isinstance(share, Fraction)
    for nonzeros in range(12 * 20 + 1):
        smaller = BUILDERS[name](random_matrix(12, 20, nonzeros, 0), 32, 32) < 12 * 20 * 32
        assert smaller == (Fraction(nonzeros, 12 * 20) < share)


ALEXNET = (
    ("conv1", 34_848, 96, 84, 8, "32.6"),
    ("conv2", 307_200, 256, 38, 8, "14.5"),
    ("conv3", 884_736, 384, 35, 8, "13.1"),
    ("conv4", 663_552, 384, 37, 8, "14.1"),
    ("conv5", 442_368, 256, 37, 8, "14.0"),
    ("fc6", 37_748_736, 4096, 9, 5, "3.0"),
    ("fc7", 16_777_216, 4096, 9, 5, "3.0"),
    ("fc8", 4_096_000, 1000, 25, 5, "7.3"),
)
"""Han, Mao and Dally 2016, Table 4: weights and biases of a layer, percent left, bits of a weight, percent of size."""


def _percent(weights: int, biases: int, left: Fraction, bits: int, *, filled: bool) -> Fraction:
    """Return what a layer comes to of its size in fp32: distances of 4 bits, a codebook, biases as they are.

    With ``filled``, zeros stand in for distances beyond 16, as many as random places would ask for.
    """
    far: Fraction = (1 - left) ** 16 if filled else Fraction(0)
    nonzeros = left * weights / (1 - far)
    stored = evaluate(STORAGES["relative"].bits(Matrix(1, weights, nonzeros, bits, 4)), {})
    book = 1 << bits
    return Fraction(100) * (stored + book * 32 + biases * 32) / (weights * 32 + biases * 32)


@pytest.mark.parametrize(("layer", "weights", "biases", "left", "bits", "printed"), ALEXNET, ids=str)
def test_deep_compression_of_alexnet(layer: str, weights: int, biases: int, left: int, bits: int, printed: str) -> None:
    """Every printed size lies between what nonzeros take and what they take with zeros for long distances."""
    half = Fraction(1, 2)
    low = _percent(weights, biases, (left - half) / 100, bits, filled=False)
    high = _percent(weights, biases, (left + half) / 100, bits, filled=True)
    assert low - Fraction(1, 20) <= Fraction(printed) <= high + Fraction(1, 20)
