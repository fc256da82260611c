"""Scales after a number, as in 15T, 25.5 M, 2e9 and 16Gi.

The grammar::

    number = digits, with single _ between them, a fraction part and an exponent: 2_000, 25.5, 2e9
    scale  = k M G T P E (powers of 1000) | Ki Mi Gi Ti Pi Ei (powers of 1024)
"""

from __future__ import annotations

import re

from symcost.errors import quoted

SCALES: dict[str, int] = {letter: 1000**power for power, letter in enumerate("kMGTPE", 1)}
SCALES |= {f"{letter}i": 1024**power for power, letter in enumerate("KMGTPE", 1)}
NUMBER = re.compile(r"(\d(?:_?\d)*(?:\.\d(?:_?\d)*)?)(?:[eE]([+-]?\d+))?\s*(.*)", re.ASCII)
"""Digits, an exponent, and what follows."""


def parted(text: str) -> tuple[str, int]:
    """Return the text before a scale, and what the scale stands for; the whole text and 1 where there is none.

    Raises:
        ValueError: a number has letters after it that are no scale.
    """
    found = NUMBER.fullmatch(text.strip())
    tail = found[3] if found else ""
    if not tail.isalpha():
        return text, 1
    number = text.strip().removesuffix(tail).rstrip()
    if tail not in SCALES:
        hint = "; a billion is G" if tail == "B" else ""
        scales = " ".join(SCALES)
        raise ValueError(f"{quoted(tail)} is not a scale ({scales}){hint}; a product is {quoted(f'{number}*{tail}')}")
    return number, SCALES[tail]
