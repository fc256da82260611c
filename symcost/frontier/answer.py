"""The Pareto frontier of metrics over a grid of designs, exact."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from symcost.algebra.atoms import Number
from symcost.errors import NoAnswer
from symcost.frontier.goals import Goals
from symcost.frontier.question import Subject, ask
from symcost.frontier.result import Frontier, Point
from symcost.frontier.survey import Survey
from symcost.metrics.metric import set_up
from symcost.solver.grid import Over


def pareto(
    cost: Subject,
    metrics: Goals,
    over: Over,
    at: Mapping[str, Number | str] | None = None,
    *,
    convention: str = "symcost",
    watch: Callable[[Survey], None] | None = None,
) -> Frontier:
    """Return the designs of a grid that no other design beats: better in one goal and no worse in the others.

    Values are compared as exact integers or fractions. Designs that break a condition of the network are left out and
    counted. NumPy, where it is installed, makes it fast; the answer is the same without.

    Args:
        cost: of a network, or the network itself, which a grid over flags and constants needs.
        metrics: goals, such as ``["minimize macs", "maximize params"]`` or ``{"macs": "min", "params": "max"}``; a
            goal is a metric or an expression in metrics and symbols, such as ``C*L1``.
        over: the grid, such as ``["C=16:256:8", "H=128:320:32"]`` or ``{"C": range(16, 257, 8)}``.
        at: values of other sizes, exact; defaults fill the rest.
        convention: by which FLOPs are counted; a cost has its own.
        watch: is called again and again with how far it has come.

    Raises:
        UsageError: the question has no meaning, or the grid is too large.
        SpecError: a value given in ``at`` is refused, or no design is a network.
        NoAnswer: no design of the grid meets the conditions, or the frontier has too many points.
    """
    survey = Survey(ask(cost, metrics, over, at or {}, convention))
    for _ in survey.run():
        if watch is not None:
            watch(survey)
    return frontier(survey)


def stream(
    cost: Subject,
    metrics: Goals,
    over: Over,
    at: Mapping[str, Number | str] | None = None,
    *,
    convention: str = "symcost",
) -> Iterator[Frontier]:
    """Yield the frontier of the designs compared so far, again and again; the last one is that of ``pareto``.

    The arguments and errors are those of ``pareto``. Memory does not grow with the grid.
    """
    survey = Survey(ask(cost, metrics, over, at or {}, convention))
    for _ in survey.run():
        if survey.entries():
            yield frontier(survey)
    if not survey.entries():
        frontier(survey)


def frontier(survey: Survey) -> Frontier:
    """Return the frontier of what a survey has seen.

    Raises:
        NoAnswer: no design seen meets the conditions.
    """
    q = survey.question
    found = sorted(survey.entries().items())
    if not found:
        words = ", ".join(f"{count:,} need {reason}" for reason, count in survey.left_out.most_common(3))
        raise NoAnswer(f"none of the {survey.seen:,} designs is a network: {words}")
    signs = [-1 if goal.maximize else 1 for goal in q.goals]
    texts = [goal.text for goal in q.goals]
    points = tuple(
        Point(
            {text: sign * value for text, sign, value in zip(texts, signs, values, strict=True)},
            tuple(q.design(place) for place in entry.first),
            entry.count,
        )
        for values, entry in found
    )
    return Frontier(
        name=q.name,
        goals=q.goals,
        axes=q.axes,
        points=points,
        size=q.size,
        compared=survey.seen - survey.left_out.total(),
        left_out=dict(sorted(survey.left_out.items())),
        at=survey.at,
        convention=q.convention,
        setup=set_up(q.subject.setup, (goal.text for goal in q.goals)),
        sample=tuple(tuple(s * v for s, v in zip(signs, row, strict=True)) for row in survey.sample),
    )
