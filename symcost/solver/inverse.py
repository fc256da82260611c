"""Invert a cost: the greatest or least value of one size that meets budgets, on the exact function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from symcost.algebra.atoms import Number
from symcost.algebra.poly import constant
from symcost.algebra.power import TooLarge
from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.metrics.metric import set_up
from symcost.solver.admissible import Admissible
from symcost.solver.budget import Budget
from symcost.solver.choices import Choices
from symcost.solver.condition import GaveUp
from symcost.solver.domain import Range
from symcost.solver.form import forms
from symcost.solver.fraction import Fractions
from symcost.solver.pinned import pinned
from symcost.solver.question import Offered, ask
from symcost.solver.refusal import endless, gave_up, infeasible, no_fraction, refuse_independent
from symcost.solver.search import Endless
from symcost.solver.solution import Solution
from symcost.solver.space import Space
from symcost.solver.structure import solve_structure
from symcost.solver.track import K


def solve(  # noqa: PLR0913 - all that can be asked, by name
    cost: Cost | Architecture,
    for_: str,
    budgets: str | Budget | Iterable[str | Budget],
    at: Mapping[str, Number | str] | None = None,
    *,
    multiple_of: int | None = None,
    step: Number | str | None = None,
    smallest: bool = False,
    between: Range | None = None,
    allowed: Choices | None = None,
) -> Solution:
    """Return the greatest value of a size that meets all budgets, with its certificate.

    The answer is exact on floors, rounding rules and gcds, and respects the size's declared range and divisor and
    every condition of the network. Where a metric is proved to rise by its form, bisection over whole numbers finds
    the answer; elsewhere an interval search does, of bounded work.

    Args:
        cost: of a network, or the network itself under the default convention.
        for_: name of the unknown, a dimension or a ratio; of a network also a constant, whose values are tried.
        budgets: such as ``"macs <= 2G"``; see ``symcost.solver.budget`` for what can be written.
        at: values of other sizes, exact; a size may follow the unknown, as ``{"W": "H"}``; defaults fill the rest.
        multiple_of: what must divide a dimension, besides what its spec declares: the values that
            ``make_divisible(x, 8)`` can take are the multiples of 8, and rounding an answer afterwards may leave the
            budget.
        step: values of a ratio are whole multiples of it. Where it is not given, they are multiples of what the
            network's conditions leave; else all fractions, if the network changes in jumps only; else of 1/100.
        smallest: ask for the least value instead.
        between: least and greatest value to consider, None for no such end.
        allowed: the values to choose from, such as ``[32, 48, 64]`` or ``"8:256:8"``.

    Raises:
        UsageError: the question has no meaning.
        SpecError: a value given in ``at`` is refused.
        NoAnswer: nothing meets the budgets, or there is no greatest value, or no budget depends on the unknown.
    """
    return solve_among(cost, for_, budgets, at, Offered(multiple_of, step, between, allowed), smallest=smallest)


def solve_among(
    cost: Cost | Architecture,
    unknown: str,
    budgets: str | Budget | Iterable[str | Budget],
    at: Mapping[str, Number | str] | None,
    offered: Offered,
    *,
    smallest: bool = False,
    convention: str = "symcost",
) -> Solution:
    """Return what ``solve`` does; a network is costed under a convention."""
    if isinstance(cost, Architecture):
        if unknown in cost.spec.symbols and cost.spec.symbols[unknown].structural:
            return solve_structure(cost, unknown, budgets, at, offered, smallest=smallest, convention=convention)
        cost = cost.cost(convention)
    question = ask(cost, unknown, budgets, at or {}, offered, smallest=smallest)
    space = Space(question)
    refuse_independent(space)
    if question.pinned and question.domain.flowing and (found := _any_fraction(space)):
        return found
    try:
        search = space.least if smallest or question.pinned else space.greatest
        k = search(question.budgets, question.domain.low, question.domain.high)
        if k is not None:
            return _solution(space, k)
    except Endless as without:
        raise endless(space, without.start) from None
    except (GaveUp, TooLarge):
        raise gave_up(space) from None
    raise infeasible(space)


def _solution(space: Space, k: int) -> Solution:
    """Return the answer with its certificate."""
    q = space.question
    if not q.pinned:
        return _certified(space, q.x(k, least=q.smallest), space.values(k), k)
    least = space.least(q.budgets, q.domain.low, q.domain.high)
    greatest = space.greatest(q.budgets, q.domain.low, q.domain.high)
    assert least is not None
    assert greatest is not None
    chosen = pinned(space, least, greatest)
    end = least if q.smallest else greatest
    return _certified(space, chosen.answer, q.values(chosen.answer), end, chosen.all)


def _certified(
    space: Space, answer: Number, value: Mapping[str, Number], k: int, admissible: Admissible | None = None
) -> Solution:
    """Return an answer with what lies beyond the last k that meets the budgets."""
    q = space.question
    proof = _proof(space)
    beyond, note = _beyond(space, k)
    last = "" if beyond is not None or note else _last(space, k)
    after = {} if beyond is None else space.values(beyond)
    return Solution(
        unknown=q.unknown,
        answer=answer,
        value=value,
        next=None if beyond is None else {q.unknown: q.x(beyond, least=not q.smallest), **after},
        binding=tuple(b.text for b in q.budgets if after and not b.meets(after[b.metric])),
        at=q.at,
        proof=proof + note,
        budgets=q.budgets,
        step=None if q.domain.plateaus else q.domain.step,
        smallest=q.smallest,
        convention=q.cost.convention.name,
        setup=set_up(q.cost.setup, (b.metric for b in q.budgets)),
        following=q.following,
        alike=q.alike(answer),
        admissible=admissible,
        allowed=None if q.domain.points is None else len(q.domain.points),
        left_out=q.domain.left_out,
        last=last,
        forms=forms(q),
    )


def _last(space: Space, k: int) -> str:
    """Return in words which condition of the network ends the values that are allowed."""
    q = space.question
    if q.domain.points is not None or k in (q.domain.low, q.domain.high):
        return ""
    env = {K: k - 1 if q.smallest else k + 1}
    broken = [need for need, inside in zip(q.open_needs, q.needs(), strict=True) if not inside.holds(env)]
    return f"it needs {broken[0].phrase({})}" if broken else ""


def _any_fraction(space: Space) -> Solution | None:
    """Return the simplest fraction that meets the budgets; None where a metric turns back."""
    q = space.question
    found = Fractions(q.budgets, {b.metric: q.in_ratio(b.metric) for b in q.budgets}, q.domain.ends)
    if not found.ordered:
        return None
    x = found.simplest()
    if x is None:
        raise no_fraction(q, found.largest, proved=found.proved)
    proof = (
        f"proof: {' and '.join(found.formulas)} never turns back as {q.unknown} grows, by its form; "
        "the search of the Stern-Brocot tree is exact"
    )
    return Solution(
        unknown=q.unknown,
        answer=x,
        value=q.values(x),
        next=None,
        binding=(),
        at=q.at,
        proof=proof,
        budgets=q.budgets,
        step=None,
        smallest=q.smallest,
        convention=q.cost.convention.name,
        setup=set_up(q.cost.setup, (b.metric for b in q.budgets)),
        following=q.following,
        admissible=found.admissible(x),
        forms=forms(q),
    )


def _beyond(space: Space, k: int) -> tuple[int | None, str]:
    """Return the next allowed k, and a note where none is found with the work allowed."""
    q = space.question
    try:
        if q.smallest:
            return space.greatest((), q.domain.low, k - 1), ""
        return space.least((), k + 1, q.domain.high), ""
    except (GaveUp, TooLarge):
        return None, f"; the next allowed {q.unknown} is too far to be found"


def _proof(space: Space) -> str:
    """Return in one sentence why no better value exists."""
    q = space.question
    if q.domain.points is not None:
        return "proof: every value of the set was tried"
    names = [metric for metric, formula in space.formulas.items() if constant(formula) is None]
    if space.search.steps or not space.monotone():
        better = f"{'smaller' if q.smallest else 'greater'} {q.unknown}"
        return f"proof: bounds on {' and '.join(names)} leave no {better}, after {space.search.steps:,} steps of search"
    classes = len(space.lattice.tracks)
    turn, form = ("turn", "their form") if len(names) > 1 else ("turns", "its form")
    each = f", along each of {classes} classes of {q.unknown}" if classes > 1 else ""
    never = f"{' and '.join(names)} never {turn} back as {q.unknown} grows, by {form}{each}"
    return f"proof: {never}; bisection is exact"
