"""Rounds laid down on trial: the state of a walk, to come back to, and what rounds hand on to one another."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from symcost.algebra.needs import Equal, Need
from symcost.algebra.poly import Num
from symcost.graph.model import Loop, Repeated
from symcost.graph.scope import Path, Scope, Value
from symcost.graph.sharing import Weights
from symcost.spec.models import Repeat

if TYPE_CHECKING:
    from symcost.graph.walk import Walker


def round_of(walker: Walker, step: Repeat, value: Value, scope: Scope, i: Num, path: Path) -> Value:
    """Lay down a round, given its number or what stands for it."""
    if step.index is not None:
        scope.env[step.index] = i
    return walker.run(step.do, value, scope, (*path, "do"))


def as_one(walker: Walker, value: Value, lay: Callable[[Value], Value]) -> Value:
    """Lay down rounds that stand for themselves, as one round of a repetition."""
    saved = save(walker)
    return note(walker, saved, Loop("", 1), value, lay(carried(walker, value)))


def carried(walker: Walker, value: Value) -> Value:
    """Return what a round of a repetition reads as handed on by the round before."""
    walker.repeats.append(None)
    number = len(walker.repeats) - 1
    return tuple(tensor._replace(carried=(number, place)) for place, tensor in enumerate(value))


def note(walker: Walker, saved: Saved, loop: Loop, value: Value, out: Value) -> Value:
    """Take note of a repetition, and return what its last round hands on.

    A value that every round passes on in its place is the one before the repetition; in another place it stays what the
    last round was handed.
    """
    number = saved.repeats
    walker.repeats[number] = Repeated(loop, saved.nodes, len(walker.nodes), value, out)
    passed = {(number, place): tensor for place, tensor in enumerate(value)}
    here = (passed if loop.count == 1 or tensor.carried == (number, place) else {} for place, tensor in enumerate(out))
    return tuple(known.get(t.carried, t) if t.carried else t for t, known in zip(out, here, strict=True))


class Saved(NamedTuple):
    """The state of a walk: how much it has laid down, and what it knows of names, shared weights and conditions."""

    nodes: int
    seen: dict[str, int]
    shared: dict[str, Weights]
    open: dict[Need, str]
    joins: dict[Equal, tuple[str, Path]]
    repeats: int


def save(walker: Walker) -> Saved:
    """Remember the state of the walk, to come back to when a trial fails."""
    ledger = walker.conditions
    seen, shared, repeats = dict(walker.seen), dict(walker.shared), len(walker.repeats)
    return Saved(len(walker.nodes), seen, shared, dict(ledger.open), dict(ledger.joins), repeats)


def restore(walker: Walker, saved: Saved) -> None:
    """Come back to a state of the walk."""
    del walker.nodes[saved.nodes :]
    del walker.repeats[saved.repeats :]
    walker.seen, walker.shared = dict(saved.seen), dict(saved.shared)
    walker.conditions.open, walker.conditions.joins = dict(saved.open), dict(saved.joins)
    walker.forget()
