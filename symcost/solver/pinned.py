"""Questions that hold a metric from both sides: all values that meet them, and which of these is the answer.

A published figure stands for an interval; the answer is then the simplest fraction for a ratio, and the greatest value
(or the least, if that is asked for) for a whole number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypedDict

from symcost.algebra.atoms import Number
from symcost.algebra.power import TooLarge
from symcost.solver.admissible import Admissible
from symcost.solver.budget import Budget
from symcost.solver.condition import GaveUp
from symcost.solver.interval import Interval
from symcost.solver.space import Space

MOST = 1000


class _Around(TypedDict):
    before: dict[str, Number] | None
    after: dict[str, Number] | None


@dataclass(frozen=True)
class Pinned:
    """An answer among all values that meet a question.

    Attributes:
        answer: the value chosen.
        first: the least k that meets the question.
        last: the greatest.
        all: every value.
    """

    answer: Number
    first: int
    last: int
    all: Admissible


def pinned(space: Space, first: int, last: int) -> Pinned:
    """Choose among the values from the first to the last k that meet a question.

    Raises:
        GaveUp: the work allowed is used up.
    """
    plateaus = space.question.domain.plateaus
    if plateaus is None:
        return _counted(space, first, last)
    whole = space.in_one_piece()
    interval = plateaus.interval(first, last)
    piece = interval if whole else space.question.domain.interval(last) or plateaus.interval(last, last)
    return Pinned(piece.simplest(), first, last, Admissible(interval, whole=whole, **_around(space, first, last)))


def _counted(space: Space, first: int, last: int) -> Pinned:
    """Choose among values that can be counted."""
    q = space.question
    budgets = () if space.in_one_piece() else q.budgets
    found = _up_to(space, budgets, first, last)
    complete = found[-1] == last
    values = tuple(map(q.x, found)) if complete else ()
    ends = Interval(q.x(first), q.x(last))
    everything = Admissible(ends, values, len(values) or None, not budgets, **_around(space, first, last))
    if isinstance(q.domain.step, Fraction) and complete:
        return Pinned(min(values, key=_simplicity), first, last, everything)
    return Pinned(q.x(first if q.smallest else last), first, last, everything)


def _up_to(space: Space, budgets: Sequence[Budget], first: int, last: int) -> list[int]:
    """Return the k that meet budgets from the first to the last, or as many of them as is allowed."""
    found = [first]
    while found[-1] < last and len(found) < MOST:
        try:
            after = space.least(budgets, found[-1] + 1, last)
        except GaveUp:
            break
        assert after is not None
        found.append(after)
    return found


def _simplicity(x: Number) -> tuple[int, Number]:
    return x.denominator, x


def _around(space: Space, first: int, last: int) -> _Around:
    """Return the allowed values next below the first and next above the last, where they can be found."""
    q = space.question
    below = space.greatest((), q.domain.low, first - 1)
    try:
        above = space.least((), last + 1, q.domain.high)
    except (GaveUp, TooLarge):
        above = None
    return {
        "before": None if below is None else {q.unknown: q.x(below), **space.values(below)},
        "after": None if above is None else {q.unknown: q.x(above, least=True), **space.values(above)},
    }
