"""Why a question has no answer, in one line that says what would have one."""

from __future__ import annotations

from symcost.algebra.poly import constant
from symcost.algebra.power import TooLarge
from symcost.errors import NoAnswer
from symcost.solver.amounts import amount, digits
from symcost.solver.budget import Budget
from symcost.solver.condition import GaveUp
from symcost.solver.question import Question
from symcost.solver.search import Endless
from symcost.solver.space import Space
from symcost.solver.wording import left_out


def refuse_independent(space: Space) -> None:
    """Refuse a question about an unknown that no budget depends on.

    Raises:
        NoAnswer: it is one.
    """
    values = {metric: constant(formula) for metric, formula in space.formulas.items()}
    same = [
        amount(metric, value, space.question.cost.convention) for metric, value in values.items() if value is not None
    ]
    if len(same) == len(values):
        name = space.question.unknown
        raise NoAnswer(f"no budget depends on {name}: {' and '.join(same)} for every {name}")


def endless(space: Space, start: int | None) -> NoAnswer:
    """Return the answer to a question for the greatest of values that go on without end."""
    q = space.question
    met = " and ".join(b.text for b in q.budgets)
    every = f"{q.unknown} without end" if start is None else f"every {q.unknown} from {q.x(start)} on"
    return NoAnswer(f"there is no greatest {q.unknown}: {every} meets {met}; ask for the smallest, or give a range")


def no_fraction(q: Question, largest: int, *, proved: bool) -> NoAnswer:
    """Return the answer to a question that no fraction meets with a denominator up to a bound."""
    met = " and ".join(b.text for b in q.budgets)
    if proved:
        return NoAnswer(f"no fraction meets {met}: its {q.unknown} is irrational; ask for <= or ~")
    return NoAnswer(f"no {q.unknown} with a denominator up to {largest:,} meets {met}")


def gave_up(space: Space) -> NoAnswer:
    """Return the answer to a question that the work allowed does not decide."""
    steps, name = space.search.steps, space.question.unknown
    return NoAnswer(
        f"gave up on {name} after {steps:,} steps, with values left that are neither proved nor ruled out; "
        "a range (between) makes the search shorter"
    )


def infeasible(space: Space) -> NoAnswer:
    """Return the answer to a question that nothing meets: which budget, and what is nearest."""
    space.search.renew()
    try:
        return NoAnswer(_nothing_allowed(space) or _alone(space) or _together(space))
    except (GaveUp, TooLarge):
        return NoAnswer(f"no {space.question.unknown} meets {' and '.join(b.text for b in space.question.budgets)}")


def _nothing_allowed(space: Space) -> str | None:
    q = space.question
    if space.least((), q.domain.low, q.domain.high) is not None:
        return None
    if q.domain.left_out:
        return f"no {q.unknown} of the set is allowed: {left_out(q.domain.left_out)}"
    low, high = q.domain.ends
    needs = [need.phrase({}) for need in q.open_needs]
    stepped = q.domain.step != 1 and q.domain.plateaus is None
    asked = [f"it must be a multiple of {q.domain.step}"] * stepped + [f"it needs {need}" for need in needs]
    ends = f"from {low} on" if high is None else f"from {low} to {high}"
    return f"no {q.unknown} {ends} is allowed" + (f": {' and '.join(asked)}" if asked else "")


def _alone(space: Space) -> str | None:
    """Return why one budget alone cannot be met, or None where each can."""
    q = space.question
    budget = next((b for b in q.budgets if space.least((b,), q.domain.low, q.domain.high) is None), None)
    if budget is None:
        return None
    nearest = _nearest(space, budget)
    return f"no {q.unknown} meets {budget.text}" + (f": {nearest}" if nearest else "")


def _nearest(space: Space, budget: Budget) -> str | None:
    """Return the values that come closest to a budget which nothing meets."""
    q = space.question
    if budget.relation in ("<=", "<"):
        return _end(space, budget, 1)
    if budget.relation in (">=", ">"):
        return _end(space, budget, -1)
    below, above = _halves(budget)
    for half, sign in ((below, 1), (above, -1)):
        if space.least((half,), q.domain.low, q.domain.high) is None:
            return _end(space, budget, sign)
    return _around(space, below, above)


def _halves(budget: Budget) -> tuple[Budget, Budget]:
    """Return what a budget that holds its metric from both sides asks from above, and from below."""
    ends = {">=": budget.limit, "<=": budget.limit} if budget.relation == "==" else dict(budget.ends)
    below, above = (r for relations in (("<=", "<"), (">=", ">")) for r in relations if r in ends)
    return Budget(budget.metric, below, ends[below]), Budget(budget.metric, above, ends[above])


def _around(space: Space, below: Budget, above: Budget) -> str:
    """Return the values on both sides of a limit that is jumped over."""
    q = space.question
    first = space.least((), q.domain.low, q.domain.high)
    assert first is not None
    before, after = (below, above) if below.meets(space.values(first)[below.metric]) else (above, below)
    try:
        places = (
            space.greatest((before,), q.domain.low, q.domain.high),
            space.least((after,), q.domain.low, q.domain.high),
        )
    except Endless:
        return f"it is jumped over from {q.unknown} = {q.x(first)} on"
    given = [f"{q.unknown} = {q.x(k)} gives {digits(space.values(k)[below.metric])}" for k in places if k is not None]
    return " and ".join(given)


def _end(space: Space, budget: Budget, sign: int) -> str | None:
    found = space.extreme(budget.metric, sign)
    if found is None:
        return None
    value, k = found
    word = "least" if sign > 0 else "greatest"
    q = space.question
    return f"the {word} is {amount(budget.metric, value, q.cost.convention)}, at {q.unknown} = {q.x(k)}"


def _together(space: Space) -> str:
    """Return what each budget asks, where each can be met and all together cannot."""
    q = space.question
    asked = "; ".join(f"{b.text} takes {_reach(space, b)}" for b in q.budgets)
    return f"no {q.unknown} meets all budgets: {asked}"


def _reach(space: Space, budget: Budget) -> str:
    """Return the least and greatest value that meet one budget."""
    q = space.question
    low = space.least((budget,), q.domain.low, q.domain.high)
    try:
        high = space.greatest((budget,), q.domain.low, q.domain.high)
    except Endless:
        high = None
    assert low is not None
    if high is None:
        return f"{q.unknown} >= {q.x(low, least=True)}"
    if low == high:
        return f"{q.unknown} = {q.x(low)}"
    if low == space.least((), q.domain.low, q.domain.high):
        return f"{q.unknown} <= {q.x(high)}"
    return f"{q.unknown} from {q.x(low, least=True)} to {q.x(high)}"
