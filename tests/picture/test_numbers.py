"""Numbers as pictures write them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symcost.errors import UsageError
from symcost.picture.numbers import amount, mark_of_bytes, near, share


@pytest.mark.parametrize(
    ("x", "unit", "text"),
    [
        (0, "", "0"),
        (999, "", "999"),
        (1000, "MACs", "1 kMACs"),
        (999_999, "MACs", "1 MMACs"),
        (4_089_184_256, "MACs", "4.09 GMACs"),
        (25_557_032, "params", "25.6 M params"),
        (12, "tokens", "12 tokens"),
        (10**30, "FLOPs", "1 QFLOPs"),
        (10**36, "", "1e+06 Q"),
        (512, "bytes", "512 bytes"),
        (1024, "bytes", "1 KiB"),
        (2**30 * 3 // 2, "bytes", "1.5 GiB"),
        (2**40 - 1, "bytes", "1 TiB"),
        (Fraction(1, 3), "", "0.333"),
        (Fraction(1, 30_000), "", "3.33e-05"),
        (-2_500, "", "-2.5 k"),
    ],
)
def test_amounts(x: int | Fraction, unit: str, text: str) -> None:
    assert amount(x, unit) == text


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0, "0.0 %"),
        (Fraction(1, 10_000), "< 0.1 %"),
        (Fraction(73, 1000), "7.3 %"),
        (Fraction(3, 4), "75 %"),
        (1, "100 %"),
    ],
)
def test_shares(x: int | Fraction, text: str) -> None:
    assert share(Fraction(x)) == text


def test_what_is_too_great_is_said() -> None:
    assert near(10**30) == 1e30
    with pytest.raises(UsageError) as none:
        near(10**400)
    assert str(none.value) == "a picture shows numbers up to 1e308, and one is greater"


def test_marks_of_bytes_are_exact() -> None:
    assert mark_of_bytes(11.25 * 2**40) == "11.25 TiB"
    assert [mark_of_bytes(x) for x in (0, 768, 2**30)] == ["0 bytes", "768 bytes", "1 GiB"]
