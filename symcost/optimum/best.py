"""Find the best design within budgets: several unknowns, exact, with a proof."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import prod
from time import monotonic

from symcost.algebra.atoms import Number
from symcost.architecture import Architecture, cost_of
from symcost.cost import Cost
from symcost.errors import UsageError
from symcost.optimum.over import Over
from symcost.optimum.plan import Plan
from symcost.optimum.question import ask
from symcost.optimum.reach import ended
from symcost.optimum.refusal import infeasible, stopped
from symcost.optimum.result import Optimum, result_of
from symcost.optimum.search import Search
from symcost.optimum.ties import find_ties
from symcost.solver.budget import Budget

TIES = 10


def optimize(  # noqa: PLR0913 # a question has as many parts
    cost: Cost | Architecture,
    over: Over,
    *,
    maximize: str | None = None,
    minimize: str | None = None,
    budgets: str | Budget | Iterable[str | Budget] = (),
    at: Mapping[str, Number | str] | None = None,
    time_limit: float | None = None,
    node_limit: int | None = None,
    ties: int = TIES,
    watch: Callable[[Search], None] | None = None,
) -> Optimum:
    """Return the best design over several unknowns, with its certificate.

    The answer is exact on floors, rounding rules and gcds, and respects declared ranges and divisors and every
    condition of the network. The search is a branch and bound; see ``symcost.optimum.relaxation`` for its bound.
    Where formulas rise in every unknown it is quick; where they turn back it is right all the same.

    Args:
        cost: of a network, or the network itself under the default convention.
        over: the unknowns and their values, such as ``"C=16:256:8, L1=1:8, H"``; see ``symcost.optimum.over``. An
            unknown without a greatest value gets one from the budgets.
        maximize: what is to be greatest, an expression in metrics and sizes such as ``"C*(L1 + L2)"``, ``"params"``
            or ``"macs/params"``.
        minimize: what is to be least, in its place.
        budgets: such as ``"macs <= 2G"``; see ``symcost.solver.budget``.
        at: values of other sizes, exact, or expressions in the unknowns that they follow, such as ``{"W": "H"}``;
            defaults fill the rest.
        time_limit: seconds after which the best design found so far is returned, with a proven bound.
        node_limit: boxes after which the same happens.
        ties: how many designs that reach the same value are listed.
        watch: called with the search for every box that it takes up, to show how far it has come.

    Raises:
        UsageError: the question has no meaning, or an unknown has no bounds.
        SpecError: a value given in ``at`` is refused.
        NoAnswer: no design meets everything, or none was found in time.
    """
    cost = cost_of(cost)
    start = monotonic()
    deadline = None if time_limit is None else start + time_limit
    question = ask(cost, over, maximize, minimize, budgets, at or {})
    try:
        plan = Plan(question, ended(question))
        search = Search(plan.problem(plan.goal()), deadline, node_limit, watch)
        search.run()
    except ZeroDivisionError:
        names = ", ".join(question.values)
        raise UsageError(f"a formula divides by what may be 0 for some {names} in these ranges; narrow them") from None
    if search.best is None:
        raise infeasible(plan, deadline) if search.complete else stopped(plan, search)
    found = find_ties(search, max(1, ties))
    designs = prod(len(values) for values in plan.axes.values)
    return result_of(plan, search, found, designs, monotonic() - start)
