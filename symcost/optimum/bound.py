"""Bound what is to be greatest over a box of designs, by the relaxation, and say which design it looks to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from symcost.algebra.atoms import Number
from symcost.optimum.factor import logarithm
from symcost.optimum.goal import Goal
from symcost.optimum.limit import Limit
from symcost.optimum.prices import Knapsack, Runs
from symcost.optimum.relaxation import Separable, View, log_above, log_below, log_sum, margin, plain


class Nothing(Exception):
    """No design in a box meets all limits."""


@dataclass
class Hint:
    """What a bound over a box learned, to start from in its parts.

    Attributes:
        near: a design that is good in the relaxation.
        prices: of the limits, by their number.
        weights: how much depends on each unknown, by its number.
    """

    near: list[int]
    prices: dict[int, float]
    weights: dict[int, float]


class Bounder:
    """Bounds for one goal under one list of limits."""

    def __init__(self, goal: Goal, limits: Sequence[Limit]) -> None:
        self._goal, self._limits = goal, limits
        self._factors = goal.above.factors

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
        near = [min(max(p, a), b) for p, a, b in zip(hint.near, first, last, strict=True)]
        try:
            return self._bound(first, last, near, hint, limits, enough)
        except (OverflowError, ValueError):  # floats do not reach so far: the exact bounds remain
            return None

    def _bound(
        self,
        first: Sequence[int],
        last: Sequence[int],
        near: list[int],
        hint: Hint,
        limits: Sequence[int],
        enough: Number | None,
    ) -> Number | None:
        goal = self._separable_goal(first, last, near)
        if goal is None:
            return None
        rows = self._rows(first, last, near, limits)
        runs = Runs(self._factors, first, last)
        knapsack = Knapsack(
            runs.above(goal.part),
            [runs.below(row) for row, _, _ in rows],
            [rest - row.constant for row, rest, _ in rows],
            goal.part.constant,
        )
        prices = [hint.prices.get(number, 1.0) for _, _, number in rows]
        slack = self._slack(knapsack, prices, goal.part, rows)
        result = goal.value(knapsack.bound(prices) + slack)
        if enough is None or result is None or result > enough:
            better = knapsack.improve(prices)
            found = goal.value(knapsack.bound(better) + self._slack(knapsack, better, goal.part, rows))
            if found is not None and (result is None or found <= result):
                prices, result = better, found
        self._learn(hint, runs, knapsack, prices, near, [number for _, _, number in rows])
        return result

    def _slack(
        self, knapsack: Knapsack, prices: Sequence[float], goal: Separable, rows: Sequence[tuple[Separable, float, int]]
    ) -> float:
        parts = goal.parts + len(knapsack.goal) * (len(rows) + 1)
        parts += sum(row.parts + len(row.logs) + len(row.plain) for row, _, _ in rows)
        size = goal.size + knapsack.size(prices)
        size += sum(price * (row.size + abs(rest)) for price, (row, rest, _) in zip(prices, rows, strict=True))
        return margin(parts + len(goal.logs) + len(goal.plain), size)

    def _separable_goal(self, first: Sequence[int], last: Sequence[int], near: Sequence[int]) -> _Gain | None:
        goal, factors = self._goal, self._factors
        if goal.below is not None:
            return self._separable_quotient(first, last, near)
        gain, loss = (View(goal.above, sign, first, last, over=sign > 0) for sign in (1, -1))
        base = goal.above.constant + gain.rest - loss.rest
        if gain.products:
            base -= loss.bound()
            as_it_is = self._plain(gain, near, base, 1)
            return as_it_is or _Gain(goal, log_above(gain.products, factors, first, last, near), base, 1)
        if loss.products:
            as_it_is = self._plain(loss, near, base, -1)
            return as_it_is or _Gain(goal, log_below(loss.products, factors, near).minus(), base, -1)
        return None

    def _plain(self, view: View, near: Sequence[int], base: Number, sign: int) -> _Gain | None:
        """Return a goal of products of one unknown each, as it is."""
        if len(view.products) == 1:
            return None
        factors = self._factors
        values = (c + sum(factors[f].logs[near[factors[f].axis]] for f in still) for c, still in view.products)
        unit = log_sum(values)
        found = plain(view.products, unit)
        if found is None:
            return None
        return _Gain(self._goal, found if sign > 0 else found.minus(), base, sign, exp(unit))

    def _separable_quotient(self, first: Sequence[int], last: Sequence[int], near: Sequence[int]) -> _Gain | None:
        goal, factors = self._goal, self._factors
        assert goal.below is not None
        views = [View(form, 1, first, last, over=form is goal.above) for form in (goal.above, goal.below)]
        losses = [View(form, -1, first, last, over=form is goal.below) for form in (goal.above, goal.below)]
        rests = [f.constant + v.rest for f, v in zip((goal.above, goal.below), views, strict=True)]
        if any(view.products or view.rest for view in losses) or min(rests) < 0 or not any(v.products for v in views):
            return None
        for view, rest in zip(views, rests, strict=True):
            if rest:
                view.products.append((logarithm(rest), ()))
        if not all(view.products for view in views):
            return None
        above = log_above(views[0].products, factors, first, last, near)
        return _Gain(goal, above.plus(log_below(views[1].products, factors, near).minus()), 0, 1)

    def _rows(
        self, first: Sequence[int], last: Sequence[int], near: Sequence[int], limits: Sequence[int]
    ) -> list[tuple[Separable, float, int]]:
        """Return the limits that the relaxation knows as rows.

        Raises:
            Nothing: one of them cannot be met.
        """
        rows = []
        for number in limits:
            limit = self._limits[number]
            form = limit.form
            more, less = View(form, 1, first, last, over=False), View(form, -1, first, last, over=True)
            rest = limit.bound - form.constant - more.rest + less.rest
            if more.products:
                allowed = rest + less.bound()
                if allowed <= 0:
                    raise Nothing
                unit = logarithm(allowed)
                as_it_is = plain(more.products, unit)
                row = log_below(more.products, self._factors, near) if as_it_is is None else as_it_is
                rows.append((row, unit if as_it_is is None else 1.0, number))
            elif less.products and rest < 0:
                unit = logarithm(-rest)
                as_it_is = plain(less.products, unit)
                row = log_above(less.products, self._factors, first, last, near) if as_it_is is None else as_it_is
                rows.append((row.minus(), -unit if as_it_is is None else -1.0, number))
        return rows

    def _learn(
        self, hint: Hint, runs: Runs, knapsack: Knapsack, prices: Sequence[float], near: list[int], numbers: list[int]
    ) -> None:
        for axis, places, best in zip(runs.axes, runs.runs, knapsack.best(prices), strict=True):
            near[axis] = sum(places[best]) // 2
        hint.near = near
        hint.prices = dict(zip(numbers, prices, strict=True))
        hint.weights = {}
        for i, axis in enumerate(runs.axes):
            weight = max(knapsack.goal[i]) - min(knapsack.goal[i])
            for price, row in zip(prices, knapsack.rows, strict=True):
                part = row[i]
                if part is not None:
                    weight += price * (max(part) - min(part))
            hint.weights[axis] = weight


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
        if bound > _LARGEST:
            return None
        return self.base + self.goal.rounded(self.sign * exp(self.sign * bound))


_LARGEST = 700.0
"""Where exp still is a float."""
