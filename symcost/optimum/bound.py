"""Bound what is to be greatest over a box of designs, by the relaxation, and say which design it looks to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from symcost.algebra.atoms import Number
from symcost.optimum.factor import Factor, logarithm
from symcost.optimum.form import Form
from symcost.optimum.goal import Goal
from symcost.optimum.limit import Limit
from symcost.optimum.prices import Knapsack, Runs
from symcost.optimum.relaxation import Products, Separable, View, log_above, log_below, log_sum, margin, plain

_FIRST, _LATER = 30, 1
"""Rounds on the first box, and on boxes that start where the one around them ended."""


class Nothing(Exception):
    """No design in a box meets all limits."""


@dataclass
class Hint:
    """What a bound over a box learned, to start from in its parts.

    Attributes:
        near: a point that is good in the relaxation, in places that need not be whole.
        point: the design next to it.
        prices: of the limits, by their number.
        weights: how much depends on each unknown, by its number.
    """

    near: list[float]
    point: list[int]
    prices: dict[int, float]
    weights: dict[int, float]


class Bounder:
    """Bounds for one goal under one list of limits."""

    def __init__(self, goal: Goal, limits: Sequence[Limit]) -> None:
        self._goal, self._limits = goal, limits

    def bound(
        self, first: Sequence[int], last: Sequence[int], hint: Hint, limits: Sequence[int], enough: Number | None
    ) -> Number | None:
        """Return an upper bound over a box, None where there is none to be had; ``hint`` is brought up to date.

        Args:
            first: one corner.
            last: the other corner.
            hint: of a box around it.
            limits: numbers of those that are still open.
            enough: a value below which no better bound is looked for.

        Raises:
            Nothing: no design there meets all limits.
        """
        near = [min(max(p, float(a)), float(b)) for p, a, b in zip(hint.near, first, last, strict=True)]
        try:
            return _Work(self._goal, [(n, self._limits[n]) for n in limits], first, last).bound(near, hint, enough)
        except (OverflowError, ValueError, ZeroDivisionError):  # floats do not reach so far: the exact bounds remain
            return None


class _Work:
    """The relaxation on one box."""

    def __init__(
        self, goal: Goal, limits: Sequence[tuple[int, Limit]], first: Sequence[int], last: Sequence[int]
    ) -> None:
        self._goal, self._first, self._last = goal, first, last
        self._factors = goal.above.factors
        self._runs = Runs(self._factors, first, last)
        self._reach = 0.0
        self._sides = self._views(goal.above), (None if goal.below is None else self._views(goal.below, turned=True))
        self._limits = [row for number, limit in limits for row in self._row(number, limit)]
        self._open = sorted({f for products in self._products() for _, still in products for f in still})

    def bound(self, near: list[float], hint: Hint, enough: Number | None) -> Number | None:
        """Return an upper bound, in rounds that move the point at which the relaxation is exact."""
        prices = [hint.prices.get(row.number, 1.0) for row in self._limits]
        result: Number | None = None
        rounds = _FIRST if not hint.weights else _LATER
        for count in range(rounds):
            goal, rows = self._separable(near)
            if goal is None:
                return None
            knapsack = self._knapsack(goal, rows)
            if count == 0:
                result = goal.value(knapsack.bound(prices) + self._slack(knapsack, prices, goal.part, rows))
            if not _open(result, enough):
                break
            prices = knapsack.improve(prices)
            found = goal.value(knapsack.bound(prices) + self._slack(knapsack, prices, goal.part, rows))
            result = found if result is None or (found is not None and found < result) else result
            step = 2 / (count + 3) if rounds == _FIRST else 0.3
            for axis, places, best in zip(self._runs.axes, self._runs.runs, knapsack.best(prices), strict=True):
                near[axis] += step * (sum(places[best]) / 2 - near[axis])
        self._learn(hint, knapsack, prices, near)
        return result

    def _views(self, form: Form, *, turned: bool = False) -> tuple[View, View]:
        """Return the terms to be bounded from above and from below, the other way round where turned."""
        first, last = self._first, self._last
        views = View(form, 1, first, last, over=not turned), View(form, -1, first, last, over=turned)
        self._reach = max(self._reach, *(view.reach for view in views))
        return views

    def _row(self, number: int, limit: Limit) -> list[_Row]:
        """Return what a limit comes to in the relaxation, nothing where that does not know it.

        Raises:
            Nothing: it cannot be met.
        """
        more, less = self._views(limit.form, turned=True)
        rest = limit.bound - limit.form.constant - more.rest + less.rest
        if more.products:
            allowed = rest + less.bound()
            if allowed <= 0:
                raise Nothing
            return [_Row(number, more.products, self._log(allowed), below=True)]
        if less.products and rest < 0:
            return [_Row(number, less.products, self._log(-rest), below=False)]
        return []

    def _log(self, x: Number) -> float:
        found = logarithm(x)
        self._reach = max(self._reach, abs(found))
        return found

    def _products(self) -> Iterator[Products]:
        for views in self._sides:
            for view in views or ():
                yield view.products
        for row in self._limits:
            yield row.products

    def _separable(self, near: Sequence[float]) -> tuple[_Gain | None, list[tuple[Separable, float]]]:
        """Return the goal and the limits in functions of one unknown, exact near a point."""
        there = {f: self._log_at(self._factors[f], near) for f in self._open}
        goal = self._gain(there) if self._sides[1] is None else self._quotient(there)
        rows = []
        for row in self._limits:
            found = plain(row.products, row.unit)
            end = 1.0 if found is not None else row.unit
            if found is None and row.below:
                found = log_below(row.products, there)
            elif found is None:
                found = log_above(row.products, self._factors, self._first, self._last, there)
            rows.append((found, end) if row.below else (found.minus(), -end))
        return goal, rows

    def _log_at(self, factor: Factor, near: Sequence[float]) -> float:
        """Return the logarithm of a factor, between two places in between."""
        place = int(near[factor.axis])
        part = near[factor.axis] - place
        low = factor.logs[place]
        return low + part * (factor.logs[place + 1] - low) if part > 0.0 else low

    def _gain(self, there: Mapping[int, float]) -> _Gain | None:
        goal, (gain, loss) = self._goal, self._sides[0]
        base = goal.above.constant + gain.rest - loss.rest
        view, sign = (gain, 1) if gain.products else (loss, -1)
        if not view.products:
            return None
        if gain.products:
            base -= loss.bound()
        unit = log_sum(c + sum(there[f] for f in still) for c, still in view.products)
        normal = abs(unit) <= _LARGEST
        as_it_is = plain(view.products, unit) if normal and len(view.products) > 1 else None
        if as_it_is is not None:
            return _Gain(goal, as_it_is if sign > 0 else as_it_is.minus(), base, sign, exp(unit))
        if sign > 0:
            return _Gain(goal, log_above(view.products, self._factors, self._first, self._last, there), base, 1)
        return _Gain(goal, log_below(view.products, there).minus(), base, -1)

    def _quotient(self, there: Mapping[int, float]) -> _Gain | None:
        goal, (gain, loss), below = self._goal, self._sides[0], self._sides[1]
        assert goal.below is not None
        assert below is not None
        rests = goal.above.constant + gain.rest, goal.below.constant + below[0].rest
        lost = any(view.products or view.rest for view in (loss, below[1]))
        if lost or min(rests) < 0 or not (gain.products or below[0].products):
            return None
        sides = [
            [*v.products, *([(self._log(r), ())] if r else [])] for v, r in zip((gain, below[0]), rests, strict=True)
        ]
        if not all(sides):
            return None
        above = log_above(sides[0], self._factors, self._first, self._last, there)
        return _Gain(goal, above.plus(log_below(sides[1], there).minus()), 0, 1)

    def _knapsack(self, goal: _Gain, rows: Sequence[tuple[Separable, float]]) -> Knapsack:
        return Knapsack(
            self._runs.above(goal.part),
            [self._runs.below(row) for row, _ in rows],
            [rest - row.constant for row, rest in rows],
            goal.part.constant,
        )

    def _slack(
        self, knapsack: Knapsack, prices: Sequence[float], goal: Separable, rows: Sequence[tuple[Separable, float]]
    ) -> float:
        parts = goal.parts + len(knapsack.goal) * (len(rows) + 1)
        parts += sum(row.parts + len(row.logs) + len(row.plain) for row, _ in rows)
        size = goal.size + knapsack.size(prices)
        size += sum(price * (1 + row.size + abs(rest)) for price, (row, rest) in zip(prices, rows, strict=True))
        return margin(parts + len(goal.logs) + len(goal.plain), size, self._reach)

    def _learn(self, hint: Hint, knapsack: Knapsack, prices: Sequence[float], near: list[float]) -> None:
        hint.near = near
        hint.point = [min(max(round(p), a), b) for p, a, b in zip(near, self._first, self._last, strict=True)]
        hint.prices = {row.number: price for row, price in zip(self._limits, prices, strict=True)}
        hint.weights = {}
        for i, axis in enumerate(self._runs.axes):
            weight = max(knapsack.goal[i]) - min(knapsack.goal[i])
            for price, row in zip(prices, knapsack.rows, strict=True):
                part = row[i]
                if part is not None:
                    weight += price * (max(part) - min(part))
            hint.weights[axis] = weight


@dataclass(frozen=True)
class _Row:
    """A limit: the logarithm of a sum of products is to be at most a unit, at least where not ``below``."""

    number: int
    products: Products
    unit: float
    below: bool


def _open(bound: Number | None, enough: Number | None) -> bool:
    return bound is None or enough is None or bound > enough


@dataclass
class _Gain:
    """The goal is ``base + sign * exp(sign * part)``, or ``base + unit * part`` where there is a unit."""

    goal: Goal
    part: Separable
    base: Number
    sign: int
    unit: float | None = None

    def value(self, bound: float) -> Number | None:
        """Return the bound of the goal that a bound of ``part`` comes to.

        exp and the last product are right to a unit or two of 2**-52, which the margin of their argument covers.
        """
        if self.unit is not None:
            return self.base + self.goal.rounded(self.unit * bound)
        if abs(bound) > _LARGEST:
            return None
        return self.base + self.goal.rounded(self.sign * exp(self.sign * bound))


_LARGEST = 700.0
"""Where exp still is a float, and a normal one: below, a bound would come out as 0."""
