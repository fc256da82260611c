"""What is asked: one unknown size, the values it may take, and formulas with all other sizes put in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from symcost.algebra.atoms import Number, exact
from symcost.algebra.needs import Need, put
from symcost.algebra.poly import Num, substitute, symbol
from symcost.bindings import bind
from symcost.cost import Cost
from symcost.errors import UsageError, did_you_mean
from symcost.solver.budget import Budget
from symcost.solver.domain import Domain, Range, ratio_step, whole_step
from symcost.solver.track import K
from symcost.spec.symbols import Symbol


@dataclass(frozen=True)
class Question:
    """A question with one unknown.

    Attributes:
        cost: what the formulas come from.
        unknown: name of the unknown.
        at: values of all other sizes.
        budgets: what is to be met.
        domain: the values step * k that the unknown may take.
        smallest: whether the least value is asked for, not the greatest.
    """

    cost: Cost
    unknown: str
    at: Mapping[str, Number]
    budgets: tuple[Budget, ...]
    domain: Domain
    smallest: bool

    def formula(self, metric: str) -> Num:
        """Return a metric as a formula in k."""
        return substitute(self.cost.poly(metric), self._in_k)

    def needs(self) -> list[Need]:
        """Return the open conditions on the unknown, in k."""
        return _needs(self.cost, self.unknown, self._in_k)

    def x(self, k: int) -> Number:
        """Return the unknown's value."""
        return exact(self.domain.step * k)

    @property
    def _in_k(self) -> dict[str, Num]:
        return {**self.at, self.unknown: symbol(K, "index") * self.domain.step}


def ask(
    cost: Cost,
    unknown: str,
    budgets: str | Budget | Iterable[str | Budget],
    at: Mapping[str, Number | str],
    *,
    multiple_of: int | None,
    step: Number | str | None,
    between: Range | None,
    smallest: bool,
) -> Question:
    """Check and read the arguments of ``solve``.

    Raises:
        UsageError: they have no meaning, or contradict each other.
        SpecError: a value of another size is refused.
    """
    declared = _declared(cost, unknown, at)
    read = _budgets(budgets)
    others = _others(cost, unknown, at)
    if declared.kind == "ratio":
        if multiple_of is not None:
            raise UsageError(f"{unknown} is a ratio: give step, such as '1/8', in place of multiple_of")
        needs = _needs(cost, unknown, {**others, unknown: symbol(K, "ratio")})
        stride = ratio_step(declared, step, needs)
    else:
        if step is not None:
            raise UsageError(f"{unknown} is a whole number: give multiple_of in place of step")
        stride = whole_step(unknown, declared, multiple_of)
    return Question(cost, unknown, others, read, Domain.of(unknown, declared, stride, between), smallest)


def _declared(cost: Cost, unknown: str, at: Mapping[str, object]) -> Symbol:
    if unknown not in cost.symbols:
        free = ", ".join(cost.symbols) or "none"
        raise UsageError(f"there is no free symbol '{unknown}'{did_you_mean(unknown, cost.symbols)}; free are {free}")
    if unknown in at:
        raise UsageError(f"{unknown} is the unknown, and is given as {at[unknown]} too; leave one out")
    return cost.symbols[unknown]


def _budgets(budgets: str | Budget | Iterable[str | Budget]) -> tuple[Budget, ...]:
    several = (budgets,) if isinstance(budgets, (str, Budget)) else budgets
    read = tuple(b if isinstance(b, Budget) else Budget.parse(b) for b in several)
    if not read:
        raise UsageError("give at least one budget, such as 'macs <= 2G'")
    return read


def _others(cost: Cost, unknown: str, at: Mapping[str, Number | str]) -> dict[str, Number]:
    """Return values of all other sizes, which must meet the conditions that do not speak of the unknown."""
    symbols = {name: declared for name, declared in cost.symbols.items() if name != unknown}
    needs = {need: node for need, node in cost.needs if unknown not in need.symbols}
    return bind(replace(cost.graph, symbols=symbols, needs=needs), at)


def _needs(cost: Cost, unknown: str, values: Mapping[str, Num]) -> list[Need]:
    """Return the conditions on the unknown with values put in."""
    return [put(need, values) for need, _ in cost.needs if unknown in need.symbols]
