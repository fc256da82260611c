"""Which designs of a grid are kept for pictures: a share of them, scattered, the same in whatever order they come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

SAMPLE = 2000
"""Designs to keep, about."""
_MASK = 2**64 - 1
_FACTORS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
"""Odd numbers that mix bits well, of SplitMix64 (Steele, Lea and Flood 2014)."""


def share_of(size: int) -> int:
    """Return the share of a grid that is kept, in parts of 2**64."""
    return _MASK if size <= SAMPLE else (SAMPLE << 64) // size


def kept(place: Any, share: int, word: Callable[[int], Any] = int) -> Any:
    """Tell whether the design at a place is kept, or which of an array of unsigned 64-bit words ``word`` are."""
    mask, x = word(_MASK), place + word(1)
    for factor, shift in zip(_FACTORS, (31, 29), strict=True):
        x = (x * word(factor)) & mask
        x = x ^ (x >> word(shift))
    return x <= word(share)
