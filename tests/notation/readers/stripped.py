"""A reader of formulas in MathML whose tags a viewer has taken out: what is left is a line of text."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tests.notation.readers.rounding import make_divisible

_SIGNS = {"−": "-", "·": "*", "\u2062": "", "\u2061": "", "⌈": "math.ceil(", "⌉": ")", "⌊": "math.floor(", "⌋": ")"}
_ROUND = re.compile(r"round_(\d+)(?:,(\d+))?\(")


def value(html: str, env: Mapping[str, Fraction]) -> Fraction:
    """Return the value of what is left of a formula without its tags, as Python, whose signs it is written in."""
    text = re.sub("<[^>]*>", "", html)
    text = re.sub("|".join(_SIGNS), lambda sign: _SIGNS[sign[0]], text)
    text = _ROUND.sub(lambda rule: f"rounded({rule[1]}, {rule[2] or rule[1]}, ", text)
    text = re.sub(r"(?<![\w.])\d+", r"Fraction(\g<0>)", text)
    known: dict[str, Any] = {"math": math, "Fraction": Fraction, "max": max, "min": min, "gcd": _gcd, "rounded": _round}
    return Fraction(eval(text, {**known, **env}))  # noqa: S307


def _gcd(a: Fraction, b: Fraction) -> Fraction:
    assert a.denominator == b.denominator == 1
    return Fraction(math.gcd(a.numerator, b.numerator))


def _round(divisor: Fraction, least: Fraction, v: Fraction) -> Fraction:
    return make_divisible(v, int(divisor), int(least))
