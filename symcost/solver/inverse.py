"""Invert a cost: the greatest or least value of one size that meets budgets, on the exact function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from symcost.algebra.atoms import Number
from symcost.algebra.poly import constant
from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.solver.budget import Budget
from symcost.solver.condition import GaveUp
from symcost.solver.domain import Range
from symcost.solver.question import ask
from symcost.solver.refusal import endless, gave_up, infeasible, refuse_independent
from symcost.solver.search import Endless
from symcost.solver.solution import Solution
from symcost.solver.space import Space


def solve(
    cost: Cost | Architecture,
    for_: str,
    budgets: str | Budget | Iterable[str | Budget],
    at: Mapping[str, Number | str] | None = None,
    *,
    multiple_of: int | None = None,
    step: Number | str | None = None,
    smallest: bool = False,
    between: Range | None = None,
) -> Solution:
    """Return the greatest value of a size that meets all budgets, with its certificate.

    The answer is exact on floors, rounding rules and gcds, and respects the size's declared range and divisor and
    every condition of the network. Where a metric is proved to rise by its form, bisection over whole numbers finds
    the answer; elsewhere an interval search does, of bounded work.

    Args:
        cost: of a network, or the network itself under the default convention.
        for_: name of the unknown, a dimension or a ratio.
        budgets: such as ``"macs <= 2G"``; see ``symcost.solver.budget`` for what can be written.
        at: values of other sizes, exact; defaults fill the rest.
        multiple_of: what must divide a dimension, besides what its spec declares.
        step: values of a ratio are whole multiples of it, 1/100 where it is not given.
        smallest: ask for the least value instead.
        between: least and greatest value to consider, None for no such end.

    Raises:
        UsageError: the question has no meaning.
        SpecError: a value given in ``at`` is refused.
        NoAnswer: nothing meets the budgets, or there is no greatest value, or no budget depends on the unknown.
    """
    cost = cost.cost() if isinstance(cost, Architecture) else cost
    question = ask(
        cost, for_, budgets, at or {}, multiple_of=multiple_of, step=step, between=between, smallest=smallest
    )
    space = Space(question)
    refuse_independent(space)
    try:
        search = space.least if smallest else space.greatest
        found = search(question.budgets, question.domain.low, question.domain.high)
    except Endless as without:
        raise endless(space, without.start) from None
    except GaveUp:
        raise gave_up(space) from None
    if found is None:
        raise infeasible(space)
    return _solution(space, found)


def _solution(space: Space, k: int) -> Solution:
    """Return the answer with its certificate."""
    q = space.question
    proof = _proof(space)
    beyond, note = _beyond(space, k)
    after = {} if beyond is None else space.values(beyond)
    broken = [b for b in q.budgets if after and not b.meets(after[b.metric])]
    depends = [b for b in q.budgets if constant(space.formulas[b.metric]) is None]
    return Solution(
        unknown=q.unknown,
        answer=q.x(k),
        value=space.values(k),
        next=None if beyond is None else {q.unknown: q.x(beyond), **after},
        binding=tuple(b.text for b in broken),
        at=q.at,
        proof=proof + note,
        budgets=q.budgets,
        step=q.domain.step,
        smallest=q.smallest,
        convention=q.cost.convention.name,
        formula=q.cost.poly((broken or depends)[0].metric),
    )


def _beyond(space: Space, k: int) -> tuple[int | None, str]:
    """Return the next allowed k, and a note where none is found with the work allowed."""
    q = space.question
    try:
        if q.smallest:
            return space.greatest((), q.domain.low, k - 1), ""
        return space.least((), k + 1, q.domain.high), ""
    except GaveUp:
        return None, f"; the next allowed {q.unknown} is too far to be found"


def _proof(space: Space) -> str:
    """Return in one sentence why no better value exists."""
    q = space.question
    names = [metric for metric, formula in space.formulas.items() if constant(formula) is None]
    if space.search.steps or not space.monotone():
        better = f"{'smaller' if q.smallest else 'greater'} {q.unknown}"
        return f"proof: bounds on {' and '.join(names)} leave no {better}, after {space.search.steps:,} steps of search"
    classes = len(space.lattice.tracks)
    turn, form = ("turn", "their form") if len(names) > 1 else ("turns", "its form")
    each = f", along each of {classes} classes of {q.unknown}" if classes > 1 else ""
    never = f"{' and '.join(names)} never {turn} back as {q.unknown} grows, by {form}{each}"
    return f"proof: {never}; bisection is exact"
