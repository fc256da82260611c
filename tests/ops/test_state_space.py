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


# --- state space dual ---------------------------------------------------------------------------------------

STEPS, Q, HEADS, GROUPS, P, STATES = 5, 3, 4, 2, 2, 3
CHUNKS = 2
SHARED = HEADS // GROUPS
DUAL = {
    "x": (B, STEPS, HEADS, P), "d": (B, STEPS, HEADS), "b": (B, STEPS, GROUPS, STATES), "c": (B, STEPS, GROUPS, STATES),
    "A": (HEADS,), "D": (HEADS,),
}  # fmt: skip


def tally_of(x: Array) -> Counter[str]:
    found: Counter[str] = x.flat[0].tally
    return found


def chunked(x: Array) -> Array:
    """Return (B, T, ...) filled up with zeros, as (B, chunks, heads, Q, ...)."""
    zeros = counted(np.zeros((B, CHUNKS * Q - STEPS, *x.shape[2:])), tally_of(x))
    whole = np.concatenate([x, zeros], axis=1).reshape(B, CHUNKS, Q, *x.shape[2:])
    return np.moveaxis(whole, 2, 3)


def joined(x: Array) -> Array:
    """Return (B, chunks, heads, Q, ...) as (B, T, ...) again."""
    return np.moveaxis(x, 3, 2).reshape(B, CHUNKS * Q, HEADS, *x.shape[4:])[:, :STEPS]


def turned(x: Array) -> Array:
    return np.swapaxes(x, -1, -2)


def apart(sums: Array) -> Array:
    """Return exp of the difference of every two, where the first is not before the second, and 0 elsewhere."""
    size = sums.shape[-1]
    made = each(exp, sums[..., :, None] - sums[..., None, :])
    return np.where(np.tri(size, dtype=bool), made, counted(np.zeros(made.shape), tally_of(sums)))


def apart_back(g: Array, made: Array) -> Array:
    """Return the gradient of the sums from that of the exponents, g times what was made."""
    return np.asarray(g.sum(axis=-1) - g.sum(axis=-2))


def reversed_sums(x: Array) -> Array:
    return np.cumsum(x[..., ::-1], axis=-1)[..., ::-1]


def prepared(p: Given) -> Given:
    """Return the chunks of d x, of sums of d A, and of b and c for each head."""
    A = -np.exp(uncounted(p["A"]))
    spread = {name: np.repeat(p[name], SHARED, axis=2) for name in ("b", "c")}
    a = chunked(p["d"] * A)
    return {
        "dx": chunked(p["x"] * p["d"][..., None]), "sums": np.cumsum(a, axis=-1),
        **{name: chunked(value) for name, value in spread.items()},
    }  # fmt: skip


def dual(p: Given) -> tuple[Array, Given]:
    """Return the output and what is made on the way."""
    made = prepared(p)
    sums, b, c, dx = made["sums"], made["b"], made["c"], made["dx"]
    made["decays"], made["scores"] = apart(sums), product(c, turned(b))
    near = product(made["scores"] * made["decays"], dx)
    made["to"] = each(exp, sums[..., -1:] - sums)
    made["faded"] = b * made["to"][..., None]
    own = product(turned(made["faded"]), dx)
    start = counted(np.zeros((B, 1, HEADS, STATES, P)), tally_of(own))
    made["states"] = np.concatenate([start, own], axis=1)
    ends = np.concatenate([counted(np.zeros((B, 1, HEADS)), tally_of(sums)), sums[..., -1]], axis=1)
    made["between"] = apart(np.cumsum(np.moveaxis(ends, 1, -1), axis=-1))
    mixed = product(made["between"], np.moveaxis(made["states"], 1, 2).reshape(B, HEADS, CHUNKS + 1, -1))
    made["mixed"] = np.moveaxis(mixed.reshape(B, HEADS, CHUNKS + 1, STATES, P), 2, 1)
    made["read"], made["from"] = product(c, made["mixed"][:, :-1]), each(exp, sums)
    y = joined(near + made["read"] * made["from"][..., None])
    return y + p["x"] * p["D"][:, None], made


def dual_back(g: Array, p: Given, m: Given) -> Given:
    """Return all gradients, from what was made; what is not kept is made again."""
    tally = tally_of(g)
    A, G = -np.exp(uncounted(p["A"])), chunked(g)
    dx, faded = chunked(p["x"] * p["d"][..., None]), m["b"] * m["to"][..., None]
    by_from = (G * m["read"]).sum(axis=-1)
    by_read = G * m["from"][..., None]
    by_sums = by_from * m["from"]
    by_c, by_mixed = product(by_read, turned(m["mixed"][:, :-1])), product(turned(m["c"]), by_read)
    by_mixture, by_dx = product(G, turned(dx)), product(turned(m["scores"] * m["decays"]), G)
    by_scores = by_mixture * m["decays"]
    by_sums = by_sums + apart_back(by_scores * m["scores"], m["decays"])
    by_c, by_b = by_c + product(by_scores, m["b"]), product(turned(by_scores), m["c"])
    last = counted(np.zeros((B, 1, HEADS, STATES, P)), tally)
    wide = (B, HEADS, CHUNKS + 1, STATES * P)
    by_all = np.moveaxis(np.concatenate([by_mixed, last], axis=1), 1, 2).reshape(wide)
    by_states = product(turned(m["between"]), by_all).reshape(B, HEADS, CHUNKS + 1, STATES, P)
    by_own = np.moveaxis(by_states, 2, 1)[:, 1:]
    by_between = product(by_all, turned(np.moveaxis(m["states"], 1, 2).reshape(wide)))
    ends = np.moveaxis(reversed_sums(apart_back(by_between * m["between"], m["between"])), -1, 1)[:, 1:]
    by_faded = product(dx, turned(by_own))
    by_dx = by_dx + product(faded, by_own)
    by_b = by_b + by_faded * m["to"][..., None]
    by_to = (by_faded * m["b"]).sum(axis=-1) * m["to"]
    by_sums = by_sums - by_to
    by_sums[..., -1] = by_sums[..., -1] + (by_to.sum(axis=-1) + ends)
    by_a, by_dx = joined(reversed_sums(by_sums)), joined(by_dx)
    weighed = by_a * p["d"]
    return {
        "x": by_dx * p["d"][..., None] + g * p["D"][:, None],
        "d": (by_dx * p["x"]).sum(axis=-1) + by_a * A,
        "b": joined(by_b).reshape(B, STEPS, GROUPS, SHARED, STATES).sum(axis=3),
        "c": joined(by_c).reshape(B, STEPS, GROUPS, SHARED, STATES).sum(axis=3),
        "A": weighed.sum(axis=(0, 1)) * A,
        "D": (g * p["x"]).sum(axis=(0, 1, 3)),
    }


def test_dual_forward() -> None:
    p, tally = sample(DUAL), Counter[str]()
    dual(count(p, tally))
    assert tally == at("state_space_dual", *list(DUAL.values())[:4], chunk_size=Q).work


def test_dual_backward() -> None:
    p, tally = sample(DUAL), Counter[str]()
    made = free(dual(count(p, Counter()))[1])
    dual_back(counted(RNG.normal(size=DUAL["x"]), tally), count(p, tally), count(made, tally))
    said = at("state_space_dual", *list(DUAL.values())[:4], chunk_size=Q)
    assert tally == plus(said.grad_input, said.grad_weight, said.again)
    places = B * STEPS * HEADS
    assert said.grad_weight == {"mul": places * (P + 1) + HEADS, "add": places * (P + 1) - 2 * HEADS}


@pytest.mark.parametrize("name", DUAL)
def test_dual_gradients_are_derivatives(name: str) -> None:
    p = sample(DUAL)

    def forward(x: Array) -> Array:
        return dual({**count(p, Counter()), name: x})[0]

    def back(g: Array, x: Array) -> Array:
        values = {**count(p, Counter()), name: x}
        return dual_back(g, values, dual(values)[1])[name]

    check_gradient(forward, back, p[name])


def test_dual_is_the_scan() -> None:
    """Chunks and products give what stepping through one state after the other gives."""
    p = sample(DUAL)
    b, c = (np.repeat(p[name], SHARED, axis=2) for name in ("b", "c"))
    state, outs = np.zeros((B, HEADS, P, STATES)), []
    for t in range(STEPS):
        factor = np.exp(p["d"][:, t] * -np.exp(p["A"]))[..., None, None]
        state = factor * state + (p["d"][:, t, :, None] * p["x"][:, t])[..., None] * b[:, t, :, None, :]
        outs.append((state * c[:, t, :, None, :]).sum(axis=-1) + p["D"][:, None] * p["x"][:, t])
    assert np.allclose(uncounted(dual(count(p, Counter()))[0]), np.stack(outs, axis=1))
