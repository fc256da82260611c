"""Rotations spelled out on numbers that count."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from symcost.ops.op import Refused
from tests.ops.counting import Array, at, check, check_gradient, counted, uncounted

RNG = np.random.default_rng(3)
TOKENS, WIDE = 5, 6
ANGLES = np.outer(np.arange(TOKENS), 1e4 ** (-np.arange(0, 4, 2) / 4))


def turn(x: Array, way: float = 1.0) -> Array:
    """Turn pairs of the first four of six elements of each token."""
    cos, sin = np.cos(ANGLES), way * np.sin(ANGLES)
    a, b = x[..., :2], x[..., 2:4]
    return np.asarray(np.concatenate((a * cos - b * sin, a * sin + b * cos, x[..., 4:]), axis=-1))


def test_work_is_that_of_the_rotation() -> None:
    x = RNG.normal(size=(3, TOKENS, WIDE))
    facts = at("rotary_embedding", x.shape, dim=4)
    check(facts.work, turn, x)
    check(facts.grad_input, lambda g: turn(g, -1.0), x)
    check_gradient(turn, lambda g, _: turn(g, -1.0), x)


def test_lengths_stay() -> None:
    x = RNG.normal(size=(TOKENS, WIDE))
    turned = uncounted(turn(counted(x, Counter())))
    assert np.allclose(np.linalg.norm(turned, axis=-1), np.linalg.norm(x, axis=-1))


@pytest.mark.parametrize(("dim", "reason"), [(3, "asks for 2 divides 3"), (8, "asks for")])
def test_refusals(dim: int, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        at("rotary_embedding", (TOKENS, WIDE), dim=dim)
