"""The laws of windows of attention, from the papers' definitions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tests.specs.naive.columns import whole
from tests.specs.naive.terms import Counting, Misfit, Shape, Value


def cut(sizes: Shape, window: Any, pad: bool, clip: bool) -> tuple[int, int]:
    """Return how many windows cover a map, and how many places each has."""
    each = window if isinstance(window, list) else [window] * len(sizes)
    lengths = [min(w, size) if clip else w for w, size in zip(each, sizes, strict=True)]
    if not pad and any(size % w for w, size in zip(lengths, sizes, strict=True)):
        raise Misfit(f"windows of {window} on {sizes}")
    return math.prod(-(-size // w) for w, size in zip(lengths, sizes, strict=True)), math.prod(lengths)


class Windows(Counting):
    """Windows and what is added to their scores; part of the laws of the layers."""

    def window_partition(
        self, ins: Value, window: Any, shift: Any = 0, pad: bool = True, clip: bool = False, grid: bool = False
    ) -> Value:
        ((B, *sizes, C),) = ins
        number, places = cut(tuple(sizes), window, pad, clip)
        return ((B * number, places, C),)

    def window_reverse(
        self, ins: Value, window: Any, size: Sequence[Any], shift: Any = 0, pad: bool = True, clip: bool = False,
        grid: bool = False,
    ) -> Value:  # fmt: skip
        ((N, given, C),) = ins
        number, places = cut(tuple(size), window, pad, clip)
        if given != places or N % number:
            raise Misfit(f"{ins} to {size}")
        return ((N // number, *size, C),)

    def pixel_unshuffle(self, ins: Value, downscale_factor: int) -> Value:
        ((*rest, C, H, W),) = ins
        if H % downscale_factor or W % downscale_factor:
            raise Misfit(f"squares of {downscale_factor} on {ins}")
        return ((*rest, C * downscale_factor**2, H // downscale_factor, W // downscale_factor),)

    def relative_position_bias(self, ins: Value, window: list[Any], symmetric: bool = False) -> Value:
        """Keep a number for each head and offset, -(w - 1) to w - 1 on every axis, or 0 to w - 1 without sign."""
        heads, places = ins[0][-3], math.prod(window)
        self._offsets(ins, places)
        self.totals.params += heads * math.prod(w if symmetric else 2 * w - 1 for w in window)
        self.totals.buffers += places * places
        return ins

    def one_hot_position_bias(self, ins: Value, window: list[Any]) -> Value:
        """Choose rows, then columns, of one table for each head by products with zeros and ones."""
        heads, (high, wide) = ins[0][-3], window
        if any(size != high * wide for size in ins[0][-2:]):
            raise Misfit(f"{window} places for {ins}")
        offsets = (2 * high - 1) * (2 * wide - 1)
        self.contract((heads, high, high, 2 * wide - 1), heads * offsets, heads * high * high * offsets)
        self.contract((heads, (high * wide) ** 2), 0, heads * (high * wide) ** 2 * (2 * wide - 1))
        self.totals.buffers += high * high * (2 * high - 1) + wide * wide * (2 * wide - 1)
        return ins

    def continuous_position_bias(
        self, ins: Value, window: list[Any], hidden: int = 512, bias: bool = False, bounded: bool = True
    ) -> Value:
        """Send every offset through two layers, once for all examples."""
        heads, places, axes = ins[0][-3], math.prod(window), len(window)
        offsets = math.prod(2 * w - 1 for w in window)
        self._offsets(ins, places)
        self.contract((offsets, hidden), hidden * axes + hidden, offsets * axes * hidden)
        self.contract((offsets, heads), heads * hidden + heads * bias, offsets * hidden * heads)
        self.totals.buffers += places * places + offsets * axes
        return ins

    def _offsets(self, ins: Value, places: int) -> None:
        if any(size > places for size in ins[0][-2:]) or not whole(places):
            raise Misfit(f"{places} places for {ins}")

    def scale(self, ins: Value) -> Value:
        return ins

    def normalize(self, ins: Value, dim: int = 1, p: int = 2) -> Value:
        return ins

    def star_relu(self, ins: Value) -> Value:
        self.totals.params += 2
        return ins

    def relative_position_logits(self, ins: Value, queries: list[Any], window: list[Any]) -> Value:
        """Multiply every query with a row for each offset in height and for each in width."""
        (*rest, T, q), (high, wide) = ins[0], window
        if math.prod(queries) != T:
            raise Misfit(f"{queries} places of {T}")
        for offsets in (2 * high - 1, 2 * wide - 1):
            self.contract((*rest, T, offsets), offsets * q, math.prod(rest) * T * q * offsets)
        return ((*rest, T, high * wide),)

    def unfold(self, ins: Value, kernel_size: int, stride: int = 1, padding: int = 0) -> Value:
        ((B, C, *sizes),) = ins
        if any(size + 2 * padding < kernel_size for size in sizes):
            raise Misfit(f"windows of {kernel_size} on {ins}")
        windows = math.prod((size + 2 * padding - kernel_size) // stride + 1 for size in sizes)
        return ((B, C * kernel_size**2, windows),)

    def fold(self, ins: Value, output_size: list[Any], kernel_size: int, stride: int = 1, padding: int = 0) -> Value:
        ((B, N, L),) = ins
        cells = kernel_size**2
        if N % cells or self.unfold(((1, 1, *output_size),), kernel_size, stride, padding) != ((1, cells, L),):
            raise Misfit(f"{ins} on {output_size}")
        return ((B, N // cells, *output_size),)
