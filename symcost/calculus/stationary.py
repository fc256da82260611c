"""Where a cost is least in one size that is paid for both ways: a x for what grows with it, b/x for what it saves.

Segments of checkpoints, micro-batches of a pipeline and the like have this form: more of them cost more each, and make
something else smaller. For a x**p + b/x**q + c with positive a and b the derivative is zero at one place only,

    x* = (q b/(p a))**(1/(p + q)),  which is sqrt(b/a) for a x + b/x,

and the function falls before it and rises after it, as both of its terms are convex. So of whole numbers the best is
one of the two around x*, and that a neighbour is worse proves it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from symcost.algebra.atoms import Box, Number, exact
from symcost.algebra.division import div
from symcost.algebra.needs import first_true
from symcost.algebra.poly import NotExact, Num, Poly, evaluate, simplest, substitute, symbols_of
from symcost.algebra.ranges import lower_bound
from symcost.calculus.crossing import Formula, as_quotient
from symcost.calculus.polynomial import by_powers, polynomial
from symcost.errors import UsageError, quoted

if TYPE_CHECKING:
    import sympy

MOST_TRIED = 100_000
"""Whole numbers that are compared with one another at most."""


@dataclass(frozen=True)
class Best:
    """The whole number at which a cost is least, with its neighbours.

    Attributes:
        answer: the least of those at which the cost is least.
        value: the cost there.
        below: the cost one before it; None at the first value.
        above: the cost one after it; None at the last value.
        tried: the first and the last number for which the cost was worked out; all others cost more, as the formula
            that is nowhere above it does.
    """

    answer: int
    value: Number
    below: Number | None
    above: Number | None
    tried: tuple[int, int]


@dataclass(frozen=True)
class Least:
    """A cost a x**p + b/x**q + c that has one least value.

    Attributes:
        size: the name of x.
        rising: a, the power p with it.
        falling: b, the power q with it.
        rest: c.
        formula: all of it.
    """

    size: str
    rising: tuple[Num, int]
    falling: tuple[Num, int]
    rest: Num
    formula: Num

    @property
    def where(self) -> sympy.Expr:
        """The real x at which the cost is least, as a formula in the other sizes."""
        import sympy

        from symcost.algebra.to_sympy import to_sympy

        (a, p), (b, q) = self.rising, self.falling
        ratio = sympy.factor(to_sympy(b * q) / to_sympy(a * p))
        return sympy.powdenest(sympy.root(ratio, p + q), force=False)

    @property
    def value(self) -> sympy.Expr:
        """The cost there, a lower bound of that at whole numbers: c + 2 sqrt(a b) for a x + b/x + c."""
        import sympy

        from symcost.algebra.to_sympy import to_sympy

        (a, p), (b, q) = self.rising, self.falling
        x = self.where
        return sympy.simplify(to_sympy(a) * x**p + to_sympy(b) / x**q) + to_sympy(self.rest)

    def at(
        self,
        values: Mapping[str, Number],
        *,
        most: int | None = None,
        exactly: Callable[[int], Number] | None = None,
    ) -> Best:
        """Return the best whole number from 1 on at values of the other sizes.

        Args:
            values: of all sizes but x.
            most: the greatest number that is allowed.
            exactly: the cost itself, where the formula is only nowhere above it, as L/x is for ceil(L/x).

        Raises:
            UsageError: a size has no value, or the formula says too little of the cost.
        """
        smooth = _at(self.formula, self.size, values)
        start = self._around(smooth, values, most)
        if exactly is None:
            return _best(smooth, start, start, most)
        return _best(exactly, *self._not_above(smooth, exactly(start), start, most), most)

    def _not_above(self, smooth: Callable[[int], Number], top: Number, start: int, most: int | None) -> tuple[int, int]:
        """Return the first and the last whole number at which the formula is not above a value."""
        first = start - (first_true(lambda step: start - step < 1 or smooth(start - step) > top) or start) + 1
        last = start + (first_true(lambda step: smooth(start + step) > top) or 1) - 1
        last = last if most is None else min(last, most)
        if last - first > MOST_TRIED:
            raise UsageError(f"{self.formula} says too little of the cost: {last - first + 1:,} values of {self.size}")
        return first, last

    def _around(self, smooth: Callable[[int], Number], values: Mapping[str, Number], most: int | None) -> int:
        """Return the better of the two whole numbers around x*; at the end of the range where x* is beyond it."""
        (a, p), (b, q) = self.rising, self.falling
        ratio = Fraction(evaluate(b, values)) * q / (Fraction(evaluate(a, values)) * p)
        after = first_true(lambda x: x ** (p + q) > ratio) or 1
        low = max(after - 1, 1)
        if most is not None and after > most:
            return most
        return low if smooth(low) <= smooth(after) else after


def least(x: Formula, size: str, *, box: Box | None = None) -> Least:
    """Return where a cost is least in one of its sizes, as a formula of the others.

    Args:
        x: SymPy, or what ``Cost.poly`` holds; its smooth form is a x**p + b/x**q + c.
        size: the name of x.
        box: ranges of the other sizes, which can decide the signs of a and b; a size is positive.

    Raises:
        UsageError: the cost has not this form, or a or b is not known to be positive.
    """
    whole = _smooth(x, size)
    powers = by_powers(whole, size)
    up, down = ([power for power in powers if power * sign > 0] for sign in (1, -1))
    if len(up) != 1 or len(down) != 1:
        raise UsageError(f"{quoted(str(whole))} {_shape(size, up, down)}")
    for power in (*up, *down):
        low = lower_bound(powers[power], box or {})
        if (low is None or low <= 0) and not _positive(powers[power]):
            raise UsageError(f"the sign of {quoted(str(powers[power]))}, which stands with {size}, is not known")
    rest = simplest(powers.get(0, Poly({})))
    (p,), (q,) = up, down
    return Least(size, (simplest(powers[p]), p), (simplest(powers[q]), -q), rest, simplest(whole))


def _smooth(x: Formula, size: str) -> Poly:
    """Return the smooth form in one size, floors of others as they are."""
    try:
        return polynomial(div(*as_quotient(x)), frozenset({size}))
    except NotExact as error:
        raise UsageError(f"{quoted(str(x))} is no sum of powers of {size}: {error}") from None


def _shape(size: str, up: list[int], down: list[int]) -> str:
    if not up and not down:
        return f"does not depend on {size}"
    if not down:
        return f"is not divided by {size} anywhere: it has no least value between its ends"
    if not up:
        return f"does not grow with {size} anywhere: it has no least value between its ends"
    return f"has more than one power of {size} that grows or falls: there is no formula for its least value"


def _positive(x: Poly) -> bool:
    """Tell whether x is positive by its form: all sizes are."""
    return all(c > 0 for c in x.terms.values())


def _at(formula: Num, size: str, values: Mapping[str, Number]) -> Callable[[int], Number]:
    if missing := sorted(symbols_of(formula) - values.keys() - {size}):
        raise UsageError(f"no value for {', '.join(missing)}")
    inside = substitute(formula, {name: value for name, value in values.items() if name != size})
    return lambda x: exact(evaluate(inside, {size: x}))


def _best(cost: Callable[[int], Number], first: int, last: int, most: int | None) -> Best:
    """Return the least of a range beyond which everything costs more."""
    answer = min(range(first, last + 1), key=cost)
    below = cost(answer - 1) if answer > 1 else None
    above = cost(answer + 1) if most is None or answer < most else None
    return Best(answer, cost(answer), below, above, (first, last))
