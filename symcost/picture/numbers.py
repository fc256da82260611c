"""Numbers as pictures write and place them: near values of exact ones, with prefixes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symcost.errors import UsageError

_PREFIXES = ("", "k", "M", "G", "T", "P", "E", "Z", "Y", "R", "Q")
_BINARY = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB")
_LEAST = Fraction(1, 1000)
BYTES = "bytes"
"""The unit whose prefixes are powers of 1024."""


def near(x: int | Fraction) -> float:
    """Return the nearest number that a picture can place.

    Raises:
        UsageError: it is beyond all such.
    """
    try:
        return float(x)
    except OverflowError:
        raise UsageError("a picture shows numbers up to 1e308, and one is greater") from None


def amount(x: float | Fraction, unit: str = "") -> str:
    """Return an amount to three digits: ``4.09 GMACs``, ``97.5 MiB``, ``12 tokens``."""
    if unit == BYTES:
        return _with(x, 1024, _BINARY)
    text = _with(x, 1000, _PREFIXES)
    return text + ("" if not unit else unit if text[-1].isalpha() and _short(unit) else f" {unit}")


def mark_of_bytes(x: float) -> str:
    """Return bytes as they stand along an axis, where multiples of powers of two are exact: ``11.25 TiB``."""
    return _with(x, 1024, _BINARY, lambda size: f"{near(size):.8g}")


def share(x: float | Fraction) -> str:
    """Return a part of a whole in percent, to two digits below 10: ``7.3 %``, ``73 %``."""
    percent = float(x) * 100
    return "< 0.1 %" if 0 < percent < 0.05 else f"{percent:.1f} %" if percent < 9.95 else f"{percent:.0f} %"


def _short(unit: str) -> bool:
    """Tell whether a unit takes a prefix without a gap: MACs and FLOPs do, elements do not."""
    return unit[:1].isupper() and " " not in unit


def _with(
    x: float | Fraction, base: int, prefixes: tuple[str, ...], digits: Callable[[Fraction], str] | None = None
) -> str:
    size, power = abs(Fraction(x)), 0
    while power < len(prefixes) - 1 and round(size, 1 if size < 100 else 0) >= base:
        size, power = size / base, power + 1
    sign = "-" if x < 0 else ""
    return f"{sign}{(digits or _digits)(size)} {prefixes[power]}".rstrip()


def _digits(x: Fraction) -> str:
    """Return three digits, or as many as a whole number has."""
    if (x and x < _LEAST) or x >= 10**6:
        return f"{float(x):.3g}"
    if x.denominator == 1 or x >= 100:
        return f"{round(x)}"
    return f"{float(x):.3g}"
