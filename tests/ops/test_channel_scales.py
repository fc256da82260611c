"""Scales of channels, learned or made of the image: formulas on numbers that count, against the work that ops state."""

from __future__ import annotations

from collections import Counter

import numpy as np

from tests.ops.counting import Array, at, check, check_gradient, counted, each, sqrt, uncounted

RNG = np.random.default_rng(11)
X, G, W, BIAS = (RNG.normal(size=size) for size in ((2, 4, 3), (2, 4, 3), 3, 3))
"""Two images of four places and three channels."""


def test_layer_scale() -> None:
    facts = at("layer_scale", (2, 4, 3), dim=-1)
    check(facts.work, lambda x, w: x * w, X, W)
    check(facts.grad_input, lambda g, w: g * w, G, W)
    check(facts.grad_weight, lambda g, x: (g * x).sum(axis=(0, 1)), G, X)
    assert at("layer_scale", (2, 3, 2, 2)).work == facts.work


def shares(x: Array) -> tuple[Array, Array, Array]:
    """Return the norms of the channels, their mean, and the first by the second."""
    s = each(sqrt, (x * x).sum(axis=1, keepdims=True))
    d = s.sum(axis=2, keepdims=True) / s.shape[2] + 1e-6
    return s, d, s / d


def response(x: Array, w: Array, b: Array) -> Array:
    _, _, r = shares(x)
    return np.asarray(x + (x * r * w + b))


def response_back(g: Array, x: Array, w: Array, s: Array, d: Array, r: Array) -> Array:
    h = g * w
    u = (h * x).sum(axis=1, keepdims=True)
    v = (u - (u * r).sum(axis=2, keepdims=True) / s.shape[2]) / d
    return np.asarray(g + h * r + x * (v / s))


def test_global_response_norm() -> None:
    facts = at("global_response_norm", (2, 4, 3))
    s, d, r = map(uncounted, shares(counted(X, Counter())))
    check(facts.work, response, X, W, BIAS)
    check(facts.grad_input, response_back, G, X, W, s, d, r)
    check(facts.grad_weight, lambda g, x, r: ((g * (x * r)).sum(axis=(0, 1)), g.sum(axis=(0, 1))), G, X, r)
    check_gradient(lambda x: response(x, W, BIAS), lambda g, x: response_back(g, x, W, *shares(x)), X)
