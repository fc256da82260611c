"""The goals of a question, in every way they can be given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from symcost.errors import UsageError, quoted
from symcost.solver.objective import Objective

Goals: TypeAlias = Iterable[str | Objective] | Mapping[str, str]
"""``["macs", "maximize params"]``, or ``{"macs": "min", "params": "max"}``."""
WAYS = {"min": False, "minimize": False, "max": True, "maximize": True}
FEWEST, MOST = 2, 6


def read_goals(metrics: Goals) -> tuple[Objective, ...]:
    """Return the goals.

    Raises:
        UsageError: they are fewer than two or more than six, one comes twice, or is to be neither small nor great.
    """
    if isinstance(metrics, Mapping):
        found = tuple(Objective(text, _maximized(text, way)) for text, way in metrics.items())
    elif isinstance(metrics, str):
        found = (Objective.parse(metrics),)
    else:
        found = tuple(goal if isinstance(goal, Objective) else Objective.parse(goal) for goal in metrics)
    texts = [goal.text for goal in found]
    twice = next((text for text in texts if texts.count(text) > 1), None)
    if twice is not None:
        raise UsageError(f"{quoted(twice)} is given twice as a goal")
    if not FEWEST <= len(found) <= MOST:
        raise UsageError(
            f"a frontier takes {FEWEST} to {MOST} goals, such as minimize macs and maximize params, got {len(found)}"
        )
    return found


def _maximized(text: str, way: str) -> bool:
    if way not in WAYS:
        raise UsageError(f"{text} is to be 'min' or 'max', got {quoted(way)}")
    return WAYS[way]
