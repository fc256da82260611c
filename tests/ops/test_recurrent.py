"""Recurrent cells stepped through on numbers that count, forward and back, against the work that the ops state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from symcost.ops.facts import Facts, numel
from symcost.ops.op import Refused
from symcost.ops.work import plus
from tests.ops.counting import (
    Array,
    Counted,
    at,
    check_gradient,
    counted,
    each,
    exp,
    largest,
    product,
    tanh,
    uncounted,
    where,
)

RNG = np.random.default_rng(7)
STEPS, BATCH, WIDE, HIDDEN, NARROW = 4, 3, 2, 5, 3
Given = dict[str, Array]


class Kind(NamedTuple):
    """A cell: its op, and how one step goes forward and back."""

    tag: str
    gates: int
    forward: Callable[..., tuple[Array, Array, Any]]
    back: Callable[..., tuple[Any, Any, Any, Any]]
    fields: dict[str, Any] = {}


def sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + each(exp, -x)))


def free(x: Array) -> Array:
    """Return values as what was made before, which costs nothing to read."""
    return uncounted(x)


# --- one step: gates from x and from h, then the new state and memory, and what is kept --------------------------
# Back: from the gradients of state and memory those of the two products, and what is handed to h and c directly.


def rnn(a: Array, b: Array, h: Array, c: Array) -> tuple[Array, Array, Any]:
    new = each(tanh, a + b)
    return new, c, (free(new),)


def rnn_back(g: Array, dc: Any, h: Array, c: Array, kept: Any) -> tuple[Any, Any, Any, Any]:
    (new,) = kept
    d = g * (1 - counted(new, g.flat[0].tally) * new)
    return d, d, None, None


def relu(a: Array, b: Array, h: Array, c: Array) -> tuple[Array, Array, Any]:
    new = each(lambda x: largest(x, 0.0), a + b)
    return new, c, (free(new),)


def relu_back(g: Array, dc: Any, h: Array, c: Array, kept: Any) -> tuple[Any, Any, Any, Any]:
    (new,) = kept
    pairs = zip(g.flat, counted(new, g.flat[0].tally).flat, strict=True)
    d = np.asarray([where(y > 0, x, Counted(0.0, x.tally)) for x, y in pairs], dtype=object).reshape(g.shape)
    return d, d, None, None


def gru(a: Array, b: Array, h: Array, c: Array) -> tuple[Array, Array, Any]:
    (ar, az, an), (br, bz, m) = np.split(a, 3, axis=-1), np.split(b, 3, axis=-1)
    r, z = sigmoid(ar + br), sigmoid(az + bz)
    n = each(tanh, an + r * m)
    return (1 - z) * n + z * h, c, tuple(map(free, (r, z, n, m)))


def gru_back(g: Array, dc: Any, h: Array, c: Array, kept: Any) -> tuple[Any, Any, Any, Any]:
    r, z, n, m = (counted(x, g.flat[0].tally) for x in kept)
    off = 1 - z
    dz = g * (free(h) - n) * z * off
    dn = g * off * (1 - n * n)
    dr = dn * m * r * (1 - r)
    return np.concatenate([dr, dz, dn], -1), np.concatenate([dr, dz, dn * r], -1), g * z, None


def lstm(a: Array, b: Array, h: Array, c: Array) -> tuple[Array, Array, Any]:
    i, f, g, o = np.split(a + b, 4, axis=-1)
    i, f, g, o = sigmoid(i), sigmoid(f), each(tanh, g), sigmoid(o)
    memory = f * c + i * g
    return o * each(tanh, memory), memory, tuple(map(free, (i, f, g, o, memory)))


def lstm_back(dh: Array, dc: Any, h: Array, c: Array, kept: Any) -> tuple[Any, Any, Any, Any]:
    i, f, g, o, memory = (counted(x, dh.flat[0].tally) for x in kept)
    s = each(tanh, memory)
    do = dh * s * o * (1 - o)
    d = dh * o * (1 - s * s)
    d = d if dc is None else d + dc
    gates = np.concatenate([d * g * i * (1 - i), d * free(c) * f * (1 - f), d * i * (1 - g * g), do], -1)
    return gates, gates, None, d * f


KINDS = {
    "rnn": Kind("rnn", 1, rnn, rnn_back),
    "relu": Kind("rnn", 1, relu, relu_back, {"nonlinearity": "relu"}),
    "gru": Kind("gru", 3, gru, gru_back),
    "lstm": Kind("lstm", 4, lstm, lstm_back),
    "projected": Kind("lstm", 4, lstm, lstm_back, {"proj_size": NARROW}),
}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


# --- all steps ----------------------------------------------------------------------------------------------


def given(kind: Kind) -> Given:
    state = kind.fields.get("proj_size", HIDDEN)
    shapes = {
        "x": (STEPS, BATCH, WIDE), "wi": (kind.gates * HIDDEN, WIDE), "wh": (kind.gates * HIDDEN, state),
        "bi": (kind.gates * HIDDEN,), "bh": (kind.gates * HIDDEN,), "h": (BATCH, state), "c": (BATCH, HIDDEN),
    }  # fmt: skip
    shapes |= {"wr": (state, HIDDEN)} if kind.fields.get("proj_size") else {}
    return {name: np.asarray(RNG.normal(size=shape)) for name, shape in shapes.items()}


def run(kind: Kind, p: Given) -> tuple[Array, list[Any]]:
    """Return the states of all steps, and for each what it read and what it kept."""
    h, c, outs, tape = p["h"], p["c"], [], []
    for x in p["x"]:
        a, b = product(x, p["wi"].T) + p["bi"], product(h, p["wh"].T) + p["bh"]
        new, memory, kept = kind.forward(a, b, h, c)
        tape.append((free(h), free(c), kept, free(new)))
        h, c = (product(new, p["wr"].T) if "wr" in p else new), memory
        outs.append(h)
    return np.asarray(outs), tape


def back(kind: Kind, g: Array, p: Given, tape: list[Any], *, starts: bool) -> Given:
    """Return all gradients; that of the first state only where it is wanted."""
    by: dict[str, Any] = {}
    das, dbs, dhs, dh, dc = [], [], [], None, None
    for t in reversed(range(STEPS)):
        h, c, kept, _ = tape[t]
        state = g[t] if dh is None else g[t] + dh
        dhs.append(state)
        unit = product(state, p["wr"]) if "wr" in p else state
        da, db, direct, dc = kind.back(unit, dc, h, c, kept)
        if t or starts:
            dh = product(db, p["wh"])
            dh = dh if direct is None else dh + direct
        das.append(da)
        dbs.append(db)
    da, db, ds = (np.concatenate(parts[::-1]) for parts in (das, dbs, dhs))
    by["x"] = product(da, p["wi"]).reshape(p["x"].shape)
    by["wi"], by["wh"] = product(da.T, np.concatenate(p["x"])), product(db.T, np.concatenate([t[0] for t in tape]))
    if "wr" in p:
        by["wr"] = product(ds.T, np.concatenate([t[3] for t in tape]))
    gates = db if kind.tag != "gru" else np.concatenate([da, db[:, 2 * HIDDEN :]], -1)
    sums = gates.sum(axis=0)
    by["bi"], by["bh"] = sums[: da.shape[-1]], np.concatenate([sums[: 2 * HIDDEN], sums[3 * HIDDEN :]])
    by["bh"] = by["bh"] if kind.tag == "gru" else sums
    return {**by, "h": dh, "c": dc}


def facts(kind: Kind, p: Given, *, starts: bool) -> Facts:
    states = [(1, *p[name].shape) for name in ("h", "c")[: 2 if kind.tag == "lstm" else 1]]
    return at(kind.tag, p["x"].shape, *(states if starts else ()), hidden_size=HIDDEN, **kind.fields)


def count(values: Given, tally: Counter[str]) -> Given:
    return {name: counted(value, tally) for name, value in values.items()}


@every_kind
def test_forward(kind: Kind) -> None:
    p, tally = given(kind), Counter[str]()
    run(kind, count(p, tally))
    assert tally == facts(kind, p, starts=False).work


@every_kind
@pytest.mark.parametrize("starts", [False, True])
def test_backward(kind: Kind, starts: bool) -> None:
    p, tally = given(kind), Counter[str]()
    _, tape = run(kind, count(p, Counter()))
    g = RNG.normal(size=(STEPS, BATCH, p["h"].shape[-1]))
    back(kind, counted(g, tally), p, tape, starts=starts)
    said = facts(kind, p, starts=starts)
    assert tally == plus(said.grad_input, said.grad_weight, said.again)
    assert said.grad_input["mac"] == BATCH * kind.gates * HIDDEN * (STEPS * WIDE + starts * p["h"].shape[-1])


NAMES = ("x", "wi", "wh", "bi", "bh", "h")
MORE = {"lstm": ("c",), "projected": ("c", "wr")}


@pytest.mark.parametrize(("kind", "name"), [(KINDS[k], n) for k in KINDS for n in (*NAMES, *MORE.get(k, ()))])
def test_gradients_are_derivatives(kind: Kind, name: str) -> None:
    """So what is counted is the gradient, by the input, the state to begin with, and every weight."""
    p = given(kind)

    def forward(x: Array) -> Array:
        return run(kind, {**count(p, Counter()), name: x})[0]

    def backward(g: Array, x: Array) -> Array:
        _, tape = run(kind, {**count(p, Counter()), name: x})
        return back(kind, g, {**p, name: uncounted(x)}, tape, starts=True)[name]

    check_gradient(forward, backward, p[name])


@every_kind
def test_keeps_what_the_way_back_reads(kind: Kind) -> None:
    p = given(kind)
    _, tape = run(kind, count(p, Counter()))
    made = sum(x.size for _, _, kept, new in tape for x in (*kept, *((new,) if "wr" in p else ())))
    said = facts(kind, p, starts=False)
    kept = [numel(each.shape) for each in said.keeps if each.what not in ("input", "output")]
    assert sum(kept) == made - (sum(t[3].size for t in tape) if kind.tag == "rnn" else 0)  # there it is the output


@pytest.mark.parametrize("tag", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_layers_are_layers(tag: str, bidirectional: bool) -> None:
    """Two layers cost what one does and one that reads it; the gradient between them is made for the weights."""
    ways = 1 + bidirectional
    options: dict[str, Any] = {"hidden_size": HIDDEN, "bidirectional": bidirectional}
    both = at(tag, (STEPS, BATCH, WIDE), num_layers=2, **options)
    first, second = at(tag, (STEPS, BATCH, WIDE), **options), at(tag, (STEPS, BATCH, ways * HIDDEN), **options)
    assert both.work == plus(first.work, second.work)
    assert both.grad_input == first.grad_input
    assert both.grad_weight == plus(first.grad_weight, second.grad_weight, second.grad_input)
    assert both.frozen().grad_input == plus(first.frozen().grad_input, second.frozen().grad_input)
    assert sum(map(numel, both.weights.values())) == sum(
        map(numel, (*first.weights.values(), *second.weights.values()))
    )


@pytest.mark.parametrize(
    ("tag", "ins", "fields", "message"),
    [
        ("gru", ((3, 4),), {}, "takes (T, B, E), got (3, 4)"),
        ("gru", ((3, 4), (2, 2)), {}, "takes (T, B, E), got (3, 4)"),
        ("lstm", ((3, 4, 5), (1, 4, 5)), {}, "takes 3 inputs, got 2"),
        ("gru", ((3, 4, 5), (2, 4, 5)), {}, "begins with a state of (1, 4, 5), got (2, 4, 5)"),
        ("lstm", ((3, 4, 5),), {"proj_size": 5}, "proj_size is 5, hidden_size 5; project to fewer"),
    ],
)
def test_refusals(tag: str, ins: tuple[tuple[int, ...], ...], fields: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused) as error:
        at(tag, *ins, hidden_size=5, **fields)
    assert str(error.value) == message
