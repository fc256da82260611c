"""Explain a reference to a step that comes later: an order to change, or a cycle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symcost.ops.op import Step


def explain(body: tuple[Any, ...], at: int, error: Exception, known: Mapping[str, object]) -> str:
    """Return what is wrong with a step, saying so when it reads one that comes later."""
    step: Step = body[at]
    later = {s.name: i for i, s in enumerate(body) if i > at and s.name is not None}
    wanted = [name for name in map(_stem, _sources(step)) if name not in known and name in later]
    if not wanted:
        return str(error)
    chain = _chain(body, at, later[wanted[0]])
    if chain:
        return f"reads '{wanted[0]}', which comes later and reads it in turn: a cycle, {' -> '.join(chain)}"
    return f"reads '{wanted[0]}', which comes later; move it up"


def _sources(step: Step) -> tuple[str, ...]:
    if step.from_ is None:
        return ()
    return (step.from_,) if isinstance(step.from_, str) else step.from_


def _stem(name: str) -> str:
    """Return the step that a reference is to: ``halves`` for ``halves.0``."""
    return name.partition(".")[0]


def _chain(body: tuple[Any, ...], at: int, later: int) -> list[str]:
    """Return the steps from ``later`` back to ``at`` along what each reads, or nothing."""
    names = {s.name: i for i, s in enumerate(body) if s.name is not None}
    chain, here = [_called(body[at])], later
    while here > at:
        chain.append(_called(body[here]))
        sources = [names[n] for n in map(_stem, _sources(body[here])) if n in names and names[n] < here]
        if body[here].from_ is not None and not sources:
            return []
        here = min((s for s in sources if s >= at), default=here - 1 if body[here].from_ is None else -1)
    return [*chain, _called(body[at])] if here == at else []


def _called(step: Any) -> str:
    return str(step.name or getattr(step, "block", None) or step.op)
