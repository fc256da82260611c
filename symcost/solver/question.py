"""What is asked: one unknown size, its range and steps, and every formula with all other sizes put in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from symcost.algebra.atoms import Number, exact
from symcost.algebra.needs import AtLeast, Divides, Equal, Need
from symcost.algebra.poly import Num, evaluate, substitute, symbol
from symcost.bindings import bind
from symcost.cost import Cost
from symcost.errors import UsageError, did_you_mean
from symcost.solver.budget import Budget
from symcost.solver.track import K
from symcost.spec.symbols import Symbol, read_number

RATIO_STEP = Fraction(1, 100)
Range = tuple[Number | str | None, Number | str | None]


@dataclass(frozen=True)
class Question:
    """A question with one unknown x = step * k, k a whole number from ``low`` to ``high``.

    Attributes:
        cost: what the formulas come from.
        unknown: name of the unknown.
        at: values of all other sizes.
        budgets: what is to be met.
        step: distance of neighbouring values of the unknown.
        low: least k.
        high: greatest k, None for no end.
        ends: least and greatest value asked for or declared, whether or not they are multiples of the step.
        smallest: whether the least x is asked for, not the greatest.
    """

    cost: Cost
    unknown: str
    at: Mapping[str, Number]
    budgets: tuple[Budget, ...]
    step: Number
    low: int
    high: int | None
    ends: tuple[Number, Number | None]
    smallest: bool

    def formula(self, metric: str) -> Num:
        """Return a metric as a formula in k."""
        return substitute(self.cost.poly(metric), self._in_k)

    def needs(self) -> list[Need]:
        """Return the open conditions on the unknown, in k."""
        return [_put(need, self._in_k) for need, _ in self.cost.needs if self.unknown in need.symbols]

    def x(self, k: int) -> Number:
        """Return the unknown's value."""
        return exact(self.step * k)

    @property
    def _in_k(self) -> dict[str, Num]:
        return {**self.at, self.unknown: symbol(K, "index") * self.step}


def _put(need: Need, mapping: Mapping[str, Num]) -> Need:
    match need:
        case Equal():
            return Equal(substitute(need.a, mapping), substitute(need.b, mapping))
        case AtLeast():
            return AtLeast(substitute(need.a, mapping), need.least)
        case Divides():
            return Divides(substitute(need.n, mapping), substitute(need.a, mapping))


def ask(
    cost: Cost, unknown: str, budgets: str | Budget | Iterable[str | Budget], at: Mapping[str, Number | str], *,
    multiple_of: int | None, step: Number | str | None, between: Range | None, smallest: bool,
) -> Question:  # fmt: skip
    """Check and read the arguments of ``solve``.

    Raises:
        UsageError: they have no meaning, or contradict each other.
        SpecError: a value of another size is refused.
    """
    declared = _declared(cost, unknown, at)
    several = (budgets,) if isinstance(budgets, (str, Budget)) else budgets
    read = tuple(b if isinstance(b, Budget) else Budget.parse(b) for b in several)
    if not read:
        raise UsageError("give at least one budget, such as 'macs <= 2G'")
    stride = _step(unknown, declared, multiple_of, step)
    low, high = _range(unknown, declared, between)
    first = -(-low // stride) if low > 0 or declared.kind != "ratio" else 1
    last = None if high is None else high // stride
    return Question(cost, unknown, _others(cost, unknown, at), read, stride, int(first), last, (low, high), smallest)


def _declared(cost: Cost, unknown: str, at: Mapping[str, object]) -> Symbol:
    if unknown not in cost.symbols:
        free = ", ".join(cost.symbols) or "none"
        raise UsageError(f"there is no free symbol '{unknown}'{did_you_mean(unknown, cost.symbols)}; free are {free}")
    if unknown in at:
        raise UsageError(f"{unknown} is the unknown, and is given as {at[unknown]} too; leave one out")
    return cost.symbols[unknown]


def _others(cost: Cost, unknown: str, at: Mapping[str, Number | str]) -> dict[str, Number]:
    """Return values of all other sizes, which must meet the conditions that do not speak of the unknown."""
    symbols = {name: declared for name, declared in cost.symbols.items() if name != unknown}
    needs = {need: node for need, node in cost.needs if unknown not in need.symbols}
    return bind(replace(cost.graph, symbols=symbols, needs=needs), at)


def _step(unknown: str, declared: Symbol, multiple_of: int | None, step: Number | str | None) -> Number:
    """Return the distance of neighbouring values of the unknown."""
    if declared.kind == "ratio":
        if multiple_of is not None:
            raise UsageError(f"{unknown} is a ratio: give step, such as step=1/8, in place of multiple_of")
        size = RATIO_STEP if step is None else _number("step", step)
        if size <= 0:
            raise UsageError(f"step must be above 0, got {size}")
        return _common_multiple(size, declared.multiple_of) if declared.multiple_of > 1 else size
    if step is not None:
        raise UsageError(f"{unknown} is a whole number: give multiple_of in place of step")
    factor = 1 if multiple_of is None else _number("multiple_of", multiple_of)
    if not isinstance(factor, int) or factor < 1:
        raise UsageError(f"multiple_of must be a positive whole number, got {factor}")
    return lcm(declared.multiple_of, factor)


def _common_multiple(a: Number, b: Number) -> Number:
    a, b = Fraction(a), Fraction(b)
    below = lcm(a.denominator, b.denominator)
    return exact(Fraction(lcm(int(a * below), int(b * below)), below))


def _range(unknown: str, declared: Symbol, between: Range | None) -> tuple[Number, Number | None]:
    """Return the least and greatest value, both declared and asked for."""
    asked = between or (None, None)
    low, high = (None if end is None else _number(f"between, for {unknown}", end) for end in asked)
    if low is not None and high is not None and low > high:
        raise UsageError(f"between is empty: {low} is above {high}")
    ends = [end for end in (high, declared.max) if end is not None]
    return max(declared.least, low if low is not None else declared.least), min(ends, default=None)


def _number(what: str, value: Number | str) -> Number:
    try:
        number = read_number(value)
    except ValueError as error:
        raise UsageError(f"{what}: {error}") from None
    if isinstance(number, bool) or not isinstance(number, (int, Fraction)):
        raise UsageError(f"{what} takes a number, got {value!r}")
    return number


def value_at(formula: Num, k: int) -> Number:
    """Return the exact value of a formula in k."""
    return evaluate(formula, {K: k})
