"""Sliders: around where they start, on values that the network allows."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from symcost import load
from symcost.catalog import files
from symcost.explorer.sliders import slider


@pytest.mark.parametrize("path", files()[::9], ids=lambda path: path.stem)
def test_sliders_hold_where_they_start_and_end_where_the_network_allows(path: Path) -> None:
    cost = load(str(path)).cost()
    env = cost.bindings()
    for name, declared in cost.symbols.items():
        low, high, notch = slider(name, declared, cost.graph.needs, env)
        assert low <= env[name] <= high
        assert {(Fraction(end) / notch).denominator for end in (low, high, env[name])} == {1}
        for end in (low, high):
            assert cost.bindings({**env, name: end})


@pytest.mark.parametrize(
    ("network", "symbol", "expected"),
    [
        ("resnet50", "H", (1, 1792, 1)),
        ("mobilenet_v1", "alpha", (Fraction(1, 32), 8, Fraction(1, 32))),
        ("swin_t", "C", (3, 768, 3)),
        ("unet_valid", "C", (1, 512, 1)),
        ("odd", "C", (8, 384, 4)),
        ("odd", "n", (1, 40, 1)),
    ],
)
def test_ranges_of_known_networks(network: str, symbol: str, expected: tuple[Any, ...]) -> None:
    """Of alpha only multiples of 1/32 leave 32 alpha channels whole; three heads divide C."""
    odd = Path(__file__).with_name("odd.yaml")
    cost = load(odd if network == "odd" else network).cost()
    assert slider(symbol, cost.symbols[symbol], cost.graph.needs, cost.bindings()) == expected
