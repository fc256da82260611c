"""Blocks of a grid: each point in one of them, none too large."""

from __future__ import annotations

from itertools import product

import pytest

from symcost.batch import blocks


@pytest.mark.parametrize("lengths", [(1,), (7,), (3, 5), (4, 1, 6), (2, 3, 4, 5), (10, 1)])
@pytest.mark.parametrize("points", [1, 2, 5, 7, 24, 1000])
def test_every_point_is_in_one_block(lengths: tuple[int, ...], points: int) -> None:
    found = list(blocks(lengths, points))
    assert all(len(block) <= points for block in found)
    places = [place for block in found for place in product(*(range(*span) for span in block.spans))]
    assert sorted(places) == list(product(*map(range, lengths)))


def test_a_large_grid_is_cut_as_it_is_asked_for() -> None:
    first = next(blocks((10**9, 10**9, 3, 4)))
    assert (first.shape, len(first)) == ((1, 10_922, 3, 4), 131_064)
