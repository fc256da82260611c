"""Arithmetic, reductions, interpolation: formulas on arrays of numbers that count, against the work that ops state."""

from __future__ import annotations

import numpy as np
import pytest

from tests.ops.counting import Array, at, check

RNG = np.random.default_rng(11)
X, W = RNG.normal(size=(4, 6)), RNG.normal(size=6)


def summed_to(g: Array, shape: tuple[int, ...]) -> Array:
    """Sum a gradient over the axes along which its input was stretched."""
    own = (1,) * (g.ndim - len(shape)) + shape
    for i, (mine, size) in enumerate(zip(own, g.shape, strict=True)):
        if mine == 1 and size != 1:
            g = g.sum(axis=i, keepdims=True)
    return g


@pytest.mark.parametrize(("left", "right"), [((2, 3), (2, 3)), ((2, 3), (1,)), ((4, 1, 3), (2, 1)), ((1, 3), (2, 1))])
def test_arithmetic(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    a, b = RNG.normal(size=left), RNG.uniform(1, 2, size=right)
    g = RNG.normal(size=(a + b).shape)
    check(at("add", left, right).work, lambda a, b: a + b, a, b)
    check(at("sub", left, right).work, lambda a, b: a - b, a, b)
    check(at("mul", left, right).work, lambda a, b: a * b, a, b)
    check(at("div", left, right).work, lambda a, b: a / b, a, b)
    check(at("maximum", left, right).work, np.maximum, a, b)
    check(at("add", left, right).grad_input, lambda g: (summed_to(g, left), summed_to(g, right)), g)
    check(
        at("mul", left, right).grad_input,
        lambda g, a, b: (summed_to(g * b, left), summed_to(g * a, right)),
        g, a, b,
    )  # fmt: skip
    check(at("div", left, right).grad_input, lambda g, a, b: quotient_back(g, a, b, left, right), g, a, b)


def quotient_back(g: Array, a: Array, b: Array, left: tuple[int, ...], right: tuple[int, ...]) -> tuple[Array, Array]:
    t = g / b
    return summed_to(t, left), summed_to(-(t * (a / b)), right)


def test_quotient_gradient() -> None:
    b = RNG.uniform(1, 2, size=(2, 3))
    a, g = RNG.normal(size=(2, 3)), RNG.normal(size=(2, 3))
    da, db = quotient_back(g, a, b, (2, 3), (2, 3))
    assert da == pytest.approx(g / b)
    assert db == pytest.approx(-g * a / b**2)


def test_three_factors_keep_the_product_of_two() -> None:
    facts = at("mul", (2, 3), (3,), (2, 3))
    check(facts.work, lambda a, b, c: a * b * c, X[:2, :3], W[:3], X[2:, 3:])
    assert [(kept.what, kept.index, kept.shape) for kept in facts.keeps] == [
        ("input", 0, ()),
        ("input", 1, ()),
        ("join 1", 0, (2, 3)),
        ("input", 2, ()),
    ]


def test_reductions() -> None:
    check(at("sum", (4, 6), dims=0).work, lambda x: x.sum(axis=0), X)
    check(at("mean", (4, 6), dims=1).work, lambda x: x.sum(axis=1) / 6, X)
    check(at("amax", (4, 6), dims=[0, 1]).work, lambda x: x.max(axis=1).max(axis=0), X)
    check(at("amin", (4, 6), dims=1).work, lambda x: x.min(axis=1), X)
    check(at("mean", (4, 6), dims=1).grad_input, lambda g: g / 6, W[:4])


def interpolate(cells: Array, weights: Array) -> Array:
    """Sum t x ... x t cells with weights along one axis after the other, from the last."""
    for _ in range(cells.ndim):
        cells = np.asarray((cells * weights).sum(axis=-1))
    return cells


def spread(g: Array, weights: Array, axes: int) -> Array:
    """Return the transpose: what one gradient adds to each cell."""
    for _ in range(axes):
        g = g[..., None] * weights
    return g


@pytest.mark.parametrize(
    ("mode", "axes", "taps"), [("linear", 1, 2), ("bilinear", 2, 2), ("trilinear", 3, 2), ("bicubic", 2, 4)]
)
def test_interpolation(mode: str, axes: int, taps: int) -> None:
    """One output cell: the grids are 1 x ... x 1. Weights are not made here, so that only their use counts."""
    facts = at("upsample", (1, 1, *[1] * axes), scale_factor=1, mode=mode)
    cells, weights = RNG.normal(size=(taps,) * axes), RNG.normal(size=taps)
    check(facts.work, lambda c: interpolate(c, weights), cells)
    check(facts.grad_input, lambda sums, g: sums + spread(g, weights, axes), cells, np.array(1.5))
