"""Why no design meets what is asked, in one line that says which budget and what can be reached."""

from __future__ import annotations

from collections.abc import Sequence

from symcost.algebra.atoms import Number
from symcost.errors import NoAnswer
from symcost.optimum.form import Form
from symcost.optimum.goal import Goal
from symcost.optimum.plan import Plan
from symcost.optimum.search import Search
from symcost.solver.amounts import amount
from symcost.solver.budget import Budget

_MOST_BOXES = 5_000


def stopped(plan: Plan, search: Search) -> NoAnswer:
    """Return the answer where time ran out before any design was found."""
    unknowns = ", ".join(plan.axes.names)
    return NoAnswer(
        f"found no design over {unknowns} that meets everything after {search.nodes:,} boxes, and did not prove that "
        "there is none; give more time, or smaller ranges"
    )


def infeasible(plan: Plan) -> NoAnswer:
    """Return the answer to a question that no design meets."""
    budgets = plan.question.budgets
    if not _any(plan, budgets):
        needs = " and ".join(need.phrase({}) for need in plan.question.needs)
        return NoAnswer(f"no {_named(plan)} is allowed in these ranges: it needs {needs}")
    for budget in budgets:
        others = [b for b in budgets if b is not budget]
        if not _any(plan, others):
            return NoAnswer(f"no design meets {budget.text}{_nearest(plan, budget, others)}")
    for budget in budgets:
        if _any(plan, [budget]):
            rest = " and ".join(b.text for b in budgets if b is not budget)
            return NoAnswer(
                f"no design meets all budgets: with {rest}, {budget.text} is missed{_nearest(plan, budget)}"
            )
    return NoAnswer(f"no design meets all of {', '.join(b.text for b in budgets)}, nor all but one of them")


def _named(plan: Plan) -> str:
    return ", ".join(plan.axes.names)


def _any(plan: Plan, without: Sequence[Budget]) -> bool:
    """Tell whether a design is known that meets everything but some budgets."""
    search = Search(plan.problem(Goal(Form(0, plan.axes)), without), most=_MOST_BOXES)
    search.run()
    return search.best is not None


def _nearest(plan: Plan, budget: Budget, others: Sequence[Budget] = ()) -> str:
    """Return the value closest to a budget from the side on which it is missed."""
    without = [budget, *others]
    if budget.relation in ("<=", "<"):
        return _end(plan, budget, 1, without)
    if budget.relation in (">=", ">"):
        return _end(plan, budget, -1, without)
    least, greatest = (_extreme(plan, budget, sign, without) for sign in (1, -1))
    if least is not None and least[0] > budget.limit:
        return _end(plan, budget, 1, without)
    if greatest is not None and greatest[0] < budget.limit:
        return _end(plan, budget, -1, without)
    return f": no design comes to {amount(budget.metric, budget.limit)}, others lie on both sides"


def _end(plan: Plan, budget: Budget, sign: int, without: Sequence[Budget]) -> str:
    found = _extreme(plan, budget, sign, without)
    if found is None:
        return ""
    value, design = found
    places = ", ".join(f"{name} = {x}" for name, x in design.items())
    return f": the {'least' if sign > 0 else 'greatest'} is {amount(budget.metric, value)}, at {places}"


def _extreme(
    plan: Plan, budget: Budget, sign: int, without: Sequence[Budget]
) -> tuple[Number, dict[str, Number]] | None:
    """Return the least (sign 1) or greatest value of a budget's metric without some budgets, and a design with it."""
    form = plan.forms[budget.metric]
    search = Search(plan.problem(Goal(form.negated() if sign > 0 else form), without), most=_MOST_BOXES)
    search.run()
    if search.best is None or not search.complete:
        return None
    return plan.value(plan.question.formulas[budget.metric], search.best), plan.design(search.best)
