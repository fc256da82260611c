"""What a step up does to a cost, on the exact function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from symcost.algebra.atoms import Number, exact
from symcost.algebra.poly import Num, evaluate
from symcost.calculus.axis import Axis
from symcost.cost import Cost
from symcost.errors import SpecError
from symcost.solver.condition import GaveUp


@dataclass(frozen=True)
class Step:
    """What a size does to the exact total when it goes up.

    Attributes:
        size: name of the size.
        value: where it is.
        next: the next greater value that is allowed, None where there is none, or none was found.
        change: by how much of itself the total grows on the way there.
        double: the total at twice the size over the total, None where twice the size is not allowed.
        barred: the condition that bars greater values, where one does.
        open: whether the search for the next greater value was given up.
    """

    size: str
    value: Number
    next: Number | None
    change: Fraction | None
    double: Fraction | None
    barred: str = ""
    open: bool = False

    def to_json(self) -> dict[str, str | bool | None]:
        """Return the step as JSON takes it, numbers as exact text."""
        numbers = {"value": self.value, "next": self.next, "change": self.change, "double": self.double}
        texts = {name: None if x is None else str(x) for name, x in numbers.items()}
        return {"size": self.size, **texts, "barred": self.barred, "open": self.open}


def step_up(cost: Cost, total: Num, size: str, env: Mapping[str, Number]) -> Step:
    """Return what the next greater value of a size, and twice the size, do to a total that is not zero."""
    here, value = evaluate(total, env), env[size]
    try:
        beyond, gave_up = Axis.of_cost(cost, size, env, None).after(value), False
    except GaveUp:
        beyond, gave_up = None, True
    change = None if beyond is None else Fraction(evaluate(total, {**env, size: beyond})) / here - 1
    twice = {**env, size: exact(2 * value)}
    double = Fraction(evaluate(total, twice)) / here if _allowed(cost, twice) else None
    barred = "" if beyond is not None or gave_up else _barred(cost, size, env)
    return Step(size, value, beyond, change, double, barred, gave_up)


def _barred(cost: Cost, size: str, env: Mapping[str, Number]) -> str:
    """Return why no greater value of a size is allowed."""
    declared = cost.symbols[size]
    above = {**env, size: exact(env[size] + declared.step)}
    box = {name: (symbol.least, symbol.max) for name, symbol in cost.symbols.items()}
    broken = (need.phrase(box) for need, _ in cost.needs if size in need.symbols and not need.holds(above))
    return next(broken, "" if declared.max is None else f"{size} <= {declared.max}")


def _allowed(cost: Cost, env: Mapping[str, Number]) -> bool:
    try:
        cost.bindings(env)
    except SpecError:
        return False
    return True
