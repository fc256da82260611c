"""Linear attention and its gated kin on numbers that count, forward and back, against the work that the ops state."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from symcost.ops.facts import Facts
from symcost.ops.op import Refused
from symcost.ops.work import plus
from tests.ops.counting import Array, Counted, at, check_gradient, counted, each, exp, product, uncounted, where

RNG = np.random.default_rng(5)
HEADS, T, S, Q, V, C = 2, 5, 4, 3, 2, 3
Given = dict[str, Array]


def sample(**shapes: tuple[int, ...]) -> Given:
    return {name: np.asarray(RNG.normal(size=shape)) for name, shape in shapes.items()}


def count(values: Given, tally: Counter[str]) -> Given:
    return {name: counted(value, tally) for name, value in values.items()}


def turned(x: Array) -> Array:
    return np.swapaxes(x, -1, -2)


def outer(a: Array, b: Array) -> Array:
    return product(a[..., :, None], b[..., None, :])


def zeros(like: Array, *shape: int) -> Array:
    return counted(np.zeros(shape), like.flat[0].tally)


def from_end(x: Array) -> Array:
    """Return sums over all steps from each on."""
    return np.cumsum(x[:, ::-1], axis=1)[:, ::-1]


# --- linear attention ---------------------------------------------------------------------------------------


def feature(x: Counted) -> Counted:
    positive, line, curve = x > 0, x + 1, exp(x)
    return where(positive, line, curve)  # type: ignore[no-any-return]


def by_feature(g: Array, made: Array) -> Array:
    """Return the gradient of what a feature was made of: features above 1 are of the straight part."""
    pairs = zip(g.flat, made.flat, strict=True)
    return np.asarray([where(y > 1, x, x * y) for x, y in pairs], dtype=object).reshape(g.shape)


def linear(p: Given, causal: bool) -> tuple[Array, Given]:
    q, k = each(feature, p["q"]), each(feature, p["k"])
    if causal:
        parts = [outer(k[:, t], p["v"][:, t]) for t in range(T)]  # each adds to the state: one mac with the product
        states = counted(np.cumsum(np.stack([uncounted(x) for x in parts], axis=1), axis=1), k.flat[0].tally)
        sums = np.cumsum(k, axis=1)
        above = np.stack([product(q[:, t, None], states[:, t])[:, 0] for t in range(T)], axis=1)
        below = np.stack([product(q[:, t, None], sums[:, t, :, None])[:, 0] for t in range(T)], axis=1)
    else:
        states, sums = product(turned(k), p["v"]), k.sum(axis=1)
        above, below = product(q, states), product(q, sums[..., None])
    return above / below, {"q": q, "k": k, "below": below, "states": states, "sums": sums}


def linear_back(g: Array, p: Given, m: Given, out: Array, causal: bool) -> Given:
    by_above = g / m["below"]
    by_below = -(by_above * out).sum(axis=-1, keepdims=True)
    if causal:
        wide = np.stack([product(by_above[:, t, None], turned(m["states"][:, t]))[:, 0] for t in range(T)], axis=1)
        by_states = np.stack([outer(m["q"][:, t], by_above[:, t]) for t in range(T)], axis=1)
        later = counted(np.cumsum(uncounted(by_states)[:, ::-1], axis=1)[:, ::-1], g.flat[0].tally)
        by_k = np.stack([product(later[:, t], p["v"][:, t, :, None])[..., 0] for t in range(T)], axis=1)
        by_v = np.stack([product(turned(later[:, t]), m["k"][:, t, :, None])[..., 0] for t in range(T)], axis=1)
        narrow = np.stack([product(by_below[:, t, None], m["sums"][:, t, None])[:, 0] for t in range(T)], axis=1)
        by_sums = from_end(
            np.stack([product(by_below[:, t, None], m["q"][:, t, None])[:, 0] for t in range(T)], axis=1)
        )
    else:
        wide, by_states = product(by_above, turned(m["states"])), product(turned(m["q"]), by_above)
        by_k, by_v = product(p["v"], turned(by_states)), product(m["k"], by_states)
        narrow = product(by_below, m["sums"][:, None])
        by_sums = product(turned(m["q"]), by_below)[:, None, :, 0]
    return {"q": by_feature(wide + narrow, m["q"]), "k": by_feature(by_k + by_sums, m["k"]), "v": by_v}


def plain(causal: bool) -> Given:
    keys = T if causal else S
    return sample(q=(HEADS, T, Q), k=(HEADS, keys, Q), v=(HEADS, keys, V))


def facts_of(p: Given, **fields: bool | int) -> Facts:
    tag = "gated_linear_attention" if "g" in p else "linear_attention"
    return at(tag, *(x.shape for x in p.values()), **fields)


@pytest.mark.parametrize("causal", [False, True])
def test_linear_attention(causal: bool) -> None:
    p, tally = plain(causal), Counter[str]()
    linear(count(p, tally), causal)
    said = facts_of(p, is_causal=causal)
    assert tally == said.work
    out, made = linear(count(p, Counter()), causal)
    tally = Counter[str]()
    kept = {name: counted(uncounted(x), tally) for name, x in made.items()}
    if causal:  # no state is kept but the last
        tally["mac"] += HEADS * T * Q * V
        np.cumsum(kept["k"], axis=1)
    linear_back(
        counted(RNG.normal(size=out.shape), tally), count(p, tally), kept, counted(uncounted(out), tally), causal
    )
    assert tally == plus(said.grad_input, said.again)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("name", ["q", "k", "v"])
def test_linear_gradients_are_derivatives(causal: bool, name: str) -> None:
    p = plain(causal)

    def forward(x: Array) -> Array:
        return linear({**count(p, Counter()), name: x}, causal)[0]

    def back(g: Array, x: Array) -> Array:
        values = {**count(p, Counter()), name: x}
        out, made = linear(values, causal)
        return linear_back(g, values, made, out, causal)[name]

    check_gradient(forward, back, p[name])


def test_causal_attention_is_linear_attention_of_what_was_before() -> None:
    p = plain(causal=True)
    whole = uncounted(linear(count(p, Counter()), True)[0])
    for t in range(T):
        so_far = {"q": p["q"][:, t : t + 1], "k": p["k"][:, : t + 1], "v": p["v"][:, : t + 1]}
        assert np.allclose(uncounted(linear(count(so_far, Counter()), False)[0])[:, 0], whole[:, t])


# --- with gates, step by step -------------------------------------------------------------------------------


def gated() -> Given:
    given = sample(q=(HEADS, T, Q), k=(HEADS, T, Q), v=(HEADS, T, V), g=(HEADS, T, Q))
    return {**given, "g": -np.abs(given["g"])}


SCALE = 1 / math.sqrt(Q)


def states_of(p: Given) -> tuple[Array, Array]:
    """Return the gates and the state after each step."""
    gates, state, states = each(exp, p["g"]), np.zeros((HEADS, Q, V)), []
    for t in range(T):
        made = uncounted(gates[:, t, :, None] * state) + uncounted(outer(p["k"][:, t], p["v"][:, t]))
        state = counted(made, gates.flat[0].tally)
        states.append(state)
    return gates, np.stack(states, axis=1)


def by_gates(p: Given, q: Array, k: Array) -> Array:
    """Return the gradient of the logarithms of the gates, from those of queries and keys."""
    return from_end(p["q"] * q - p["k"] * k)


def steps(p: Given) -> Array:
    q, (_, states) = p["q"] * SCALE, states_of(p)
    return np.stack([product(q[:, t, None], states[:, t])[:, 0] for t in range(T)], axis=1)


def steps_back(g: Array, p: Given) -> Given:
    scaled, (gates, states) = p["q"] * SCALE, states_of(p)
    q = np.stack([product(g[:, t, None], turned(states[:, t]))[:, 0] for t in range(T)], axis=1) * SCALE
    ks, vs, later = [], [], zeros(g, HEADS, Q, V)
    for t in reversed(range(T)):
        state = counted(uncounted(outer(scaled[:, t], g[:, t])) + uncounted(later), g.flat[0].tally)
        ks.append(product(state, p["v"][:, t, :, None])[..., 0])
        vs.append(product(turned(state), p["k"][:, t, :, None])[..., 0])
        later = gates[:, t, :, None] * state
    k, v = (np.stack(x[::-1], axis=1) for x in (ks, vs))
    return {"q": q, "k": k, "v": v, "g": by_gates(p, q, k)}


# --- with gates, in chunks ----------------------------------------------------------------------------------


def faded(p: Given) -> Given:
    """Return chunks of queries and keys with what is made of the sums of gates."""

    def chunks(x: Array) -> Array:
        filled = np.concatenate([x, zeros(x, HEADS, -T % C, x.shape[-1])], axis=1)
        return filled.reshape(HEADS, -1, C, x.shape[-1])

    b = np.cumsum(chunks(p["g"]), axis=2)
    q, k, v = chunks(p["q"] * SCALE), chunks(p["k"]), chunks(p["v"])
    last = b[:, :, -1:]
    made = {
        "grow": each(exp, b),
        "shrink": each(exp, -b),
        "rest": each(exp, last - b),
        "gate": each(exp, last[:, :, 0]),
    }
    return {**made, "q": q * made["grow"], "k": k * made["shrink"], "next": k * made["rest"], "v": v}


def seen(scores: Array) -> Array:
    return np.where(np.tri(C, dtype=bool), scores, zeros(scores, *scores.shape))


def in_chunks(p: Given) -> tuple[Array, Array]:
    """Return the output, and the state before each chunk."""
    m, state, outs, before = faded(p), zeros(p["q"], HEADS, Q, V), [], []
    for i in range(m["q"].shape[1]):
        before.append(state)
        scores = seen(product(m["q"][:, i], turned(m["k"][:, i])))
        outs.append(product(m["q"][:, i], state) + product(scores, m["v"][:, i]))
        state = m["gate"][:, i, :, None] * state + product(turned(m["next"][:, i]), m["v"][:, i])
    return np.concatenate(outs, axis=1)[:, :T], np.stack(before, axis=1)


def chunks_back(g: Array, p: Given, before: Array) -> Given:
    m = faded(p)
    G = np.concatenate([g, zeros(g, HEADS, -T % C, V)], axis=1).reshape(HEADS, -1, C, V)
    by: dict[str, list[Array]] = {"q": [], "k": [], "v": []}
    later = zeros(g, HEADS, Q, V)
    for i in reversed(range(G.shape[1])):
        scores = seen(product(m["q"][:, i], turned(m["k"][:, i])))
        by_scores = seen(product(G[:, i], turned(m["v"][:, i])))
        q = product(G[:, i], turned(before[:, i])) + product(by_scores, m["k"][:, i])
        k, own = product(turned(by_scores), m["q"][:, i]), product(m["v"][:, i], turned(later))
        by["q"].append(q * m["grow"][:, i])
        by["k"].append(k * m["shrink"][:, i] + own * m["rest"][:, i])
        by["v"].append(product(turned(scores), G[:, i]) + product(m["next"][:, i], later))
        later = m["gate"][:, i, :, None] * later + product(turned(m["q"][:, i]), G[:, i])
    q, k, v = (np.concatenate(x[::-1], axis=1)[:, :T] for x in by.values())
    q = q * SCALE
    return {"q": q, "k": k, "v": v, "g": by_gates(p, q, k)}


def test_step_by_step() -> None:
    p, tally = gated(), Counter[str]()
    out, said = steps(count(p, tally)), facts_of(p)
    assert tally == said.work
    tally = Counter[str]()
    steps_back(counted(RNG.normal(size=out.shape), tally), count(p, tally))
    assert tally == plus(said.grad_input, said.again)


def test_in_chunks() -> None:
    p, tally = gated(), Counter[str]()
    (out, before), said = in_chunks(count(p, tally)), facts_of(p, chunk_size=C)
    assert tally == said.work
    tally = Counter[str]()
    kept = counted(uncounted(before), tally)
    chunks_back(counted(RNG.normal(size=out.shape), tally), count(p, tally), kept)
    assert tally == plus(said.grad_input, said.again)


def test_chunks_are_steps() -> None:
    p = gated()
    assert np.allclose(uncounted(steps(count(p, Counter()))), uncounted(in_chunks(count(p, Counter()))[0]))


@pytest.mark.parametrize("name", ["q", "k", "v", "g"])
def test_gated_gradients_are_derivatives(name: str) -> None:
    p = gated()

    def put(x: Array) -> Given:
        return {**count(p, Counter()), name: x}

    check_gradient(lambda x: steps(put(x)), lambda g, x: steps_back(g, put(x))[name], p[name])
    check_gradient(
        lambda x: in_chunks(put(x))[0], lambda g, x: chunks_back(g, put(x), in_chunks(put(x))[1])[name], p[name]
    )


def test_refusals() -> None:
    with pytest.raises(Refused, match="takes the same leading axes three times"):
        at("linear_attention", (2, 5, 4), (5, 4), (5, 6))
    with pytest.raises(Refused, match="takes the same leading axes four times"):
        at("gated_linear_attention", (2, 5, 4), (2, 5, 4), (5, 6), (2, 5, 4))
