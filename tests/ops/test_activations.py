"""Activations: formulas spelled out with numbers that count, against the table; derivatives by differences."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from symcost.ops.activation import LAWS, Activation
from tests.ops.apply import make
from tests.ops.counting import Counted, erf, exp, largest, least, log, plain, tanh, where

HALF_ROOT, INNER, BEND = 1 / math.sqrt(2), math.sqrt(2 / math.pi), 0.044715
DENSITY = 1 / math.sqrt(2 * math.pi)
S, SA = 1.0507009873554805, 1.0507009873554805 * 1.6732632423543772
SLOPE, DRAWN, A, L, B, LOW, HIGH, LIMIT, VALUE = 0.01, (1 / 8 + 1 / 3) / 2, 0.7, 0.5, 2.0, -1.0, 1.0, 20.0, 5.0

FORWARD: dict[str, Callable[[Any], Any]] = {
    "relu": lambda x: largest(x, 0),
    "relu6": lambda x: least(largest(x, 0), 6),
    "hardtanh": lambda x: least(largest(x, LOW), HIGH),
    "threshold": lambda x: where(x > 0.1, x, VALUE),
    "leaky_relu": lambda x: where(x > 0, x, SLOPE * x),
    "rrelu": lambda x: where(x > 0, x, DRAWN * x),
    "elu": lambda x: where(x > 0, x, A * (exp(x) - 1)),
    "selu": lambda x: where(x > 0, S * x, SA * (exp(x) - 1)),
    "celu": lambda x: where(x > 0, x, A * (exp(x * (1 / A)) - 1)),
    "gelu": lambda x: 0.5 * x * (1 + erf(x * HALF_ROOT)),
    "gelu tanh": lambda x: 0.5 * x * (1 + tanh(INNER * (x + BEND * (x * x * x)))),
    "sigmoid": lambda x: 1 / (1 + exp(-x)),
    "silu": lambda x: x / (1 + exp(-x)),
    "mish": lambda x: x * tanh(log(1 + exp(x))),
    "hardsigmoid": lambda x: least(largest(x + 3, 0), 6) * (1 / 6),
    "hardswish": lambda x: x * least(largest(x + 3, 0), 6) * (1 / 6),
    "tanh": tanh,
    "softplus": lambda x: _softplus(x, B * x),
    "softsign": lambda x: x / (abs(x) + 1),
    "tanhshrink": lambda x: x - tanh(x),
    "softshrink": lambda x: _softshrink(x, x - L, x + L),
    "hardshrink": lambda x: where((x > L) + (x < -L) > 0, x, 0),
    "logsigmoid": lambda x: least(x, 0) - log(1 + exp(-abs(x))),
}
"""The formulas of the docstring of ``Activation``."""

BACK: dict[str, Callable[..., Any]] = {
    "relu": lambda g, y: where(y > 0, g, 0),
    "relu6": lambda g, x: where((x > 0) * (x < 6) > 0, g, 0),
    "hardtanh": lambda g, x: where((x > LOW) * (x < HIGH) > 0, g, 0),
    "threshold": lambda g, x: where(x > 0.1, g, 0),
    "leaky_relu": lambda g, x: where(x > 0, g, g * SLOPE),
    "rrelu": lambda g, x, s: g * s,
    "elu": lambda g, x: where(x > 0, g, g * (A * exp(x))),
    "selu": lambda g, x: where(x > 0, S * g, g * (SA * exp(x))),
    "celu": lambda g, x: where(x > 0, g, g * exp(x * (1 / A))),
    "gelu": lambda g, x: g * (0.5 * (1 + erf(x * HALF_ROOT)) + x * (DENSITY * exp(-0.5 * (x * x)))),
    "gelu tanh": lambda g, x: _gelu_tanh_back(g, x, x * x),
    "sigmoid": lambda g, y: g * y * (1 - y),
    "silu": lambda g, x: _silu_back(g, x, 1 / (1 + exp(-x))),
    "mish": lambda g, x: _mish_back(g, x, tanh(log(1 + exp(x))), 1 / (1 + exp(-x))),
    "hardsigmoid": lambda g, x: where((x > -3) * (x < 3) > 0, g * (1 / 6), 0),
    "hardswish": lambda g, x: _hardswish_back(g, x, g * (x * (1 / 3) + 0.5)),
    "tanh": lambda g, y: g * (1 - y * y),
    "softplus": lambda g, x: _softplus_back(g, B * x),
    "softsign": lambda g, x, d: g / (d * d),
    "tanhshrink": lambda g, t: g * (t * t),
    "softshrink": lambda g, x: where((x > L) + (x < -L) > 0, g, 0),
    "hardshrink": lambda g, x: where((x > L) + (x < -L) > 0, g, 0),
    "logsigmoid": lambda g, x: g / (1 + exp(x)),
}
"""The gradient from what ``LAWS`` says is kept."""

MADE: dict[str, Callable[[float], float]] = {
    "input": lambda x: x,
    "tanh": math.tanh,
    "denominator": lambda x: abs(x) + 1,
    "slope": lambda x: 1 if x > 0 else DRAWN,
}
every_law = pytest.mark.parametrize("name", LAWS)
every_point = pytest.mark.parametrize("x", [-4.3, -2.2, -0.8, -0.2, 0.3, 0.9, 1.8, 4.1, 7.5])


def _softplus(x: Counted, bx: Counted) -> Any:
    return where(bx > LIMIT, x, log(1 + exp(bx)) * (1 / B))


def _softplus_back(g: Counted, bx: Counted) -> Any:
    z = exp(bx)
    return where(bx > LIMIT, g, g * z / (z + 1))


def _softshrink(x: Counted, above: Counted, below: Counted) -> Any:
    low, high = x < -L, x > L
    return where(high, above, where(low, below, 0))


def _silu_back(g: Counted, x: Counted, s: Counted) -> Counted:
    return g * s * (1 + x * (1 - s))


def _mish_back(g: Counted, x: Counted, t: Counted, s: Counted) -> Counted:
    return g * (t + x * s * (1 - t * t))


def _hardswish_back(g: Counted, x: Counted, between: Counted) -> Any:
    low, high = x > -3, x < 3
    return where(not low, 0, where(high, between, g))


def _gelu_tanh_back(g: Counted, x: Counted, xx: Counted) -> Any:
    t = tanh(INNER * (x + BEND * (xx * x)))
    left, right = 0.5 * x, 1 + t
    return g * (0.5 * right + left * (1 - t * t) * (INNER * (1 + 3 * BEND * xx)))


def value_at(name: str, x: float) -> float:
    return plain(FORWARD[name](Counted(x, Counter())))


def slope(function: Callable[[float], float], x: float) -> float:
    return (function(x + 1e-6) - function(x - 1e-6)) / 2e-6


@every_law
@every_point
def test_activation_counts_its_formula(name: str, x: float) -> None:
    tally: Counter[str] = Counter()
    FORWARD[name](Counted(x, tally))
    assert tally == LAWS[name].work


@every_law
@every_point
def test_activation_counts_its_derivative(name: str, x: float) -> None:
    kept = [MADE[what](x) if what in MADE else value_at(name, x) for what in LAWS[name].keeps]
    tally: Counter[str] = Counter()
    got = BACK[name](Counted(3.0, tally), *(Counted(value, tally) for value in kept))
    assert tally == LAWS[name].back
    assert plain(got) == pytest.approx(3 * slope(lambda at: value_at(name, at), x), abs=1e-6)


@every_law
@every_point
@pytest.mark.oracle
def test_activation_is_that_of_torch(name: str, x: float) -> None:
    torch = pytest.importorskip("torch")
    settings = {
        "elu": (A,), "celu": (A,), "threshold": (0.1, VALUE), "softplus": (B, LIMIT), "softshrink": (L,),
        "hardshrink": (L,), "gelu tanh": ("tanh",),
    }.get(name, ())  # fmt: skip
    names = {
        "selu": "SELU",
        "elu": "ELU",
        "celu": "CELU",
        "gelu": "GELU",
        "relu": "ReLU",
        "silu": "SiLU",
        "relu6": "ReLU6",
    }
    names |= {"gelu tanh": "GELU", "rrelu": "RReLU", "leaky_relu": "LeakyReLU", "logsigmoid": "LogSigmoid"}
    module = getattr(torch.nn, names.get(name, name.capitalize()))(*settings).eval()
    assert value_at(name, x) == pytest.approx(module(torch.tensor(x, dtype=torch.float64)).item(), rel=1e-12)


def test_every_activation_has_a_law() -> None:
    assert {*LAWS} == {*Activation.tags(), "gelu tanh"}


def test_settings_belong_to_one_activation() -> None:
    with pytest.raises(ValueError, match="relu takes no fields, got alpha"):
        make("relu", {"alpha": 1})
    with pytest.raises(ValueError, match="hardtanh takes min_val, max_val, got lambd"):
        make("hardtanh", {"lambd": 1})
