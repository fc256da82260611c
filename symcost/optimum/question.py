"""What is asked: unknowns with their values, what is to be greatest, and what must be met, all in the unknowns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from symcost.algebra.atoms import Number
from symcost.algebra.needs import Need
from symcost.algebra.needs import put as put_in
from symcost.algebra.poly import Num, substitute, symbol, symbols_of
from symcost.cost import Cost
from symcost.errors import UsageError
from symcost.optimum.over import Over, read_over
from symcost.optimum.values import values_of
from symcost.solver.amounts import formula_of
from symcost.solver.budget import Budget, as_budgets
from symcost.solver.following import declared_needs, open_needs, sizes_over
from symcost.solver.objective import Objective
from symcost.solver.question import declared_unknown
from symcost.solver.track import K


@dataclass(frozen=True)
class Question:
    """A question with several unknowns.

    Attributes:
        cost: what the formulas come from.
        values: the values that each unknown may take, perhaps without end.
        objective: what is to be greatest or least.
        above: its numerator, in the unknowns.
        below: its denominator, 1 where it is no quotient.
        budgets: what is to be met.
        formulas: every metric that has a budget, in the unknowns.
        needs: the conditions of the network, in the unknowns.
        at: all other sizes: numbers, or formulas in the unknowns that they follow.
    """

    cost: Cost
    values: Mapping[str, Sequence[Number]]
    objective: Objective
    above: Num
    below: Num
    budgets: tuple[Budget, ...]
    formulas: Mapping[str, Num]
    needs: tuple[Need, ...]
    at: Mapping[str, Num]


def ask(
    cost: Cost,
    over: Over,
    maximize: str | None,
    minimize: str | None,
    budgets: str | Budget | Iterable[str | Budget],
    at: Mapping[str, Number | str],
) -> Question:
    """Check and read the arguments of ``optimize``.

    Raises:
        UsageError: they have no meaning, or contradict each other.
        SpecError: a value of another size is refused.
    """
    grids = read_over(over)
    for name in grids:
        declared_unknown(cost, name, at, "an")
    objective = replace(_objective(maximize, minimize), convention=cost.convention.name)
    read = as_budgets(budgets, cost.convention)
    sizes = sizes_over(cost, list(grids), at)
    above, below = objective.quotient(cost, sizes)
    formulas = {b.metric: substitute(formula_of(b.metric, cost), sizes) for b in read}
    needs = tuple(_needs(cost, list(grids), sizes))
    _refuse_idle(list(grids), [above, below, *formulas.values()], needs)
    values = {}
    for name, grid in grids.items():
        own = [put_in(need, {name: symbol(K, _kind(cost, name))}) for need in needs if need.symbols == {name}]
        values[name] = values_of(name, cost.symbols[name], grid, own)
    others = {name: size for name, size in sizes.items() if name not in grids}
    return Question(cost, values, objective, above, below, read, formulas, needs, others)


def _kind(cost: Cost, name: str) -> str:
    return "ratio" if cost.symbols[name].kind == "ratio" else "index"


def _objective(maximize: str | None, minimize: str | None) -> Objective:
    if maximize is not None and minimize is None:
        return Objective(" ".join(maximize.split()), maximize=True)
    if minimize is None or maximize is not None:
        raise UsageError("give one of maximize and minimize, such as maximize 'C*L1' or minimize 'params'")
    return Objective(" ".join(minimize.split()))


def _needs(cost: Cost, unknowns: Sequence[str], sizes: Mapping[str, Num]) -> list[Need]:
    """Return the conditions on the unknowns: those of the network, and what is declared of sizes that follow them."""
    box = {name: (cost.symbols[name].least, cost.symbols[name].max) for name in unknowns}
    found = [put_in(need, sizes) for need in open_needs(cost, unknowns, sizes)]
    found += declared_needs(cost, unknowns, sizes)
    return [need for need in dict.fromkeys(found) if need.decide(box) is not True]


def _refuse_idle(unknowns: Sequence[str], formulas: Sequence[Num], needs: Sequence[Need]) -> None:
    """Refuse an unknown that nothing depends on."""
    used = frozenset().union(*map(symbols_of, formulas), *(need.symbols for need in needs))
    idle = [name for name in unknowns if name not in used]
    if idle:
        does = "do" if len(idle) > 1 else "does"
        raise UsageError(
            f"{' and '.join(idle)} {does} not occur in what is asked, neither in the objective nor in a budget; "
            "leave it out of over"
        )
