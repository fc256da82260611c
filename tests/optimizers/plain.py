"""Update rules written out in NumPy, from the papers and torch's documentation, on numbers that count.

A ``Plain`` holds a network's weights and what its rule keeps. Rates and factors are constants; the number of the step,
and all that depends on it or on data, counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.ops.counting import Array, Counted, counted, each, least, sqrt, uncounted

RATE, FADE, FADE2, EPS, DECAY = 0.1, 0.9, 0.99, 1e-8, 0.05
Loss = Callable[[list[NDArray[np.float64]]], tuple[float, list[NDArray[np.float64]]]]
"""What the loss is at some weights, and its gradients."""


def root(x: Array) -> Array:
    return each(sqrt, x)


def power(base: float, exponent: Counted) -> Counted:
    return exponent._did("pow", base**exponent.value)


def length(x: Array) -> Counted:
    found: Counted = sqrt((x * x).sum())
    return found


class Plain:
    """A rule without weight decay, clipping and averages; these go around it."""

    def __init__(self, weights: list[NDArray[np.float64]], **options: Any) -> None:
        self.tally: Counter[str] = Counter()
        self.weights = [counted(np.atleast_1d(w), self.tally) for w in weights]  # NumPy makes numbers of 0-d arrays
        self.state: list[dict[str, Array]] = [{} for _ in weights]
        self.whole: dict[str, Array] = {}
        self.options = options
        self.t = 0
        self.decay = options.pop("decay", None)
        self.clip = options.pop("clip", None)
        self.fade = options.pop("ema", None)
        for key, value in options.items():
            setattr(self, key, value)
        self.begin()

    def begin(self) -> None:
        """Lay down what is kept."""

    def keep(self, *names: str) -> None:
        for w, state in zip(self.weights, self.state, strict=True):
            state |= {name: counted(np.zeros(w.shape), self.tally) for name in names}

    def step(self, loss: Loss) -> Counter[str]:
        """Take a step and return what it took."""
        self.tally.clear()
        self.t += 1
        self.go(loss)
        for w, state in zip(self.weights, self.state, strict=True):
            if self.fade is not None:
                state["ema"] = state.get("ema", w) * self.fade + w * (1 - self.fade)
        return Counter({kind: n for kind, n in self.tally.items() if n})

    def go(self, loss: Loss) -> None:
        gradients = self.gradients(loss)[1]
        self.shrink()
        self.update(gradients)

    def shrink(self) -> None:
        self.weights = [self.smaller(w) for w in self.weights]

    def smaller(self, w: Array) -> Array:
        return w * (1 - RATE * DECAY) if self.decay == "decoupled" else w

    def gradients(self, loss: Loss) -> tuple[Counted, list[Array]]:
        """Return the loss and its gradients, clipped and decayed; the network's own work does not count."""
        value, found = loss([uncounted(w) for w in self.weights])
        gradients = [counted(np.atleast_1d(g), self.tally) for g in found]
        if self.clip is not None:
            gradients = self.clipped(gradients)
        if self.decay == "coupled":
            gradients = [g + w * DECAY for g, w in zip(gradients, self.weights, strict=True)]
            value += sum(DECAY / 2 * float((uncounted(w) ** 2).sum()) for w in self.weights)
        return Counted(value, self.tally), gradients

    def clipped(self, gradients: list[Array]) -> list[Array]:
        norm = length(np.concatenate([g.ravel() for g in gradients]))
        factor = least(self.clip / (norm + 1e-6), 1.0)
        return [g * factor for g in gradients]

    def update(self, gradients: list[Array]) -> None:
        """Change the weights."""
        time = Counted(float(self.t), self.tally)
        scalars = self.scalars(time)
        for i, g in enumerate(gradients):
            self.weights[i] = self.one(self.weights[i], g, self.state[i], scalars)

    def scalars(self, t: Counted) -> Any:
        """Return what depends on the number of the step alone."""

    def one(self, w: Array, g: Array, s: dict[str, Array], scalars: Any) -> Any:
        raise NotImplementedError


class GradientDescent(Plain):
    def one(self, w: Array, g: Array, s: dict[str, Array], scalars: Any) -> Any:
        return w - g * RATE


class Momentum(Plain):
    dampening = False

    def begin(self) -> None:
        self.keep("momentum_buffer")

    def fading(self, g: Array, s: dict[str, Array]) -> Array:
        new = g * (1 - 0.3) if self.dampening and self.t > 1 else g  # torch begins with the gradient itself
        s["momentum_buffer"] = s["momentum_buffer"] * FADE + new
        return s["momentum_buffer"]

    def one(self, w: Array, g: Array, s: dict[str, Array], scalars: Any) -> Any:
        return w - self.fading(g, s) * RATE


class Nesterov(Momentum):
    def one(self, w: Array, g: Array, s: dict[str, Array], scalars: Any) -> Any:
        return w - (g + self.fading(g, s) * FADE) * RATE


class Ahead(Momentum):
    """Nesterov's form with the gradient at the point ahead."""

    def go(self, loss: Loss) -> None:
        here = self.weights
        speed = [s["momentum_buffer"] for s in self.state]
        self.weights = [w + v * FADE for w, v in zip(here, speed, strict=True)]
        gradients = self.gradients(loss)[1]
        for i, g in enumerate(gradients):
            self.state[i]["momentum_buffer"] = speed[i] * FADE - g * RATE
            self.weights[i] = here[i] + self.state[i]["momentum_buffer"]


class Adagrad(Plain):
    lr_decay = False

    def begin(self) -> None:
        self.keep("sum")

    def scalars(self, t: Counted) -> Any:
        return RATE / (1 + (t.value - 1) * Counted(0.01, self.tally)) if self.lr_decay else RATE

    def one(self, w: Array, g: Array, s: dict[str, Array], scalars: Any) -> Any:
        s["sum"] = s["sum"] + g * g
        return w - g / (root(s["sum"]) + EPS) * scalars


class RmsProp(Plain):
    centered = False
    momentum = False

    def begin(self) -> None:
        self.keep("square_avg")
        if self.centered:
            self.keep("grad_avg")
        if self.momentum:
            self.keep("momentum_buffer")

    def one(self, w: Array, g: Array, s: dict[str, Array], scalars: Any) -> Any:
        s["square_avg"] = s["square_avg"] * FADE2 + g * g * (1 - FADE2)
        spread = s["square_avg"]
        if self.centered:
            s["grad_avg"] = s["grad_avg"] * FADE2 + g * (1 - FADE2)
            spread = spread - s["grad_avg"] * s["grad_avg"]
        scaled = g / (root(spread) + EPS)
        if self.momentum:
            s["momentum_buffer"] = scaled = s["momentum_buffer"] * FADE + scaled
        return w - scaled * RATE


class Adam(Plain):
    amsgrad = False
    bias_correction = "torch"

    def begin(self) -> None:
        self.keep("exp_avg", "exp_avg_sq")
        if self.amsgrad:
            self.keep("max_exp_avg_sq")

    def scalars(self, t: Counted) -> Any:
        if self.bias_correction == "none":
            return RATE, 1.0
        c1, c2 = 1 - power(FADE, t), 1 - power(FADE2, t)
        if self.bias_correction == "paper":
            return c1, c2
        if self.bias_correction == "rate":
            return RATE * sqrt(c2) / c1, 1.0
        return RATE / c1, sqrt(c2)

    def averages(self, g: Array, s: dict[str, Array]) -> tuple[Array, Array]:
        s["exp_avg"] = s["exp_avg"] * FADE + g * (1 - FADE)
        s["exp_avg_sq"] = s["exp_avg_sq"] * FADE2 + g * g * (1 - FADE2)
        if not self.amsgrad:
            return s["exp_avg"], s["exp_avg_sq"]
        s["max_exp_avg_sq"] = np.vectorize(larger, otypes=[object])(s["max_exp_avg_sq"], s["exp_avg_sq"])
        return s["exp_avg"], s["max_exp_avg_sq"]

    def one(self, w: Array, g: Array, s: dict[str, Array], scalars: Any) -> Any:
        m, v = self.averages(g, s)
        a, b = scalars
        if self.bias_correction == "paper":
            return w - m / a / (root(v / b) + EPS) * RATE
        if self.bias_correction == "torch":
            return w - m / (root(v) / b + EPS) * a
        return w - m / (root(v) + EPS) * a


def larger(a: Counted, b: Counted) -> Counted:
    above = a > b
    return a if above else b


class AdamW(Adam):
    pass


class Lamb(Adam):
    bias_correction = "paper"

    def one(self, w: Array, g: Array, s: dict[str, Array], scalars: Any) -> Any:
        m, v = self.averages(g, s)
        c1, c2 = scalars
        u = m / c1 / (root(v / c2) + EPS)
        if self.decay == "in_step":
            u = u + w * DECAY
        weight, step = length(w), length(u)
        ratio = weight / step
        some = [weight > 0, step > 0]
        return w - u * (RATE * (ratio if all(some) else 1.0))


class Lion(Plain):
    def begin(self) -> None:
        self.keep("exp_avg")

    def one(self, w: Array, g: Array, s: dict[str, Array], scalars: Any) -> Any:
        mixed = s["exp_avg"] * FADE + g * (1 - FADE)
        moved = w - each(sign, mixed) * RATE
        s["exp_avg"] = s["exp_avg"] * FADE2 + g * (1 - FADE2)
        return moved


def sign(x: Counted) -> Counted:
    return Counted(1.0 if x > 0 else -1.0, x.tally)
