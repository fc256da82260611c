"""Normalisation and gating: formulas on arrays of numbers that count, against the work that ops state."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from symcost.ops.facts import Facts, Work
from symcost.ops.work import plus
from tests.ops.counting import (
    Array,
    Counted,
    at,
    check,
    check_gradient,
    counted,
    each,
    exp,
    log,
    plain,
    sqrt,
    uncounted,
    where,
)

RNG = np.random.default_rng(7)


def softmax(x: Array) -> Array:
    e = each(exp, x - x.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def softmax_back(g: Array, y: Array) -> Array:
    return np.asarray(y * (g - (g * y).sum(axis=-1, keepdims=True)))


def log_softmax(x: Array) -> Array:
    shifted = x - x.max(axis=-1, keepdims=True)
    return np.asarray(shifted - each(log, each(exp, shifted).sum(axis=-1, keepdims=True)))


def log_softmax_back(g: Array, y: Array) -> Array:
    return np.asarray(g - each(exp, y) * g.sum(axis=-1, keepdims=True))


def test_softmax() -> None:
    x, g = RNG.normal(size=(3, 5)), RNG.normal(size=(3, 5))
    check(at("softmax", (3, 5)).work, softmax, x)
    check(at("softmin", (3, 5)).work, lambda v: softmax(-v), x)
    check(at("softmax", (3, 5)).grad_input, softmax_back, g, uncounted(softmax(counted(x, Counter()))))
    check_gradient(softmax, lambda g, v: softmax_back(g, softmax(v)), x)


def test_log_softmax() -> None:
    x, g = RNG.normal(size=(3, 5)), RNG.normal(size=(3, 5))
    check(at("log_softmax", (3, 5)).work, log_softmax, x)
    check(at("log_softmax", (3, 5)).grad_input, log_softmax_back, g, uncounted(log_softmax(counted(x, Counter()))))
    check_gradient(log_softmax, lambda g, v: log_softmax_back(g, log_softmax(v)), x)


def moments(x: Array) -> tuple[Array, Array, Array]:
    """Return mean, centred values and 1/sqrt(variance + eps) of each row."""
    n = x.shape[-1]
    m = x.sum(axis=-1, keepdims=True) / n
    c = x - m
    return m, c, 1 / each(sqrt, (c * c).sum(axis=-1, keepdims=True) / n + 1e-5)


def normal(x: Array) -> Array:
    _, c, r = moments(x)
    return np.asarray(c * r)


def normal_back(g: Array, y: Array, scale: Array) -> Array:
    n = y.shape[-1]
    s, t = g.sum(axis=-1, keepdims=True) / n, (g * y).sum(axis=-1, keepdims=True) / n
    return np.asarray((g - s - y * t) * scale)


def through(facts: Facts) -> Work:
    """Return the whole work of the gradient of the input, with what it shares with those of the weights."""
    return plus(facts.grad_input, facts.shared)


def test_moments_gradient() -> None:
    check_gradient(normal, lambda g, v: normal_back(g, normal(v), moments(v)[2]), RNG.normal(size=(2, 5)))


X, G, M, R = RNG.normal(size=(4, 6)), RNG.normal(size=(4, 6)), RNG.normal(size=(4, 1)), RNG.uniform(1, 2, size=(4, 1))
W, BIAS = RNG.normal(size=6), RNG.normal(size=6)


def test_layer_norm() -> None:
    plain_norm, no_bias, full = (
        at("layer_norm", (4, 6), elementwise_affine=False),
        at("layer_norm", (4, 6), bias=False),
        at("layer_norm", (4, 6)),
    )
    check(plain_norm.work, normal, X)
    check(no_bias.work, lambda x, w: normal(x) * w, X, W)
    check(full.work, lambda x, w, b: normal(x) * w + b, X, W, BIAS)
    check(plain_norm.grad_input, lambda g, x, m, r: normal_back(g, (x - m) * r, r), G, X, M, R)
    check(through(full), lambda g, x, m, r, w: normal_back(g * w, (x - m) * r, r), G, X, M, R, W)
    check(full.grad_weight, lambda g, x, m, r: ((g * ((x - m) * r)).sum(axis=0), g.sum(axis=0)), G, X, M, R)
    check(no_bias.grad_weight, lambda g, x, m, r: (g * ((x - m) * r)).sum(axis=0), G, X, M, R)
    check(full.shared, lambda x, m, r: (x - m) * r, X, M, R)


def root_scale(x: Array) -> Array:
    return np.asarray(1 / each(sqrt, (x * x).sum(axis=-1, keepdims=True) / x.shape[-1] + 1e-5))


def rms(x: Array) -> Array:
    return np.asarray(x * root_scale(x))


def rms_back(g: Array, x: Array, r: Array) -> Array:
    y = x * r
    return np.asarray((g - y * ((g * y).sum(axis=-1, keepdims=True) / x.shape[-1])) * r)


def test_rms_norm() -> None:
    bare, scaled = at("rms_norm", (4, 6), elementwise_affine=False), at("rms_norm", (4, 6))
    check(bare.work, rms, X)
    check(scaled.work, lambda x, w: rms(x) * w, X, W)
    check(bare.grad_input, rms_back, G, X, R)
    check(through(scaled), lambda g, x, r, w: rms_back(g * w, x, r), G, X, R, W)
    check(scaled.grad_weight, lambda g, x, r: (g * (x * r)).sum(axis=0), G, X, R)
    check(scaled.shared, lambda x, r: x * r, X, R)
    check_gradient(rms, lambda g, v: rms_back(g, v, root_scale(v)), X)


def test_layer_norm_over_several_axes_is_one_over_their_product() -> None:
    assert at("layer_norm", (4, 2, 3), dims=2).work == at("layer_norm", (4, 6)).work


def test_group_norm() -> None:
    """Four examples and two groups of three channels: eight rows of three."""
    facts, bare = at("group_norm", (4, 6), num_groups=2), at("group_norm", (4, 6), num_groups=2, affine=False)
    rows = (8, 3)
    check(bare.work, lambda x: normal(x.reshape(rows)), X)
    check(facts.work, lambda x, w, b: normal(x.reshape(rows)).reshape(4, 6) * w + b, X, W, BIAS)
    m, r = RNG.normal(size=(8, 1)), RNG.uniform(1, 2, size=(8, 1))
    check(
        through(facts),
        lambda g, x, m, r, w: normal_back((g * w).reshape(rows), (x.reshape(rows) - m) * r, r),
        G, X, m, r, W,
    )  # fmt: skip
    check(facts.shared, lambda x, m, r: (x.reshape(rows) - m) * r, X, m, r)
    check(
        facts.grad_weight,
        lambda g, x, m, r: ((g * ((x.reshape(rows) - m) * r).reshape(4, 6)).sum(axis=0), g.sum(axis=0)),
        G, X, m, r,
    )  # fmt: skip


def test_instance_norm() -> None:
    """Two examples of two channels with six places: four rows of six."""
    facts, bare = at("instance_norm", (2, 2, 6), affine=True), at("instance_norm", (2, 2, 6))
    check(bare.work, normal, X)
    check(facts.work, lambda x, w, b: normal(x) * w + b, X, M, R)
    check(bare.grad_input, lambda g, x, m, r: normal_back(g, (x - m) * r, r), G, X, M, R)
    check(through(facts), lambda g, x, m, r, w: normal_back(g, (x - m) * r, r * w), G, X, M, R, M)
    check(facts.shared, sums_back, G, X, M, R)
    check(
        facts.grad_weight,
        lambda g, x, m, r: tuple(s.reshape(2, 2).sum(axis=0) for s in sums_back(g, x, m, r)),
        G, X, M, R,
    )  # fmt: skip


def sums_back(g: Array, x: Array, m: Array, r: Array) -> tuple[Array, Array]:
    """Return the gradients of one weight and one bias for each row."""
    return (g * ((x - m) * r)).sum(axis=-1), g.sum(axis=-1)


def test_batch_norm() -> None:
    """Four channels with six elements each, over batch and places."""
    facts = at("batch_norm", (2, 4, 3))
    check(facts.work, lambda x, scale, shift: x * scale + shift, X, M, R)
    check(through(facts), lambda g, x, m, r, w: normal_back(g, (x - m) * r, r * w), G, X, M, R, M)
    check(facts.grad_weight, sums_back, G, X, M, R)
    untracked = at("batch_norm", (2, 4, 3), track_running_stats=False)
    check(untracked.work, lambda x, w, b: normal(x) * w + b, X, M, R)
    assert facts.shared == facts.grad_weight


def test_batch_norm_that_only_shifts() -> None:
    facts = at("batch_norm", (2, 4, 3), scale=False, track_running_stats=False)
    check(facts.work, lambda x, b: normal(x) + b, X, R)
    check(through(facts), lambda g, x, m, r: normal_back(g, (x - m) * r, r), G, X, M, R)
    check(facts.grad_weight, lambda g: g.sum(axis=-1), G)


def test_folded_batch_norm_is_batch_norm() -> None:
    x, m, v, w, b = (
        RNG.normal(size=(5, 3)),
        RNG.normal(size=3),
        RNG.uniform(size=3),
        RNG.normal(size=3),
        RNG.normal(size=3),
    )
    scale = w / np.sqrt(v + 1e-5)
    assert x * scale + (b - m * scale) == pytest.approx((x - m) / np.sqrt(v + 1e-5) * w + b)


def gate(x: Array) -> Array:
    a, b = np.split(x, 2, axis=-1)
    return np.asarray(a * (1 / (1 + each(exp, -b))))


def gate_back(g: Array, x: Array) -> Array:
    a, b = np.split(x, 2, axis=-1)
    s = 1 / (1 + each(exp, -b))
    gs = g * s
    return np.concatenate([gs, gs * (1 - s) * a], axis=-1)


def test_glu() -> None:
    check(at("glu", (4, 6)).work, gate, X)
    check(at("glu", (4, 6)).grad_input, gate_back, G[:, :3], X)
    check_gradient(gate, gate_back, X)


def test_prelu() -> None:
    """The comparison made for the input's gradient serves the slope's."""
    facts = at("prelu", (4, 6), num_parameters=6)
    choose = np.vectorize(lambda x, scaled: where(x > 0, x, scaled), otypes=[object])
    negative = np.vectorize(lambda x, gx: where(plain(x) > 0, Counted(0, gx.tally), gx), otypes=[object])
    check(facts.work, lambda x, w: choose(x, w * x), X, W)
    check(facts.grad_input, lambda x, g, w: choose(x, w * g), X, G, W)
    check(facts.grad_weight, lambda x, g: negative(x, g * x).sum(axis=0), X, G)
