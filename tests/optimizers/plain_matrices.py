"""Rules that see the axes of a tensor, written out in NumPy as in ``plain``."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.ops.counting import Array, Counted, counted, each, largest, least, product, sqrt
from tests.optimizers.plain import FADE, RATE, Adam, Plain, length, root


class Adafactor(Plain):
    def shrink(self) -> None:
        """Leave it to later: the step is at the scale of the weights before they shrink."""

    def begin(self) -> None:
        for w, s in zip(self.weights, self.state, strict=True):
            if w.ndim < 2:
                s["variance"] = counted(np.zeros(w.shape), self.tally)
            else:
                s["row_var"] = counted(np.zeros((*w.shape[:-1], 1)), self.tally)
                s["col_var"] = counted(np.zeros((*w.shape[:-2], 1, w.shape[-1])), self.tally)

    def scalars(self, t: Counted) -> Any:
        new = t._did("pow", t.value**-0.8)
        return (1 - new, new), least(1 / sqrt(t), RATE)

    def one(self, w: Array, g: Array, s: dict[str, Array], scalars: Any) -> Any:
        shares, rate = scalars
        alpha = largest(rms(w), 1e-3) * rate
        v = self.vector(g, s, shares) if w.ndim < 2 else self.matrix(g, s, shares)
        u = g / root(each(lambda x: largest(x, 1e-16), v))
        bound = largest(rms(u) * (1 / 1.5), 1.0)
        return self.smaller(w) - u * (alpha / bound)

    def vector(self, g: Array, s: dict[str, Array], shares: tuple[Counted, Counted]) -> Any:
        s["variance"] = mixed(s["variance"], g * g, shares)
        return s["variance"]

    def matrix(self, g: Array, s: dict[str, Array], shares: tuple[Counted, Counted]) -> Any:
        squares = g * g
        s["row_var"] = mixed(s["row_var"], squares.sum(-1, keepdims=True) / g.shape[-1], shares)
        s["col_var"] = mixed(s["col_var"], squares.sum(-2, keepdims=True) / g.shape[-2], shares)
        rows = s["row_var"]
        level = each(lambda x: largest(x, 1e-8), rows.sum(-2, keepdims=True) / rows.shape[-2])
        return rows * s["col_var"] / level


def rms(x: Array) -> Counted:
    found: Counted = sqrt((x * x).sum() / x.size)
    return found


def mixed(old: Array, new: Array, shares: tuple[Counted, Counted]) -> Any:
    return old * shares[0] + new * shares[1]


class Muon(Plain):
    """Matrices and kernels are hidden, vectors are not."""

    nesterov = True
    ns_steps = 5
    stack = 0

    def begin(self) -> None:
        self.rest = Adam([])
        self.rest.tally = self.tally
        for w, s in zip(self.weights, self.state, strict=True):
            names = ("momentum_buffer",) if w.ndim >= 2 + self.stack else ("exp_avg", "exp_avg_sq")
            s |= {name: counted(np.zeros(w.shape), self.tally) for name in names}

    def scalars(self, t: Counted) -> Any:
        return self.rest.scalars(t)

    def one(self, w: Array, g: Array, s: dict[str, Array], scalars: Any) -> Any:
        if "exp_avg" in s:
            return self.rest.one(w, g, s, scalars)
        s["momentum_buffer"] = s["momentum_buffer"] * FADE + g * (1 - FADE)
        x = s["momentum_buffer"] * FADE + g * (1 - FADE) if self.nesterov else s["momentum_buffer"]
        matrices = x.reshape(-1, w.shape[self.stack], int(np.prod(w.shape[self.stack + 1 :])))
        made = np.stack([self.orthogonal(matrix) for matrix in matrices]).reshape(w.shape)
        rows, columns = matrices.shape[1:]
        return w - made * (RATE * max(1, rows / columns) ** 0.5)

    def orthogonal(self, x: Array) -> Array:
        if x.shape[0] > x.shape[1]:
            return self.orthogonal(x.T).T
        a, b, c = 3.4445, -4.7750, 2.0315
        x = x / largest(length(x), 1e-7)
        for _ in range(self.ns_steps):
            square = product(x, x.T)
            x = x * a + product(square * b + product(square, square) * c, x)
        return x
