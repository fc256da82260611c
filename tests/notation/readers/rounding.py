"""The rounding rule of channels in torchvision, word for word but for exact numbers."""

from __future__ import annotations

from fractions import Fraction


def make_divisible(v: Fraction, divisor: int, min_value: int) -> Fraction:
    """Return torchvision's ``_make_divisible``; ``int`` of a positive number rounds down."""
    new_v = max(min_value, int(v + Fraction(divisor, 2)) // divisor * divisor)
    if new_v < Fraction(9, 10) * v:
        new_v += divisor
    return Fraction(new_v)
