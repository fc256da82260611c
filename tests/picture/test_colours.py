"""Colours that all eyes tell apart: by simulation, and with other signs beside."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from symcost.picture.colours import COMPUTING, MOVING, SAFE, sign

np = pytest.importorskip("numpy")

# Machado, Oliveira and Fernandes 2009, table of matrices, severity 1.0, on linear RGB
DEFICIENT = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}
LEAST = 10
"""Distance in CIELAB that side by side nobody overlooks."""


@pytest.mark.parametrize("eyes", DEFICIENT)
def test_all_eyes_tell_neighbours_apart(eyes: str) -> None:
    seen = [lab(np.clip(np.array(DEFICIENT[eyes]) @ linear(colour), 0, 1)) for colour in SAFE]
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(one - other) > LEAST
    moving, computing = (lab(np.clip(np.array(DEFICIENT[eyes]) @ linear(c), 0, 1)) for c in (MOVING, COMPUTING))
    assert np.linalg.norm(moving - computing) > LEAST / 2


def test_without_colour_other_signs_are_left() -> None:
    signs = [sign(i) for i in range(21)]
    assert len({(s.colour, s.hatch) for s in signs}) == len({(s.colour, s.marker) for s in signs}) == 21
    assert len({s.hatch for s in signs[:7]}) == len({s.marker for s in signs[:7]}) == 7
    for s in signs:
        light = [float(np.array([0.2126, 0.7152, 0.0722]) @ linear(c)) for c in (s.colour, s.words)]
        assert (max(light) + 0.05) / (min(light) + 0.05) >= 4.5, "words upon it are read (WCAG 2.2, 1.4.3)"


def linear(colour: str) -> Any:
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb: Any) -> Any:
    """Return CIELAB under D65."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    f = np.cbrt(to_xyz @ rgb / np.array([0.9505, 1.0, 1.089]))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])
