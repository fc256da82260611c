"""Why no design meets what is asked, in one line that says which budget and what can be reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from symcost.algebra.atoms import Number
from symcost.errors import NoAnswer, UsageError
from symcost.optimum.form import Form
from symcost.optimum.goal import Goal
from symcost.optimum.plan import Plan
from symcost.optimum.reach import ended
from symcost.optimum.search import Search
from symcost.optimum.values import Lattice
from symcost.solver.amounts import amount
from symcost.solver.budget import Budget

_MOST_BOXES = 5_000
Extreme = tuple[Number, Mapping[str, Number]]
"""A value and a design that has it."""


def stopped(plan: Plan, search: Search) -> NoAnswer:
    """Return the answer where time ran out before any design was found."""
    unknowns = ", ".join(plan.axes.names)
    return NoAnswer(
        f"found no design over {unknowns} that meets everything after {search.nodes:,} boxes, and did not prove that "
        "there is none; give more time, or smaller ranges"
    )


def infeasible(plan: Plan, deadline: float | None = None) -> NoAnswer:
    """Return the answer to a question that no design meets."""
    return NoAnswer(_Why(plan, deadline).line())


class _Why:
    """Looks for the reason; what it says is proved, and where that takes too long it says less.

    An unknown without declared end ends where a budget is broken, and may go on where that budget is left out. So its
    values are found anew for the budgets that are kept.
    """

    def __init__(self, plan: Plan, deadline: float | None) -> None:
        self._plan, self._deadline = plan, deadline
        self._budgets = plan.question.budgets
        self._counted = plan.question.cost.convention
        self._endless = any(isinstance(v, Lattice) and v.size is None for v in plan.question.values.values())

    def line(self) -> str:
        """Return the reason in one line."""
        if self._none(()):
            needs = " and ".join(need.phrase({}) for need in self._plan.question.needs)
            return f"no {', '.join(self._plan.axes.names)} is allowed in these ranges: it needs {needs}"
        for budget in self._budgets:
            if self._none((budget,)):
                return f"no design meets {budget.text}{self._nearest(budget, ())}"
        for budget in self._budgets:
            rest = tuple(b for b in self._budgets if b is not budget)
            if self._some(rest):
                texts = " and ".join(b.text for b in rest)
                return (
                    f"no design meets all budgets: with {texts}, {budget.text} is missed{self._nearest(budget, rest)}"
                )
        if len(self._budgets) == 1:
            return f"no design meets {self._budgets[0].text}"
        return f"no design meets all of {', '.join(b.text for b in self._budgets)}"

    def _plan_of(self, kept: Sequence[Budget]) -> Plan | None:
        """Return the plan of some budgets only, None where these leave an unknown without end."""
        question = replace(self._plan.question, budgets=tuple(kept))
        try:
            return Plan(question, ended(question, feasible=False) if self._endless else question.values)
        except UsageError:
            return None

    def _search(self, plan: Plan, goal: Form, without: Sequence[Budget] = ()) -> Search:
        search = Search(plan.problem(Goal(goal), without), self._deadline, _MOST_BOXES)
        search.run()
        return search

    def _none(self, kept: Sequence[Budget]) -> bool:
        """Tell whether no design meets some budgets; False where that is open."""
        plan = self._plan_of(kept)
        if plan is None:
            return False
        search = self._search(plan, Form(0, plan.axes))
        return search.complete and search.best is None

    def _some(self, kept: Sequence[Budget]) -> bool:
        """Tell whether a design is known that meets some budgets."""
        plan = self._plan_of(kept)
        return plan is not None and self._search(plan, Form(0, plan.axes)).best is not None

    def _nearest(self, budget: Budget, kept: Sequence[Budget]) -> str:
        """Return the value closest to a budget from the side on which it is missed."""
        if budget.relation in ("<=", "<"):
            return self._end(budget, 1, self._extreme(budget, 1, kept))
        if budget.relation in (">=", ">"):
            return self._end(budget, -1, self._extreme(budget, -1, kept))
        least, greatest = (self._extreme(budget, sign, kept) for sign in (1, -1))
        if least is not None and least[0] > budget.limit:
            return self._end(budget, 1, least)
        if greatest is not None and greatest[0] < budget.limit:
            return self._end(budget, -1, greatest)
        if least is None or greatest is None:
            return ""
        return f": no design comes to {amount(budget.metric, budget.limit, self._counted)}, others lie on both sides"

    def _end(self, budget: Budget, sign: int, found: Extreme | None) -> str:
        if found is None:
            return ""
        value, design = found
        places = ", ".join(f"{name} = {x}" for name, x in design.items())
        said = amount(budget.metric, value, self._counted)
        return f": the {'least' if sign > 0 else 'greatest'} is {said}, at {places}"

    def _extreme(self, budget: Budget, sign: int, kept: Sequence[Budget]) -> Extreme | None:
        """Return the least (sign 1) or greatest value of a budget's metric under others, and a design with it."""
        without = [b for b in self._budgets if b not in kept]
        found = self._end_of(self._plan, budget.metric, sign, without)
        if found is None or not self._endless:
            return found
        bound = Budget(budget.metric, "<=" if sign > 0 else ">=", found[0], budget.text)
        plan = self._plan_of((*kept, bound))  # all that is as good as what was found, wherever that is
        return None if plan is None else self._end_of(plan, budget.metric, sign, ())

    def _end_of(self, plan: Plan, metric: str, sign: int, without: Sequence[Budget]) -> Extreme | None:
        form = plan.forms[metric]
        search = self._search(plan, form.negated() if sign > 0 else form, without)
        if search.best is None or not search.complete:
            return None
        return plan.value(plan.question.formulas[metric], search.best), plan.design(search.best)
