"""Every shipped network at random points: exact is what loops count, divisible is exact, smooth stays within bounds.

``python -m benchmarks.views`` does the same for ten thousand points of each.
"""

from __future__ import annotations

import random
from itertools import islice

import pytest

from symcost.errors import SpecError
from tests.specs.points import Tally, batches, specs

POINTS, BATCHES = 40, 60


@pytest.mark.parametrize("family", specs())
def test_views(family: str) -> None:
    tally, chance = Tally(), random.Random(family)  # noqa: S311 - the same ones in every run
    for batch in islice(batches(family, 20, chance), BATCHES):
        batch.tally(tally)
        if tally.wrong or (tally.admitted >= POINTS and tally.even > 2):
            break
    assert not tally.wrong
    assert tally.admitted >= POINTS, f"of {tally.admitted + tally.refused} points only {tally.admitted} were admitted"
    assert tally.even > 2, f"of {tally.admitted} points the divisible view holds on {tally.even} alone"
    assert tally.between > POINTS // 4


@pytest.mark.parametrize("family", ["resnet", "alexnet", "mobilenet_v2"])
def test_the_divisible_view_refuses_what_does_not_divide(family: str) -> None:
    batch = next(batches(family, 40, random.Random(family)))  # noqa: S311 - the same ones in every run
    view, refused = batch.views.divisible["macs"], 0
    for point in batch.points:
        env = {name: value for name, value in point.items() if name in view.graph.symbols}
        if not all(need.holds(env) for need in view.even):
            with pytest.raises(SpecError):
                view.at(**env)
            refused += 1
    assert refused
