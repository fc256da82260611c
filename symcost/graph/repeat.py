"""Repetition: one round is walked, and all rounds are counted.

A body that keeps its shapes is walked once and costs ``count`` times as much. A body that adds the same to its sizes in
every round is walked with sizes V + i D in a loop index i. The induction is checked, not assumed: if sizes V + i D come
out as V + (i + 1) D for a symbolic i, they are right in every round, and sums over i have closed forms. What cannot be
closed so is unrolled when the count is a number.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from symcost.algebra.atoms import Number
from symcost.algebra.extent import integral
from symcost.algebra.needs import AtLeast, Equal, Need, whole
from symcost.algebra.poly import NotExact, Num, constant, symbol, symbols_of
from symcost.errors import SpecError
from symcost.graph.model import Loop, Node, over_loops
from symcost.graph.scope import Path, Scope, Value
from symcost.graph.sharing import Weights
from symcost.ops.facts import numel
from symcost.ops.op import Refused, resolved
from symcost.spec.models import Repeat

if TYPE_CHECKING:
    from symcost.graph.walk import Walker

MOST_ROUNDS = 10_000


class _NotClosed(Exception):
    """The rounds have no closed form; the message says why."""


def repeat(walker: Walker, step: Repeat, value: Value, scope: Scope, path: Path) -> Value:
    """Apply a body a number of times that may be a symbol."""
    count = _count(walker, step, value, scope, path)
    inner = scope.inner(prefix=walker.unique(scope.prefix + (step.name or "repeat")) + ".")
    inner = walker.sharing(step, scope, inner)
    if count == 0:
        return value
    if count == 1:
        return _round(walker, step, value, inner, 0, path)
    saved = _save(walker)
    try:
        return _closed(walker, step, value, inner, count, path)
    except (_NotClosed, NotExact, Refused, SpecError) as error:
        rounds = constant(count)
        if not isinstance(rounds, int) or rounds > MOST_ROUNDS:
            if isinstance(error, SpecError):
                raise
            raise Refused(_not_closed(rounds, error)) from None
        _restore(walker, saved)
        for i in range(rounds):
            value = _round(walker, step, value, _own(walker, step, inner, i), i, path)
        return value


def _not_closed(rounds: Number | None, error: Exception) -> str:
    if rounds is None:
        return f"cannot be closed for a symbolic count: {error}; fix the count with a number"
    return f"cannot be closed: {error}; and {rounds:,} rounds are too many to go through, the most are {MOST_ROUNDS:,}"


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


def _round(walker: Walker, step: Repeat, value: Value, scope: Scope, i: Num, path: Path) -> Value:
    if step.index is not None:
        scope.env[step.index] = i
    return walker.run(step.do, value, scope, (*path, "do"))


def _own(walker: Walker, step: Repeat, inner: Scope, i: int) -> Scope:
    """Return the scope of a round of its own; the first shares under the names that all have where they are closed."""
    own = inner.inner(prefix=f"{inner.prefix}round_{i + 1}.")
    if step.weights is None and inner.shared is not None and i == 0:
        return replace(own, shared=inner.shared + inner.prefix[len(inner.shared_prefix) :], shared_prefix=own.prefix)
    return walker.sharing(step, inner, own)


def _closed(walker: Walker, step: Repeat, value: Value, scope: Scope, count: Num, path: Path) -> Value:
    """Walk one round for all of them."""
    loop = Loop(_free_name(walker, step, scope), count)
    index, saved = symbol(loop.index, "index"), _save(walker)
    out = _round(walker, step, value, _looped(step, scope, loop), index, path)
    growth = _growth(value, out, loop.index)
    if any(map(any, growth)):
        _restore(walker, saved)
        here = _grown(value, growth, index)
        out = _round(walker, step, here, _looped(step, scope, loop), index, path)
        if _shapes(out) != _shapes(_grown(here, growth, 1)):
            raise _NotClosed("sizes do not grow by the same amount in every round")
    _check_sums(walker.nodes[saved.nodes :], len(scope.loops))
    ends = _shapes(_grown(value, growth, count))
    return tuple(tensor._replace(shape=shape) for tensor, shape in zip(out, ends, strict=True))


def _free_name(walker: Walker, step: Repeat, scope: Scope) -> str:
    """Return a name for the index that no symbol of the spec and no loop around has, whatever the body calls it."""
    taken = {*walker.spec.symbols, *(loop.index for loop in scope.loops)}
    wanted = step.index or "i"
    return next(name for name in (wanted, *(f"{wanted}{n}" for n in range(2, len(taken) + 3))) if name not in taken)


def _looped(step: Repeat, scope: Scope, loop: Loop) -> Scope:
    """Return the scope of a round that stands for all; weights declared at the repetition are the same in each."""
    inner = scope.inner(loop=loop)
    return inner if step.weights is None else replace(inner, tied=len(inner.loops))


def _growth(before: Value, after: Value, index: str) -> list[tuple[Num, ...]]:
    """Return by how much each size grows in a round."""
    if len(before) != len(after) or any(len(a.shape) != len(b.shape) for a, b in zip(before, after, strict=True)):
        raise _NotClosed("a round changes the number of tensors or axes")
    growth = [tuple(b - a for a, b in zip(s.shape, t.shape, strict=True)) for s, t in zip(before, after, strict=True)]
    if any(index in symbols_of(size) for sizes in growth for size in sizes):
        raise _NotClosed("sizes grow by another amount in every round")
    return growth


def _grown(value: Value, growth: list[tuple[Num, ...]], rounds: Num) -> Value:
    return tuple(
        tensor._replace(shape=tuple(size + step * rounds for size, step in zip(tensor.shape, steps, strict=True)))
        for tensor, steps in zip(value, growth, strict=True)
    )


def _shapes(value: Value) -> tuple[tuple[Num, ...], ...]:
    return tuple(tensor.shape for tensor in value)


def _check_sums(nodes: list[Node], depth: int) -> None:
    """Make sure that what the nodes cost has closed sums over the loops from a depth on.

    Raises:
        NotExact: there is an amount that has none.
    """
    for facts, loops in {(id(node.facts), node.loops): (node.facts, node.loops[depth:]) for node in nodes}.values():
        for shape in (*facts.outs, *facts.weights.values(), *facts.buffers.values()):
            over_loops(numel(shape), loops)
        for amount in (*facts.work.values(), facts.taps):
            over_loops(amount, loops)


class _Saved(NamedTuple):
    nodes: int
    seen: dict[str, int]
    shared: dict[str, Weights]
    open: dict[Need, str]
    joins: dict[Equal, tuple[str, Path]]


def _save(walker: Walker) -> _Saved:
    """Remember the state of the walk, to come back to when a trial fails."""
    ledger = walker.conditions
    return _Saved(len(walker.nodes), dict(walker.seen), dict(walker.shared), dict(ledger.open), dict(ledger.joins))


def _restore(walker: Walker, saved: _Saved) -> None:
    del walker.nodes[saved.nodes :]
    walker.seen, walker.shared = dict(saved.seen), dict(saved.shared)
    walker.conditions.open, walker.conditions.joins = dict(saved.open), dict(saved.joins)
    walker.forget()
