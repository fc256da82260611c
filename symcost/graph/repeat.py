"""Repetition: one round is walked, and all rounds are counted.

A body that keeps its shapes is walked once and costs ``count`` times as much. Sizes that change are walked as functions
W(i) of a loop index i. The induction is checked, not assumed: if sizes W(i) come out as W(i + 1) for a symbolic i, they
are right in every round, and sums over i have closed forms. W is V + i D where every round adds the same; otherwise a
round is walked with unknown sizes, to see how they change (``recurrence``). A first round that is unlike the others, as
one that reads an image, is laid down by itself. What cannot be closed so is unrolled when the count is a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from symcost.algebra.atoms import Number
from symcost.algebra.extent import integral
from symcost.algebra.needs import AtLeast, Divides, Equal, Need, whole
from symcost.algebra.poly import NotExact, Num, constant, substitute, symbol, symbols_of
from symcost.algebra.power import TooLarge, raised
from symcost.algebra.steps import settles, vanishes
from symcost.errors import SpecError
from symcost.graph.conditions import Conditions, Deferred, Unheeded
from symcost.graph.model import Loop, Repeated, over_loops
from symcost.graph.parts import repeated, rewritten
from symcost.graph.recurrence import Course, NotClosed, Unlike, courses
from symcost.graph.scope import Path, Scope, Value
from symcost.graph.sharing import Weights
from symcost.ops.facts import Shape, numel
from symcost.ops.op import Refused, resolved
from symcost.spec.models import Repeat

if TYPE_CHECKING:
    from symcost.graph.walk import Walker

MOST_ROUNDS = 10_000
UNDECIDED = "; fix "
"""What follows a comparison that depends on the round, and would have it fixed: nobody can fix the round."""
Sizes = tuple[Shape, ...]


CANNOT = (NotClosed, NotExact, Refused, SpecError, TooLarge)
"""What a trial may end in: what holds of plain sizes need not be seen of sizes in the index of a loop."""


def repeat(walker: Walker, step: Repeat, value: Value, scope: Scope, path: Path) -> Value:
    """Apply a body a number of times that may be a symbol."""
    count = _count(walker, step, value, scope, path)
    inner = scope.inner(prefix=walker.unique(scope.prefix + (step.name or "repeat")) + ".")
    inner = walker.sharing(step, scope, inner)
    if count == 0:
        return value
    if count == 1:
        return _as_one(walker, value, lambda v: _round(walker, step, v, inner, 0, path))
    saved = _save(walker)
    try:
        return _closed(walker, step, value, inner, count, path)
    except CANNOT as error:
        _restore(walker, saved)
        rounds = constant(count)
        if not isinstance(rounds, int) or rounds > MOST_ROUNDS:
            _round(walker, step, value, inner, 0, path)  # says what is wrong where a single round is
            raise _not_closed(rounds, error) from None
        return _as_one(walker, value, lambda v: _unrolled(walker, step, v, inner, rounds, path))


def _unrolled(walker: Walker, step: Repeat, value: Value, inner: Scope, rounds: int, path: Path) -> Value:
    for i in range(rounds):
        value = _round(walker, step, value, _own(walker, step, inner, i), i, path)
    return value


def _as_one(walker: Walker, value: Value, lay: Callable[[Value], Value]) -> Value:
    """Lay down rounds that stand for themselves, as one round of a repetition."""
    saved = _save(walker)
    return _note(walker, saved, Loop("", 1), value, lay(_carried(walker, value)))


def _carried(walker: Walker, value: Value) -> Value:
    """Return what a round of a repetition reads as handed on by the round before."""
    walker.repeats.append(None)
    number = len(walker.repeats) - 1
    return tuple(tensor._replace(carried=(number, place)) for place, tensor in enumerate(value))


def _note(walker: Walker, saved: _Saved, loop: Loop, value: Value, out: Value) -> Value:
    """Take note of a repetition, and return what its last round hands on."""
    walker.repeats[saved.repeats] = Repeated(loop, saved.nodes, len(walker.nodes), value, out)
    passed = {(saved.repeats, place): tensor for place, tensor in enumerate(value)}
    return tuple(passed.get(tensor.carried, tensor) if tensor.carried else tensor for tensor in out)


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
    """Walk one round for all of them, or the first and one for the rest."""
    saved = _save(walker)
    try:
        return _Rounds(walker, step, scope, count, path).closed(value)
    except Unlike:
        if step.weights is not None or scope.shared is not None:
            raise NotClosed("the first round is unlike the others, and they share weights") from None
        _restore(walker, saved)
        walker.conditions.require(AtLeast(count, 1), scope, f"{scope.prefix}round_1", path)
        return _as_one(walker, value, lambda v: _first_and_rest(walker, step, v, scope, count, path))


def _first_and_rest(walker: Walker, step: Repeat, value: Value, scope: Scope, count: Num, path: Path) -> Value:
    value = _round(walker, step, value, scope.inner(prefix=f"{scope.prefix}round_1."), 0, path)
    return _Rounds(walker, step, scope.inner(prefix=f"{scope.prefix}rest."), count - 1, path, 1).closed(value)


@dataclass
class _Rounds:
    """A repetition being closed.

    Attributes:
        first: how many rounds have been laid down before.
    """

    walker: Walker
    step: Repeat
    scope: Scope
    count: Num
    path: Path
    first: int = 0

    def __post_init__(self) -> None:
        self.loop = Loop(_free_name(self.walker, self.step, self.scope), self.count)
        self.index = symbol(self.loop.index, "index")
        self.saved = _save(self.walker)

    def closed(self, value: Value) -> Value:
        """Lay down one round that stands for all, and return what comes out of the last.

        Raises:
            NotClosed: there is no such round.
            Unlike: there is one for all but the first.
        """
        out = self._first(value)
        if _sizes(out) == _sizes(value):
            self._check_sums()
            return _note(self.walker, self.saved, self.loop, value, out)
        out, sizes = self._growing(value, out) or self._recurrent(value, out)
        self._check_sums()
        last = _note(self.walker, self.saved, self.loop, value, out)
        return _resized(last, _put(sizes, {self.loop.index: self.count}))

    def _first(self, value: Value) -> Value:
        """Lay down a round in sizes as they come in; where they change, what they are asked says nothing yet."""
        try:
            return self._walk(value)
        except CANNOT:
            out = self._walk(value, Unheeded(self.walker.conditions.box))
            if _sizes(out) == _sizes(value):
                raise
            return out

    def _walk(self, value: Value, conditions: Conditions | None = None) -> Value:
        """Lay down a round, in place of one that was laid down before."""
        _restore(self.walker, self.saved)
        kept = self.walker.conditions
        self.walker.conditions = conditions or kept
        try:
            looped, read = _looped(self.step, self.scope, self.loop), _carried(self.walker, value)
            return _round(self.walker, self.step, read, looped, self.index + self.first, self.path)
        finally:
            self.walker.conditions = kept

    def _growing(self, value: Value, out: Value) -> tuple[Value, Sizes] | None:
        """Lay down a round for sizes that grow by the same amounts in all; None where they do not."""
        growth = _each(lambda a, b: b - a, _sizes(value), _sizes(out))
        if any(self.loop.index in symbols_of(step) for shape in growth for step in shape):
            return None
        here = _each(lambda size, step: size + step * self.index, _sizes(value), growth)
        try:
            out = self._walk(_resized(value, here))
        except CANNOT:
            return None
        return (out, here) if self._agree(_sizes(out), _each(lambda a, b: a + b, here, growth)) else None

    def _recurrent(self, value: Value, out: Value) -> tuple[Value, Sizes]:
        """Lay down a round for sizes that obey a recurrence."""
        names = _names(_sizes(value), _sizes(out), self.loop.index)
        unknown = _each(lambda a, b: symbol(names[a, b]) if a != b else a, _sizes(value), _sizes(out))
        found = self._courses(
            names, unknown, _sizes(self._walk(_resized(value, unknown), Unheeded(self.walker.conditions.box)))
        )
        here, after = (
            _put(unknown, {name: getattr(course, end) for name, course in found.items()}) for end in ("here", "after")
        )
        units = dict(course.unit for course in found.values() if course.unit is not None)
        out = self._in_units(_resized(value, here), units) if units else self._walk(_resized(value, here))
        if not self._agree(_put(_sizes(out), units), _put(after, units)):
            raise NotClosed("sizes do not change in every round as they do in the others")
        for (first, _), name in names.items():
            self._require_division(first, found[name])
        return out, _put(here, units)

    def _courses(self, names: Mapping[tuple[Num, Num], str], before: Sizes, after: Sizes) -> dict[str, Course]:
        ends: dict[str, Num] = {}
        for size, then in zip(_flat(before), _flat(_matching(before, after)), strict=True):
            for name in symbols_of(size) & set(names.values()):
                if ends.setdefault(name, then) != then:
                    raise NotClosed("sizes that are equal become different")
        return courses({name: first for (first, _), name in names.items()}, ends, self.loop.index)

    def _in_units(self, value: Value, units: Mapping[str, Num]) -> Value:
        """Lay down a round in sizes that are divided in every round, and then say what these are."""
        deferred = Deferred(self.walker.conditions.box)
        out = self._walk(value, deferred)
        if self.walker.shared != self.saved.shared:
            raise NotClosed("weights are shared while sizes are divided")
        deferred.settle(self.walker.conditions, units)
        nodes = self.walker.nodes
        nodes[self.saved.nodes :] = rewritten(nodes[self.saved.nodes :], units)
        repeats = self.walker.repeats
        repeats[self.saved.repeats :] = [repeat and repeated(repeat, units) for repeat in repeats[self.saved.repeats :]]
        return out

    def _require_division(self, first: Num, course: Course) -> None:
        if course.below == 1:
            return
        if constant(self.count) is not None:
            raise NotClosed("sizes are divided in every round")
        need = Divides(raised(course.below, self.count), first)
        self.walker.conditions.require(need, self.scope, self.scope.prefix.rstrip("."), self.path)

    def _agree(self, sizes: Sizes, expected: Sizes) -> bool:
        gaps = _each(lambda a, b: a - b, sizes, expected)
        return all(gap == 0 or vanishes(gap, self.loop.index) for gap in _flat(gaps))

    def _check_sums(self) -> None:
        """Make sure that what the nodes cost has closed sums over this loop and those inside.

        Raises:
            NotExact: there is an amount that has none.
        """
        nodes, depth = self.walker.nodes[self.saved.nodes :], len(self.scope.loops)
        for facts, loops in {(id(node.facts), node.loops): (node.facts, node.loops[depth:]) for node in nodes}.values():
            for shape in (*facts.outs, *facts.weights.values(), *facts.buffers.values()):
                self._check_sum(numel(shape), loops)
            for amount in (*facts.work.values(), facts.taps):
                self._check_sum(amount, loops)

    def _check_sum(self, amount: Num, loops: tuple[Loop, ...]) -> None:
        """Make sure of a closed sum, and that there are as many rounds as it holds from."""
        start = settles(over_loops(amount, loops[1:]), self.loop.index)
        if start and constant(self.count) is None:
            need = AtLeast(self.count, start)
            self.walker.conditions.require(need, self.scope, self.scope.prefix.rstrip("."), self.path)
        over_loops(amount, loops)


def _names(before: Sizes, after: Sizes, index: str) -> dict[tuple[Num, Num], str]:
    """Return a name, which no spec can give, for every size that changes; sizes that change alike have one."""
    changed = [(a, b) for a, b in zip(_flat(before), _flat(_matching(before, after)), strict=True) if a != b]
    return {pair: f"{index}'{k}" for k, pair in enumerate(dict.fromkeys(changed))}


def _matching(before: Sizes, after: Sizes) -> Sizes:
    """Return the sizes after a round if they are as many as before it."""
    if list(map(len, before)) != list(map(len, after)):
        raise NotClosed("a round changes the number of tensors or axes")
    return after


def _each(act: Callable[[Num, Num], Num], before: Sizes, after: Sizes) -> Sizes:
    pairs = zip(before, _matching(before, after), strict=True)
    return tuple(tuple(act(a, b) for a, b in zip(s, t, strict=True)) for s, t in pairs)


def _put(sizes: Sizes, values: Mapping[str, Num]) -> Sizes:
    return tuple(tuple(substitute(size, values) for size in shape) for shape in sizes)


def _flat(sizes: Sizes) -> list[Num]:
    return [size for shape in sizes for size in shape]


def _sizes(value: Value) -> Sizes:
    return tuple(tensor.shape for tensor in value)


def _resized(value: Value, sizes: Sizes) -> Value:
    return tuple(tensor._replace(shape=shape) for tensor, shape in zip(value, sizes, strict=True))


def _free_name(walker: Walker, step: Repeat, scope: Scope) -> str:
    """Return a name for the index that no symbol of the spec and no loop around has, whatever the body calls it."""
    taken = {*walker.spec.symbols, *(loop.index for loop in scope.loops)}
    wanted = step.index or "i"
    return next(name for name in (wanted, *(f"{wanted}{n}" for n in range(2, len(taken) + 3))) if name not in taken)


def _looped(step: Repeat, scope: Scope, loop: Loop) -> Scope:
    """Return the scope of a round that stands for all; weights declared at the repetition are the same in each."""
    inner = scope.inner(loop=loop)
    return inner if step.weights is None else replace(inner, tied=len(inner.loops))


class _Saved(NamedTuple):
    nodes: int
    seen: dict[str, int]
    shared: dict[str, Weights]
    open: dict[Need, str]
    joins: dict[Equal, tuple[str, Path]]
    repeats: int


def _save(walker: Walker) -> _Saved:
    """Remember the state of the walk, to come back to when a trial fails."""
    ledger = walker.conditions
    seen, shared, repeats = dict(walker.seen), dict(walker.shared), len(walker.repeats)
    return _Saved(len(walker.nodes), seen, shared, dict(ledger.open), dict(ledger.joins), repeats)


def _restore(walker: Walker, saved: _Saved) -> None:
    del walker.nodes[saved.nodes :]
    del walker.repeats[saved.repeats :]
    walker.seen, walker.shared = dict(saved.seen), dict(saved.shared)
    walker.conditions.open, walker.conditions.joins = dict(saved.open), dict(saved.joins)
    walker.forget()
