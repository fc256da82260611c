"""Numbers that count what is done to them, so that a formula spelled out once says what it costs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from symcost.ops.facts import Facts, Work
from tests.ops.apply import apply, make

Array: TypeAlias = NDArray[Any]


@dataclass(eq=False)
class Counted:
    """A float and the tally of work that made it and others. A change of sign and an absolute value are free."""

    value: float
    tally: Counter[str]

    def _did(self, kind: str, value: float) -> Counted:
        self.tally[kind] += 1
        return Counted(value, self.tally)

    def __add__(self, other: Real) -> Counted:
        return self._did("add", self.value + plain(other))

    def __radd__(self, other: float) -> Counted:
        return self._did("add", other + self.value)

    def __sub__(self, other: Real) -> Counted:
        return self._did("add", self.value - plain(other))

    def __rsub__(self, other: float) -> Counted:
        return self._did("add", other - self.value)

    def __mul__(self, other: Real) -> Counted:
        return self._did("mul", self.value * plain(other))

    def __rmul__(self, other: float) -> Counted:
        return self._did("mul", other * self.value)

    def __truediv__(self, other: Real) -> Counted:
        return self._did("div", self.value / plain(other))

    def __rtruediv__(self, other: float) -> Counted:
        return self._did("div", other / self.value)

    def __neg__(self) -> Counted:
        return Counted(-self.value, self.tally)

    def __abs__(self) -> Counted:
        return Counted(abs(self.value), self.tally)

    def _compared(self, holds: bool) -> bool:
        self.tally["compare"] += 1
        return holds

    def __gt__(self, other: Real) -> bool:
        return self._compared(self.value > plain(other))

    def __ge__(self, other: Real) -> bool:
        return self._compared(self.value >= plain(other))

    def __lt__(self, other: Real) -> bool:
        return self._compared(self.value < plain(other))

    def __le__(self, other: Real) -> bool:
        return self._compared(self.value <= plain(other))


Real: TypeAlias = Counted | float


def plain(x: Real) -> float:
    return x.value if isinstance(x, Counted) else x


def _counted(kind: str, function: Callable[[float], float]) -> Any:
    def apply(x: Counted) -> Counted:
        return x._did(kind, function(x.value))

    return apply


exp = _counted("exp", math.exp)
log = _counted("log", math.log)
tanh = _counted("tanh", math.tanh)
erf = _counted("erf", math.erf)
sqrt = _counted("sqrt", math.sqrt)


def where(condition: bool, yes: Real, no: Real) -> Any:
    """Choose for free between two values that have both been made."""
    return yes if condition else no


def largest(x: Counted, other: float) -> Counted:
    return x if x > other else Counted(other, x.tally)


def least(x: Counted, other: float) -> Counted:
    return x if x < other else Counted(other, x.tally)


def counted(values: Any, tally: Counter[str]) -> Array:
    """Return an array of counting numbers."""
    return np.asarray(np.vectorize(lambda v: Counted(float(v), tally), otypes=[object])(np.asarray(values)))


def uncounted(array: Array) -> NDArray[np.float64]:
    """Return the values of an array of counting numbers."""
    return np.asarray(np.vectorize(plain, otypes=[float])(array))


def product(a: Array, b: Array) -> Array:
    """Return the matrix product; a tally of one of the two sides counts a mac for each pair."""
    left, right = (np.asarray(np.vectorize(plain, otypes=[float])(x)) for x in (a, b))
    found = left @ right
    tally = next(x.tally for x in (a.flat[0], b.flat[0]) if isinstance(x, Counted))
    tally["mac"] += found.size * a.shape[-1]
    return counted(found, tally)


def each(function: Any, array: Array) -> Array:
    """Apply a function to every counting number of an array."""
    return np.asarray(np.vectorize(function, otypes=[object])(array))


def at(tag: str, *ins: tuple[int, ...], **fields: Any) -> Facts:
    """Return the facts of an op on plain sizes."""
    return apply(make(tag, fields), ins)


def check(work: Work, formula: Callable[..., Array | tuple[Array, ...]], *values: Array) -> None:
    """Compare work with what a formula does to these values; other numbers in it are constants."""
    tally: Counter[str] = Counter()
    formula(*(counted(v, tally) for v in values))
    assert tally == work


def check_gradient(forward: Callable[..., Array], back: Callable[..., Array], x: Array) -> None:
    """Compare a gradient with differences of the sum of g y."""
    g = np.random.default_rng(5).normal(size=uncounted(forward(counted(x, Counter()))).shape)
    got = uncounted(back(counted(g, Counter()), counted(x, Counter())))

    def loss(values: Array) -> float:
        return float((g * uncounted(forward(counted(values, Counter())))).sum())

    for place in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[place] = 1e-6
        assert got[place] == pytest.approx((loss(x + step) - loss(x - step)) / 2e-6, abs=1e-5)
