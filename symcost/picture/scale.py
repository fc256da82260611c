"""Scales of axes: logarithmic where values go over decades, with round numbers and prefixes along them."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log2
from typing import TYPE_CHECKING, Any

from symcost.picture.numbers import BYTES, mark_of_bytes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DECADE = 10
LEAST = 0.01
"""From which on parts of one are written out: 0.25, and not 250 m."""
_FEW = 300
"""The ratio of ends below which 2 and 5 are marked between powers of ten."""
_MARKS = 6


def wide(values: Sequence[float]) -> bool:
    """Tell whether positive values cross a decade, so that a logarithmic scale shows them better."""
    return bool(values) and min(values) > 0 and max(values) / min(values) >= DECADE


def scale(ax: Axes, which: str, values: Sequence[float], unit: str = "") -> None:
    """Choose the scale of the axis ``x`` or ``y`` for values of a unit, and mark round numbers along it."""
    log = wide(values)
    (ax.set_xscale if which == "x" else ax.set_yscale)("log" if log else "linear")
    mark(ax.xaxis if which == "x" else ax.yaxis, values, unit, log=log)


def mark(axis: Any, values: Sequence[float], unit: str = "", *, log: bool | None = None) -> None:
    """Write round numbers along an axis: 2e9 as 2 G, 2**31 bytes as 2 GiB."""
    from matplotlib.ticker import EngFormatter, FuncFormatter, LogLocator, MaxNLocator, NullFormatter

    log = wide(values) if log is None else log
    if unit == BYTES:
        _mark_bytes(axis, values, log=log)
        axis.set_major_formatter(FuncFormatter(lambda x, _: mark_of_bytes(x)))
    else:
        if log:
            axis.set_major_locator(LogLocator(subs=(1, 2, 5) if max(values) / min(values) < _FEW else (1,)))
        elif values and all(value == int(value) for value in values):
            axis.set_major_locator(MaxNLocator(integer=True))
        prefixed = EngFormatter(sep=" ")
        axis.set_major_formatter(FuncFormatter(lambda x, at: f"{x:g}" if LEAST <= abs(x) < 1 else prefixed(x, at)))
    if log:
        axis.set_minor_formatter(NullFormatter())


def _mark_bytes(axis: Any, values: Sequence[float], *, log: bool) -> None:
    """Mark powers of two, or their multiples."""
    from matplotlib.ticker import LogLocator, MultipleLocator, NullLocator

    if log:
        apart = max(1, ceil(log2(max(values) / min(values)) / _MARKS))
        axis.set_major_locator(LogLocator(base=2**apart, numticks=2 * _MARKS))
        axis.set_minor_locator(NullLocator())
    elif values and max(values) > 0:
        long = max(values) - min(values) or max(values)
        axis.set_major_locator(MultipleLocator(2.0 ** ceil(log2(long / _MARKS))))
