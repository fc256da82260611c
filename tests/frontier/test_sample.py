"""The sample of a grid: about as large as meant, the same for numbers and arrays, spread over the grid."""

from __future__ import annotations

import pytest

from symcost.frontier.sample import SAMPLE, kept, share_of

np = pytest.importorskip("numpy")


@pytest.mark.parametrize("size", [1, 7, SAMPLE, 3 * SAMPLE, 200_000])
def test_its_size(size: int) -> None:
    share = share_of(size)
    places = [place for place in range(size) if kept(place, share)]
    assert places == np.nonzero(kept(np.arange(size, dtype=np.uint64), share, np.uint64))[0].tolist()
    assert len(places) == size if size <= SAMPLE else abs(len(places) - SAMPLE) < SAMPLE // 10
    if size == 200_000:  # as many in each tenth, and of each last digit
        for digit in range(10):
            assert abs(sum(place // 20_000 == digit for place in places) - 200) < 60
            assert abs(sum(place % 10 == digit for place in places) - 200) < 60


def test_far_places() -> None:
    share = share_of(10**10)
    far = np.array([10**10 - 1, 2**62], dtype=np.uint64)
    assert kept(far, share, np.uint64).tolist() == [kept(10**10 - 1, share), kept(2**62, share)]
