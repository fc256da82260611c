"""Bins of boxes, spelled out on numbers that count, against the work that the op states."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import pytest

from symcost.ops.op import Refused
from tests.ops.apply import apply, make
from tests.ops.counting import Array, at, check, counted, uncounted

RNG = np.random.default_rng(5)
SIDE, RATIO, OUT = 6, 2, (2, 3)
MAPS, G = RNG.normal(size=(2, 2, SIDE, SIDE)), RNG.normal(size=(3, 2, *OUT))
BOXES = ((0, 0.6, 0.4, 4.1, 3.3), (1, 1.2, 0.8, 3.9, 4.4), (1, 0.1, 1.7, 2.2, 4.6))


def samples(box: tuple[float, ...], bin_at: tuple[int, int]) -> list[tuple[tuple[int, int], float]]:
    """Return the cells that a bin reads, with their weights: four for each of its samples."""
    _, left, top, right, bottom = box
    found = []
    for i, j in product(range(RATIO), repeat=2):
        y = top + (bin_at[0] + (i + 0.5) / RATIO) * (bottom - top) / OUT[0]
        x = left + (bin_at[1] + (j + 0.5) / RATIO) * (right - left) / OUT[1]
        row, column = int(y), int(x)
        for down, along in product((0, 1), repeat=2):
            weight = abs(1 - down - (y - row)) * abs(1 - along - (x - column))
            found.append(((row + down, column + along), weight))
    return found


def bins() -> list[tuple[int, int, int, int]]:
    return list(product(range(len(BOXES)), range(MAPS.shape[1]), range(OUT[0]), range(OUT[1])))


def align(maps: Array) -> Array:
    out = np.empty((len(BOXES), maps.shape[1], *OUT), dtype=object)
    for n, c, y, x in bins():
        first, *rest = (maps[BOXES[n][0], c][cell] * weight for cell, weight in samples(BOXES[n], (y, x)))
        out[n, c, y, x] = sum(rest, first) / RATIO**2
    return out


def back(g: Array, maps: Array) -> Array:
    out = maps.copy()
    for n, c, y, x in bins():
        share = g[n, c, y, x] / RATIO**2
        for cell, weight in samples(BOXES[n], (y, x)):
            out[BOXES[n][0], c][cell] = share * weight + out[BOXES[n][0], c][cell]
    return out


def test_roi_align() -> None:
    facts = at("roi_align", MAPS.shape, (len(BOXES), 5), output_size=list(OUT), sampling_ratio=RATIO)
    check(facts.work, align, MAPS)
    check(facts.grad_input, back, G, np.zeros(MAPS.shape))


def test_a_plane_is_read_off_at_the_middle_of_each_bin() -> None:
    """Samples lie even around the middle of a bin, and interpolation is exact on a plane."""
    rows = np.broadcast_to(np.arange(SIDE, dtype=float)[:, None], MAPS.shape).copy()
    _, _, top, _, bottom = BOXES[0]
    middles = [top + (y + 0.5) * (bottom - top) / OUT[0] for y in range(OUT[0])]
    found = uncounted(align(counted(rows, Counter())))
    assert np.allclose(found[0, 0], np.array(middles)[:, None])


def test_boxes_have_five_numbers() -> None:
    with pytest.raises(Refused) as caught:
        apply(make("roi_align", {"output_size": 7, "sampling_ratio": 2}), ((1, 2, 8, 8), (3, 4)))
    assert str(caught.value) == "takes boxes (n, 5) of an image's number and two corners, got (3, 4)"
