"""Scales of channels, learned or made of the image: formulas on numbers that count, against the work that ops state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from symcost.ops.work import plus
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
    check(at("layer_scale", (2, 4, 3), shared=True).grad_weight, lambda g, x: (g * x).sum(), G, X)


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


FILTERS, GF, GAIN = RNG.normal(size=(4, 18)), RNG.normal(size=(4, 18)), RNG.normal(size=(4, 1))


def standard(x: Array) -> tuple[Array, Array]:
    """Return filters of mean 0 and variance 1, and 1/sqrt(variance + eps)."""
    n = x.shape[1]
    c = x - x.sum(axis=1, keepdims=True) / n
    r = 1 / each(sqrt, (c * c).sum(axis=1, keepdims=True) / n + 1e-6)
    return c * r, r


def scaled_filters(x: Array, gain: Array) -> Array:
    return np.asarray(standard(x)[0] * gain)


def filters_back(g: Array, x: Array, m: Array, r: Array, gain: Array) -> tuple[Array, Array]:
    y, h, n = (x - m) * r, g * gain, x.shape[1]
    s, t = h.sum(axis=1, keepdims=True) / n, (h * y).sum(axis=1, keepdims=True) / n
    return np.asarray((h - s - y * t) * r), np.asarray((g * y).sum(axis=1))


def test_std_conv2d() -> None:
    """Four filters of 18 numbers: what a training step does to them, beside what a convolution does."""
    plain, facts = (
        at("conv2d", (1, 2, 5, 5), out=4, kernel=3),
        at("std_conv2d", (1, 2, 5, 5), out=4, kernel=3, gain=True),
    )
    assert facts.work == plain.work
    m, r = GF[:, :1], GF[:, 1:2]
    made, back = counted_work(scaled_filters, FILTERS, GAIN), counted_work(filters_back, GF, FILTERS, m, r, GAIN)
    assert facts.grad_weight == plus(plain.grad_weight, made, back)
    check_gradient(
        lambda x: scaled_filters(x, GAIN),
        lambda g, x: filters_back(g, x, x.mean(axis=1, keepdims=True), standard(x)[1], GAIN)[0],
        FILTERS,
    )


LENGTHS = RNG.normal(size=(4, 1))


def lengthened(v: Array, length: Array) -> Array:
    return np.asarray(v * (length / norms(v)))


def norms(v: Array) -> Array:
    return each(sqrt, (v * v).sum(axis=1, keepdims=True))


def lengthened_back(g: Array, v: Array, norm: Array, factor: Array) -> tuple[Array, Array]:
    """Return the gradients of directions and lengths, from |v| and l/|v|."""
    to_length = (g * v).sum(axis=1, keepdims=True) / norm
    return np.asarray((g - v * (to_length / norm)) * factor), to_length


def test_weight_norm_conv1d() -> None:
    """Four filters of 18 numbers, 9 channels and 2 places: made in a training step, beside what a convolution does."""
    plain, facts = (at(tag, (1, 9, 5), out=4, kernel=2) for tag in ("conv1d", "weight_norm_conv1d"))
    assert facts.work == plain.work
    norm, factor = GF[:, :1], GF[:, 1:2]
    made = counted_work(lengthened, FILTERS, LENGTHS)
    back = counted_work(lengthened_back, GF, FILTERS, norm, factor)
    assert facts.grad_weight == plus(plain.grad_weight, made, back)
    check_gradient(
        lambda v: lengthened(v, LENGTHS),
        lambda g, v: lengthened_back(g, v, uncounted(norms(v)), LENGTHS / uncounted(norms(v)))[0],
        FILTERS,
    )
    apart = uncounted(norms(counted(FILTERS, Counter())))
    check_gradient(
        lambda length: np.asarray(FILTERS * (length / apart)),
        lambda g, length: lengthened_back(g, counted(FILTERS, Counter()), apart, length)[1],
        LENGTHS,
    )


def counted_work(formula: Callable[..., object], *values: Array) -> Counter[str]:
    tally: Counter[str] = Counter()
    formula(*(counted(value, tally) for value in values))
    return tally
