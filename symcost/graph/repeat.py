"""Repetition: one round is walked, and all rounds are counted.

A body that keeps its shapes is walked once and costs ``count`` times as much. Sizes that change are walked as functions
W(i) of a loop index i. The induction is checked, not assumed: if sizes W(i) come out as W(i + 1) for a symbolic i, they
are right in every round, and sums over i have closed forms. W is V + i D where every round adds the same; otherwise a
round is walked with unknown sizes, to see how they change (``recurrence``). A first round that is unlike the others, as
one that reads an image, is laid down by itself. What cannot be closed so is unrolled when the count is a number.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symcost.algebra.atoms import Number
from symcost.algebra.extent import integral
from symcost.algebra.needs import AtLeast, whole
from symcost.algebra.poly import Num, constant
from symcost.errors import SpecError
from symcost.graph.closing import CANNOT, Rounds
from symcost.graph.recurrence import NotClosed, Unlike
from symcost.graph.scope import Path, Scope, Value
from symcost.graph.trial import as_one, restore, round_of, save
from symcost.ops.op import Refused, resolved
from symcost.spec.models import Repeat

if TYPE_CHECKING:
    from symcost.graph.walk import Walker

MOST_ROUNDS = 10_000
UNDECIDED = "; fix "
"""What follows a comparison that depends on the round, and would have it fixed: nobody can fix the round."""


def repeat(walker: Walker, step: Repeat, value: Value, scope: Scope, path: Path) -> Value:
    """Apply a body a number of times that may be a symbol."""
    count = _count(walker, step, value, scope, path)
    inner = scope.inner(prefix=walker.unique(scope.prefix + (step.name or "repeat")) + ".")
    inner = walker.sharing(step, scope, inner)
    if count == 0:
        return value
    if count == 1:
        return as_one(walker, value, lambda v: round_of(walker, step, v, inner, 0, path))
    saved = save(walker)
    try:
        return _closed(walker, step, value, inner, count, path)
    except CANNOT as error:
        restore(walker, saved)
        rounds = constant(count)
        if not isinstance(rounds, int) or rounds > MOST_ROUNDS:
            round_of(walker, step, value, inner, 0, path)  # says what is wrong where a single round is
            raise _not_closed(rounds, error) from None
        return as_one(walker, value, lambda v: _unrolled(walker, step, v, inner, rounds, path))


def _unrolled(walker: Walker, step: Repeat, value: Value, inner: Scope, rounds: int, path: Path) -> Value:
    for i in range(rounds):
        value = round_of(walker, step, value, _own(walker, step, inner, i), i, path)
    return value


def _not_closed(rounds: Number | None, error: Exception) -> Exception:
    if isinstance(error, SpecError) and UNDECIDED not in str(error):
        return error
    reason = str(error).partition(UNDECIDED)[0]
    if rounds is None:
        return Refused(f"cannot be closed for a symbolic count: {reason}; fix the count with a number")
    most = f"{rounds:,} rounds are too many to go through, the most are {MOST_ROUNDS:,}"
    return Refused(f"cannot be closed: {reason}; and {most}")


def _count(walker: Walker, step: Repeat, value: Value, scope: Scope, path: Path) -> Num:
    count = resolved(step.count, walker.env(scope, value), "repeat", walker.conditions.box)
    number = constant(count)
    if number is None:
        walker.conditions.require(AtLeast(count, 0), scope, scope.prefix + "repeat", path)
        if not integral(count):
            walker.conditions.require(whole(count), scope, scope.prefix + "repeat", path)
    elif not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise Refused(f"count must be a whole number of at least 0, got {number}")
    return count if number is None else number


def _own(walker: Walker, step: Repeat, inner: Scope, i: int) -> Scope:
    """Return the scope of a round of its own; the first shares under the names that all have where they are closed."""
    own = inner.inner(prefix=f"{inner.prefix}round_{i + 1}.")
    if step.weights is None and inner.shared is not None and i == 0:
        return replace(own, shared=inner.shared + inner.prefix[len(inner.shared_prefix) :], shared_prefix=own.prefix)
    return walker.sharing(step, inner, own)


def _closed(walker: Walker, step: Repeat, value: Value, scope: Scope, count: Num, path: Path) -> Value:
    """Walk one round for all of them, or the first and one for the rest."""
    saved = save(walker)
    try:
        return Rounds(walker, step, scope, count, path).closed(value)
    except Unlike:
        if step.weights is not None or scope.shared is not None:
            raise NotClosed("the first round is unlike the others, and they share weights") from None
        restore(walker, saved)
        walker.conditions.require(AtLeast(count, 1), scope, f"{scope.prefix}round_1", path)
        return as_one(walker, value, lambda v: _first_and_rest(walker, step, v, scope, count, path))


def _first_and_rest(walker: Walker, step: Repeat, value: Value, scope: Scope, count: Num, path: Path) -> Value:
    value = round_of(walker, step, value, scope.inner(prefix=f"{scope.prefix}round_1."), 0, path)
    return Rounds(walker, step, scope.inner(prefix=f"{scope.prefix}rest."), count - 1, path, 1).closed(value)
