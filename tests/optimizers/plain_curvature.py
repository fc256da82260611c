"""Rules that see all weights as one vector, written out in NumPy as in ``plain``."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.ops.counting import Array, Counted, counted, product, sqrt
from tests.optimizers.plain import DECAY, RATE, Loss, Plain


def dot(x: Array, y: Array) -> Counted:
    found: Counted = product(x[None, :], y[:, None])[0, 0]
    return found


def minus_product(x: Counted, a: Counted, b: Counted) -> Counted:
    """Return x - a b, one step of a contraction."""
    return x._did("mac", x.value - a.value * b.value)


class Lbfgs(Plain):
    history = 3
    line_search = False
    most = 25

    def go(self, loss: Loss) -> None:
        """Take one step from the gradient at hand; what is left at the end is the gradient at the new point."""
        if not self.whole:
            self.start(loss)
        self.shrink()
        flat, s = self.flat(self.found), self.whole
        if self.t > 1:
            self.remember(flat, s)
            s["d"] = self.direction(flat, s)
        else:
            s["d"] = -flat
        s["prev_flat_grad"] = flat
        self.walk(loss, s["d"])

    def start(self, loss: Loss) -> None:
        """Find the first gradient, which later steps have from the step before."""
        self.value, self.found = self.gradients(loss)
        self.tally.clear()
        self.ro: list[Counted] = []
        self.olds: list[tuple[Array, Array]] = []
        self.scale: Any = 1.0
        self.rate: Any = RATE

    def flat(self, arrays: list[Array]) -> Array:
        return np.concatenate([a.ravel() for a in arrays])

    def remember(self, flat: Array, s: dict[str, Array]) -> None:
        y, step = flat - s["prev_flat_grad"], s["d"] * self.rate
        curved = dot(y, step)
        if curved > 1e-10:
            self.olds = [*self.olds, (y, step)][-self.history :]
            self.ro = [*self.ro, 1 / curved][-self.history :]
            self.scale = curved / dot(y, y)
        s["old_dirs"] = np.stack([y for y, _ in self.olds])
        s["old_stps"] = np.stack([step for _, step in self.olds])
        s["ro"] = np.array(self.ro)

    def direction(self, flat: Array, s: dict[str, Array]) -> Any:
        q, shares = -flat, []
        for (y, step), ro in zip(reversed(self.olds), reversed(self.ro), strict=True):
            shares.append(dot(step, q) * ro)
            q = q - y * shares[-1]
        d = q * self.scale
        for (y, step), ro, share in zip(self.olds, self.ro, reversed(shares), strict=True):
            d = d + step * (share - dot(y, d) * ro)
        return d

    def walk(self, loss: Loss, d: Array) -> None:
        here, self.evaluations = self.weights, 1
        t: Any = Counted(1.0, self.tally) if self.line_search else RATE
        if not self.line_search:
            self.rate, self.weights = t, self.moved(here, d, t)
            self.value, self.found = self.gradients(loss)
            return
        value, slope = self.value, dot(self.flat(self.found), d)
        while not self.fits(loss, here, d, t, value, slope):
            t = t * 0.5
            self.evaluations += 1
            assert self.evaluations < self.most
        self.rate = t

    def moved(self, here: list[Array], d: Array, t: Any) -> list[Array]:
        places = np.cumsum([w.size for w in here])[:-1]
        parts = np.split(d * t, places)
        return [w + part.reshape(w.shape) for w, part in zip(here, parts, strict=True)]

    def fits(self, loss: Loss, here: list[Array], d: Array, t: Counted, value: Counted, slope: Counted) -> bool:
        self.weights = self.moved(here, d, t)
        self.value, self.found = self.gradients(loss)
        steep = dot(self.flat(self.found), d)
        lower = self.value <= value + t * 1e-4 * slope
        flatter = abs(steep) <= -slope * 0.9
        return all([lower, flatter])


class Newton(Plain):
    """Takes the Hessian from ``hessian``, as the passes that find it are the network's work."""

    hessian: NDArray[np.float64]

    def update(self, gradients: list[Array]) -> None:
        matrix = counted(self.hessian, self.tally)
        if self.decay == "coupled":
            for i in range(len(matrix)):
                matrix[i, i] = matrix[i, i] + DECAY
        factor = self.factor(matrix)
        self.whole = {"hessian": factor}
        step = self.back(factor, self.forth(factor, np.concatenate([g.ravel() for g in gradients])))
        parts = np.split(step, np.cumsum([w.size for w in self.weights])[:-1])
        self.weights = [w - part.reshape(w.shape) for w, part in zip(self.weights, parts, strict=True)]

    def factor(self, a: Array) -> Array:
        size = len(a)
        for j in range(size):
            for i in range(j, size):
                for k in range(j):
                    a[i, j] = minus_product(a[i, j], a[i, k], a[j, k])
            a[j, j] = sqrt(a[j, j])
            for i in range(j + 1, size):
                a[i, j] = a[i, j] / a[j, j]
        return a

    def forth(self, factor: Array, x: Array) -> Array:
        for i in range(len(x)):
            for k in range(i):
                x[i] = minus_product(x[i], factor[i, k], x[k])
            x[i] = x[i] / factor[i, i]
        return x

    def back(self, factor: Array, x: Array) -> Array:
        for i in reversed(range(len(x))):
            for k in range(i + 1, len(x)):
                x[i] = minus_product(x[i], factor[k, i], x[k])
            x[i] = x[i] / factor[i, i]
        return x
