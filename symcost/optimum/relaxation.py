r"""Bounds by geometric programming: what products and sums of products allow, unknown by unknown.

Let a budget say p_1(x) + ... + p_K(x) <= R with positive products p_k. For weights w_k > 0 that add up to 1, the
inequality of arithmetic and geometric means gives

    log R >= log sum p_k(x) >= sum w_k (log p_k(x) - log w_k),

and log p_k is a sum of functions of one unknown each. So is the right-hand side: the budget has become a knapsack in
which every unknown has a size for each of its values. Weights equal to the shares p_k/sum p at a design make it an
equality there (Duffin, Peterson and Zener 1967, Geometric Programming, ch. IV; "condensation").

What is to be made great, q_1(x) + ... + q_J(x), is bounded from above in the same currency. A product common to all
is taken out. What is left is bounded by a sum of functions of one unknown: for factors f and g between ends a <= f <= A
and b <= g <= B, both (A - f)(g - b) >= 0 and (f - a)(B - g) >= 0, so that

    f g <= A g + b f - A b    and    f g <= a g + B f - a B

(McCormick 1976), and longer products go factor by factor. Last, log s <= log s0 + s/s0 - 1.

Once every product has a single unknown left, a sum of products is a sum of functions of one unknown as it stands, and
takes the place of its logarithm.

With a price lambda_j >= 0 for each budget (Lagrange), for every design within the budgets

    U(x) <= sum lambda_j R_j + sum_i max over x_i of (U_i(x_i) - sum_j lambda_j h_ji(x_i)),

for any prices at all, so that the search for good ones needs no proof. Where an unknown has many values, runs of
values stand for themselves with the greatest U_i and the least h_ji that they hold.

Floats. Every number here is a sum of at most n products of logarithms, or of exponentials of such sums, each
correctly rounded to a few units of 2**-52 relative to itself. If S bounds the sum of the absolute values of all that
is added up, and R that of the logarithms in one product, the result is off by at most n 2**-48 S max(1, R/64): a
logarithm's error grows with it, and an exponential's relative error is the error of its exponent. This margin, with n
counted generously, is added before a bound leaves this module, and bounds are compared with exact numbers exactly. So
no design is ever lost by rounding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, fsum, inf, log, nextafter, prod

from symcost.algebra.atoms import Number
from symcost.optimum.factor import Factor, logarithm
from symcost.optimum.form import Form
from symcost.optimum.terms import Term

_LEAST_SHARE = 1e-13
Ends = Mapping[int, tuple[float, float]]
"""Least and greatest logarithm of factors on a box."""
Products = list[tuple[float, tuple[int, ...]]]
"""The logarithm of what is settled in a product of positive factors, and the factors that are open."""


@dataclass
class Separable:
    """A constant, plus weights times logarithms of factors and weights times factors.

    Attributes:
        constant: the part without unknowns.
        logs: weights of logarithms.
        plain: weights of factors themselves.
        size: bound of the absolute values that were added up in ``constant``.
        parts: how many numbers were added up.
    """

    constant: float = 0.0
    logs: dict[int, float] = field(default_factory=dict)
    plain: dict[int, float] = field(default_factory=dict)
    size: float = 0.0
    parts: int = 0

    def minus(self) -> Separable:
        """Return the same with its sign changed."""
        logs, plain = ({f: -w for f, w in weights.items()} for weights in (self.logs, self.plain))
        return Separable(-self.constant, logs, plain, self.size, self.parts)

    def plus(self, other: Separable) -> Separable:
        """Return the sum of two."""
        logs, plain = dict(self.logs), dict(self.plain)
        for mine, theirs in ((logs, other.logs), (plain, other.plain)):
            for f, weight in theirs.items():
                mine[f] = mine.get(f, 0.0) + weight
        size, parts = self.size + other.size, self.parts + other.parts
        return Separable(self.constant + other.constant, logs, plain, size, parts)


class View:
    """The terms of a form on a box, apart by sign: products that are open, and what the rest comes to.

    Attributes:
        products: open products.
        rest: exact bound of everything else of that sign.
        reach: bound of the absolute values of the logarithms in one open product.
    """

    def __init__(self, form: Form, sign: int, first: Sequence[int], last: Sequence[int], *, over: bool) -> None:
        self._form, self._first, self._last, self._over = form, first, last, over
        self.products: Products = []
        self.rest: Number = 0
        self.reach = 0.0
        self._open: list[Term] = []
        for term in form.terms:
            if (term.c > 0) == (sign > 0):
                self._add(term if sign > 0 else term._replace(c=-term.c))

    def _add(self, term: Term) -> None:
        """Add a term with a positive coefficient."""
        form, first, last = self._form, self._first, self._last
        settled, still = logarithm(term.c), []
        reach = abs(settled)
        for f in term.singles:
            factor = form.factors[f]
            a, b = first[factor.axis], last[factor.axis]
            if a == b:
                settled += factor.logs[a]
            else:
                still.append(f)
            low_end = factor.log_low(a, b) if factor.positive else -inf
            if low_end == -inf:
                return self._settle(term)
            reach += max(abs(low_end), abs(factor.log_high(a, b)))
        for joint in term.joints:
            low, high = joint.range(first, last)
            if low <= 0:
                return self._settle(term)
            joined = logarithm(high if self._over else low)
            settled += joined
            reach += abs(joined)
        if not still:
            return self._settle(term)
        self.products.append((settled, tuple(still)))
        self._open.append(term)
        self.reach = max(self.reach, reach)
        return None

    def bound(self) -> Number:
        """Return an exact bound of the open products."""
        return sum(self._end(term) for term in self._open)

    def _settle(self, term: Term) -> None:
        self.rest += self._end(term)

    def _end(self, term: Term) -> Number:
        """Return the least or greatest value of a term."""
        return self._form.interval(term, self._first, self._last)[self._over]


def log_above(products: Products, factors: Sequence[Factor], first: Sequence[int], last: Sequence[int],
              there: Mapping[int, float]) -> Separable:  # fmt: skip
    """Return an upper bound of the logarithm of a sum of positive products, close to it where factors' logarithms are.

    Args:
        products: what is added up.
        factors: all there are.
        first: one corner of the box.
        last: the other corner.
        there: logarithms of the open factors at a point.
    """
    shared = set(products[0][1]).intersection(*(still for _, still in products))
    left = [(c, [f for f in still if f not in shared]) for c, still in products]
    unit = log_sum(c + sum(there[f] for f in still) for c, still in left)
    found = Separable(unit - 1, dict.fromkeys(sorted(shared), 1.0), {}, abs(unit) + 1, len(products) + len(shared))
    for settled, still in left:
        c = settled - unit
        found.parts += 4 + 8 * len(still)
        if not still:
            found.constant += exp(c)
            found.size += exp(c)
        elif len(still) == 1:
            found.plain[still[0]] = found.plain.get(still[0], 0.0) + exp(c)
        else:
            _envelope(found, c, still, factors, _ends(still, factors, first, last), there)
    return found


def _envelope(found: Separable, c: float, still: Sequence[int], factors: Sequence[Factor], ends: Ends,
              there: Mapping[int, float]) -> None:  # fmt: skip
    """Add an upper bound of exp(c) times a product, one factor after the other, by the better plane at a point."""
    f, rest = still[0], still[1:]
    if not rest:
        found.plain[f] = found.plain.get(f, 0.0) + exp(c)
        return
    (low, high), *others = ([exp(end) for end in ends[g]] for g in still)
    rest_low, rest_high = prod(a for a, _ in others), prod(b for _, b in others)
    own, other = exp(there[f]), exp(sum(there[g] for g in rest))
    upper = (high - low) * other < own * (rest_high - rest_low) + high * rest_low - low * rest_high
    end, slope = (ends[f][1], rest_low) if upper else (ends[f][0], rest_high)
    weight, corner = exp(c) * slope, exp(c + end) * slope
    found.plain[f] = found.plain.get(f, 0.0) + weight
    found.constant -= corner
    found.size += corner
    _envelope(found, c + end, rest, factors, ends, there)


def plain(products: Products, unit: float) -> Separable | None:
    """Return a sum of products of one unknown each as it is, over exp(unit); None where a product has several."""
    found = Separable(parts=2 * len(products))
    for c, still in products:
        if len(still) > 1:
            return None
        weight = exp(c - unit)
        if still:
            found.plain[still[0]] = found.plain.get(still[0], 0.0) + weight
        else:
            found.constant, found.size = found.constant + weight, found.size + weight
    return found


def log_below(products: Products, there: Mapping[int, float]) -> Separable:
    """Return a lower bound of the logarithm of a sum of positive products, exact where factors' logarithms are."""
    values = [c + sum(there[f] for f in still) for c, still in products]
    top = log_sum(values)
    kept = [(exp(t - top), c, still) for t, (c, still) in zip(values, products, strict=True)]
    kept = [part for part in kept if part[0] > _LEAST_SHARE]
    whole = fsum(share for share, _, _ in kept)
    found = Separable(parts=4 * len(kept))
    for share, c, still in kept:
        weight = share / whole
        found.constant += weight * (c - log(weight))
        found.size += weight * (abs(c) + abs(log(weight)))
        found.parts += len(still)
        for f in still:
            found.logs[f] = found.logs.get(f, 0.0) + weight
    return found


def _ends(still: Sequence[int], factors: Sequence[Factor], first: Sequence[int], last: Sequence[int]) -> Ends:
    found = {}
    for f in still:
        a, b = first[factors[f].axis], last[factors[f].axis]
        found[f] = factors[f].log_low(a, b), factors[f].log_high(a, b)
    return found


def log_sum(logs: Iterable[float]) -> float:
    """Return the logarithm of a sum of numbers that are given by their logarithms."""
    values = list(logs)
    top = max(values)
    return top + log(fsum(exp(value - top) for value in values))


def margin(parts: int, size: float, reach: float) -> float:
    """Return what floats may be off by, as the module's docstring has it."""
    return nextafter((parts + 64) * 2.0**-48 * (1.0 + size) * max(1.0, reach / 64), inf)
