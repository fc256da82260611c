"""Sliding windows: the size relations that convolution and pooling share.

With reach e = d(K - 1) + 1 and padding p before and p' after, a window of stride s has
floor((x + p + p' - e)/s) + 1 places on x cells.

**Ceil mode.** torch rounds that quotient up, which lets the last window hang over the end by at most s - 1
cells, and then drops the last window if it would start at or beyond x + p, in the padding after the input.
With e >= p' this is one floor::

    floor((x + c)/s),  c = s - 1 + min(p + p' - e + s, p)

Proof. Rounding up gives n = ceil((x + p + p' - e)/s) + 1 = floor((x + p + p' - e + 2s - 1)/s) places, the
first bound of the minimum. The starts 0, s, 2s, ... below x + p are m = ceil((x + p)/s) = floor((x + p + s - 1)/s)
in number, the second bound. Window n starts at (n - 1)s. If that is below x + p then n <= m, and torch keeps n.
If not, then n > m, and torch takes n - 1. Window n - 1 starts at (n - 2)s < x + p + p' - e <= x + p, by what n
is and by e >= p', so n - 1 <= m and hence n - 1 = m. Both times torch takes min(n, m), and the lesser of two
floors of one divisor is the floor of the lesser numerator.

torch refuses pooling with 2p > K, and K <= e, so e >= p' = p holds wherever torch computes at all.

Source: Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning", relations 1 to 6;
ceil mode as torch computes it in ATen/native/Pool.h (pooling_output_shape).
"""

from functools import lru_cache
from typing import Any

from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.needs import AtLeast, Need
from symcost.algebra.poly import Num, constant
from symcost.ops.op import Refused

Pads = tuple[tuple[Num, Num], ...]


def spread(value: Any, axes: int, field: str) -> tuple[Any, ...]:
    """Return one value for every spatial axis, repeating a single one.

    Raises:
        Refused: a list of another length than the number of axes.
    """
    if not isinstance(value, tuple):
        return (value,) * axes
    if len(value) != axes:
        raise Refused(f"{field} has {len(value)} values for {axes} spatial axes; give 1 or {axes}")
    return value


def sides(padding: Any, axes: int) -> Pads:
    """Return padding before and after on every spatial axis, from one amount, one for each axis, or pairs."""
    return tuple(p if isinstance(p, tuple) else (p, p) for p in spread(padding, axes, "padding"))


def fixed(value: Num, field: str) -> int:
    """Return a field that must be a plain integer, because sizes are divided by it.

    Raises:
        Refused: the value depends on a symbol.
    """
    number = constant(value)
    if not isinstance(number, int):
        raise Refused(f"{field} is {value}, which depends on a symbol; make the symbol a constant")
    return number


def reach(kernel: Num, dilation: Num) -> Num:
    """Return how many cells a window spans, d(K - 1) + 1."""
    return dilation * (kernel - 1) + 1


@lru_cache(maxsize=1 << 12)
def slide(size: Num, kernel: Num, stride: Num, pads: tuple[Num, Num], dilation: Num = 1) -> Num:
    """Return the places of a window, floor((x + p + p' - e)/s) + 1; 1 for any stride where it covers all."""
    room = size + sum(pads) - reach(kernel, dilation)
    return 1 if room == 0 else floor_div(room, fixed(stride, "stride")) + 1


@lru_cache(maxsize=1 << 12)
def slide_up(size: Num, kernel: Num, stride: Num, pads: tuple[Num, Num], dilation: Num = 1) -> Num:
    """Return the places of a window in ceil mode, floor((x + c)/s) with the c of this module's docstring.

    Raises:
        Refused: which bound on the last window is the lesser depends on a symbol.
    """
    s = fixed(stride, "stride")
    rounded, started = sum(pads) - reach(kernel, dilation) + s, pads[0]
    starts_late = AtLeast(rounded - started, 0).decide({})
    if starts_late is None:
        raise Refused(f"ceil_mode with kernel_size {kernel} depends on a symbol; make the symbol a constant")
    return floor_div(size + s - 1 + (started if starts_late else rounded), s)


@lru_cache(maxsize=1 << 12)
def fits(size: Num, kernel: Num, pads: tuple[Num, Num], dilation: Num = 1, over: Num = 0) -> Need:
    """Return the condition that a window is no larger than its padded input and what it may hang ``over``.

    Raises:
        Refused: it is larger, whatever the symbols.
    """
    need = AtLeast(size + sum(pads) + over - reach(kernel, dilation), 0)
    if need.decide({}) is False:
        least = reach(kernel, dilation) - sum(pads) - over
        raise Refused(
            f"the window reaches over {reach(kernel, dilation)}, the padded input is {size + sum(pads)}; "
            f"the input must be at least {least}"
        )
    return need


@lru_cache(maxsize=1 << 12)
def same(size: Num, stride: Num) -> Num:
    """Return ceil(size / stride), the size that SAME padding gives."""
    return ceil_div(size, fixed(stride, "stride"))
