"""State spaces spelled out on numbers that count, forward and back, against the work that the ops state."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from symcost.ops.work import plus
from tests.ops.counting import Array, at, check_gradient, counted, each, exp, product, uncounted

RNG = np.random.default_rng(3)
B, T, D, N = 2, 4, 3, 5
Given = dict[str, Array]
SCAN = {"x": (B, T, D), "d": (B, T, D), "b": (B, T, N), "c": (B, T, N), "A": (D, N), "D": (D,)}


def sample(shapes: dict[str, tuple[int, ...]]) -> Given:
    return {name: np.asarray(RNG.uniform(0.2, 1, size=shape)) for name, shape in shapes.items()}


def count(values: Given, tally: Counter[str]) -> Given:
    return {name: counted(value, tally) for name, value in values.items()}


def free(values: Given) -> Given:
    return {name: uncounted(value) for name, value in values.items()}


# --- selective scan -----------------------------------------------------------------------------------------


def change(p: Given) -> tuple[Array, Array, Array]:
    """Return d x, the factors and the states after each step."""
    A, dx = -np.exp(uncounted(p["A"])), p["d"] * p["x"]
    factors = each(exp, p["d"][..., None] * A)
    h, states = np.zeros((B, D, N)), []
    for t in range(T):
        h = factors[:, t] * h + dx[:, t, :, None] * p["b"][:, t, None, :]
        states.append(h)
    return dx, factors, np.stack(states, axis=1)


def scan(p: Given) -> Array:
    _, _, states = change(p)
    y = np.stack([product(states[:, t], p["c"][:, t, :, None])[..., 0] for t in range(T)], axis=1)
    return np.asarray(y + p["D"] * p["x"])


def scan_back(g: Array, p: Given, made: tuple[Array, Array, Array]) -> tuple[Given, Given]:
    """Return the gradients of the inputs and of the weights, from d x, factors and states."""
    dx, factors, states = made
    A, c = -np.exp(uncounted(p["A"])), p["c"]
    before = np.concatenate([np.zeros((B, 1, D, N)), states[:, :-1]], axis=1)
    dh: list[Array] = []
    for t in reversed(range(T)):
        here = product(g[:, t, :, None], c[:, t, None, :])
        dh.append(here + dh[-1] * factors[:, t + 1] if dh else here)
    grads = np.stack(dh[::-1], axis=1)
    _ = grads[:, 0] * factors[:, 0]  # the gradient of the state before all steps, which is made and not used
    exponents = grads * before * factors
    ddx = (grads * p["b"][:, :, None, :]).sum(axis=-1)
    inputs = {
        "x": ddx * p["d"] + g * p["D"],
        "d": ddx * p["x"] + (exponents * A).sum(axis=-1),
        "b": (grads * dx[..., None]).sum(axis=2),
        "c": product(g[:, :, None, :], states)[:, :, 0],
    }
    weights = {"A": (exponents * p["d"][..., None]).sum(axis=(0, 1)) * A, "D": (g * p["x"]).sum(axis=(0, 1))}
    return inputs, weights


def test_scan_forward() -> None:
    p, tally = sample(SCAN), Counter[str]()
    scan(count(p, tally))
    assert tally == at("selective_scan", *list(SCAN.values())[:4]).work


@pytest.mark.parametrize("fused", [False, True])
def test_scan_backward(fused: bool) -> None:
    p, tally = sample(SCAN), Counter[str]()
    g = counted(RNG.normal(size=(B, T, D)), tally)
    dx, factors, states = change(count(p, tally if fused else Counter()))
    if not fused:
        dx = counted(p["d"], tally) * p["x"]
    scan_back(g, count(p, tally), (dx, factors, states))
    said = at("selective_scan", *list(SCAN.values())[:4], fused=fused)
    assert tally == plus(said.grad_input, said.grad_weight, said.again)
    assert said.grad_weight == {"mul": B * T * D * N + D * N + B * T * D, "add": (B * T - 1) * (D * N + D)}


@pytest.mark.parametrize("name", SCAN)
def test_scan_gradients_are_derivatives(name: str) -> None:
    p = sample(SCAN)

    def forward(x: Array) -> Array:
        return scan({**count(p, Counter()), name: x})

    def back(g: Array, x: Array) -> Array:
        values = {**count(p, Counter()), name: x}
        inputs, weights = scan_back(g, values, change(values))
        return {**inputs, **weights}[name]

    check_gradient(forward, back, p[name])
