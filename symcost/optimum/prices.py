"""Lagrange's bound of a knapsack with several budgets, and the search for good prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symcost.optimum.factor import Factor
from symcost.optimum.relaxation import Separable

RUNS = 16
"""Runs of values that one unknown is looked at in."""
_SWEEPS = 3
_HALVINGS = 12
_DOUBLINGS = 60
Vector = list[float]


@dataclass
class Knapsack:
    """What is to be great, and rows to be kept below 0, both sums over unknowns, in runs of values.

    Attributes:
        goal: for each open unknown, the greatest of its part in every run.
        rows: for each budget and open unknown, the least of its part in every run; None where it has none.
        rests: for each budget, what its parts may add up to.
        base: constant of the goal.
    """

    goal: list[Vector]
    rows: list[list[Vector | None]]
    rests: Vector
    base: float

    def bound(self, prices: Sequence[float]) -> float:
        """Return the bound at these prices."""
        result = self.base + sum(price * rest for price, rest in zip(prices, self.rests, strict=True))
        return result + sum(max(self._reduced(i, prices)) for i in range(len(self.goal)))

    def best(self, prices: Sequence[float]) -> list[int]:
        """Return, for each open unknown, the run that is worth most at these prices."""
        found = []
        for i in range(len(self.goal)):
            values = self._reduced(i, prices)
            found.append(values.index(max(values)))
        return found

    def size(self, prices: Sequence[float]) -> float:
        """Return a bound of the absolute values that ``bound`` adds up."""
        result = abs(self.base) + sum(price * abs(rest) for price, rest in zip(prices, self.rests, strict=True))
        for i, goal in enumerate(self.goal):
            result += max(map(abs, goal))
            for price, row in zip(prices, self.rows, strict=True):
                part = row[i]
                if part is not None:
                    result += price * max(map(abs, part))
        return result

    def _reduced(self, i: int, prices: Sequence[float], without: int = -1) -> Vector:
        values = self.goal[i]
        for j, row in enumerate(self.rows):
            part, price = row[i], prices[j]
            if part is not None and price and j != without:
                values = [v - price * p for v, p in zip(values, part, strict=True)]
        return values

    def improve(self, prices: Vector) -> Vector:
        """Return better prices, going along one after the other."""
        prices = list(prices)
        for _ in range(_SWEEPS if len(self.rows) > 1 else 1):
            before = list(prices)
            for j in range(len(self.rows)):
                prices[j] = self._line(j, prices)
            if all(abs(a - b) <= 0.01 * b for a, b in zip(prices, before, strict=True)):
                break
        return prices

    def _line(self, j: int, prices: Vector) -> float:
        """Return about the best price of one budget, the others kept: where its slack changes sign."""
        parts = [(self._reduced(i, prices, j), part) for i, part in enumerate(self.rows[j]) if part is not None]

        def slack(price: float) -> float:
            rest = self.rests[j]
            for values, part in parts:
                reduced = [v - price * p for v, p in zip(values, part, strict=True)]
                rest -= part[reduced.index(max(reduced))]
            return rest

        if slack(0.0) >= 0:
            return 0.0
        low, high = 0.0, prices[j] or 1.0
        for _ in range(_DOUBLINGS):
            if slack(high) >= 0:
                break
            low, high = high, 2 * high
        for _ in range(_HALVINGS):
            if high - low <= 0.002 * high:
                break
            middle = (low + high) / 2
            low, high = (low, middle) if slack(middle) >= 0 else (middle, high)
        return high


class Runs:
    """The places of a box in runs, and weighted sums over them."""

    def __init__(self, factors: Sequence[Factor], first: Sequence[int], last: Sequence[int]) -> None:
        self._factors = factors
        self.axes = [axis for axis, (a, b) in enumerate(zip(first, last, strict=True)) if a < b]
        self.runs = [_runs(first[axis], last[axis]) for axis in self.axes]
        self._number = {axis: i for i, axis in enumerate(self.axes)}
        self._logs: dict[int, tuple[Vector, Vector]] = {}
        self._plain: dict[int, tuple[Vector, Vector]] = {}

    def above(self, x: Separable) -> list[Vector]:
        """Return the greatest value of each unknown's part in every run."""
        return [part or [0.0] * len(runs) for part, runs in zip(self._parts(x, 1), self.runs, strict=True)]

    def below(self, x: Separable) -> list[Vector | None]:
        """Return the least value of each unknown's part in every run, None where it has none."""
        return self._parts(x, 0)

    def _parts(self, x: Separable, over: int) -> list[Vector | None]:
        parts: list[Vector | None] = [None] * len(self.axes)
        for weights, ends in ((x.logs, self._log_ends), (x.plain, self._plain_ends)):
            for f, weight in weights.items():
                vector = ends(f)[over if weight > 0 else 1 - over]
                i = self._number[self._factors[f].axis]
                old = parts[i]
                scaled = [weight * v for v in vector]
                parts[i] = scaled if old is None else [v + w for v, w in zip(old, scaled, strict=True)]
        return parts

    def _log_ends(self, f: int) -> tuple[Vector, Vector]:
        if f not in self._logs:
            factor = self._factors[f]
            runs = self.runs[self._number[factor.axis]]
            low = [factor.log_low(a, b) for a, b in runs]
            single = all(a == b for a, b in runs)
            self._logs[f] = low, low if single else [factor.log_high(a, b) for a, b in runs]
        return self._logs[f]

    def _plain_ends(self, f: int) -> tuple[Vector, Vector]:
        if f not in self._plain:
            factor = self._factors[f]
            runs = self.runs[self._number[factor.axis]]
            self._plain[f] = [float(factor.low(a, b)) for a, b in runs], [float(factor.high(a, b)) for a, b in runs]
        return self._plain[f]


def _runs(first: int, last: int) -> list[tuple[int, int]]:
    """Return runs of places, each for itself near 0 and in longer runs where places differ less in proportion."""
    found, longest = [], -(-(last - first + 1) // RUNS)
    while first <= last:
        end = min(last, first + min(longest - 1, first // RUNS))
        found.append((first, end))
        first = end + 1
    return found
