"""One round that stands for all: the sizes before it as functions of a loop index, and the induction that shows them.

Sizes that come out as they go in are walked as they are. Where every round adds the same they are V + i D; otherwise a
round is walked with unknown sizes, to see how they change (``recurrence``). If sizes W(i) come out as W(i + 1) for a
symbolic i, they are right in every round.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from symcost.algebra.needs import AtLeast, Divides
from symcost.algebra.poly import NotExact, Num, constant, symbol, symbols_of
from symcost.algebra.power import TooLarge, raised
from symcost.algebra.steps import settles, vanishes
from symcost.algebra.sums import sum_over
from symcost.errors import SpecError
from symcost.graph.conditions import Conditions, Deferred, Unheeded
from symcost.graph.model import Loop
from symcost.graph.parts import repeated, rewritten
from symcost.graph.recurrence import Course, NotClosed, courses
from symcost.graph.scope import Path, Scope, Value
from symcost.graph.sizes import Sizes, each, flat, matching, put, resized, sizes_of
from symcost.graph.trial import carried, note, restore, round_of, save
from symcost.ops.op import Refused
from symcost.spec.models import Repeat

if TYPE_CHECKING:
    from symcost.graph.walk import Walker

CANNOT = (NotClosed, NotExact, Refused, SpecError, TooLarge)
"""What a trial may end in: what holds of plain sizes need not be seen of sizes in the index of a loop."""


@dataclass
class Rounds:
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
        self.saved = save(self.walker)

    def closed(self, value: Value) -> Value:
        """Lay down one round that stands for all, and return what comes out of the last.

        Raises:
            NotClosed: there is no such round.
            Unlike: there is one for all but the first.
        """
        out = self._first(value)
        if sizes_of(out) == sizes_of(value):
            self._check_sums()
            return note(self.walker, self.saved, self.loop, value, out)
        out, sizes = self._growing(value, out) or self._recurrent(value, out)
        self._check_sums()
        last = note(self.walker, self.saved, self.loop, value, out)
        return resized(last, put(sizes, {self.loop.index: self.count}))

    def _first(self, value: Value) -> Value:
        """Lay down a round in sizes as they come in; where they change, what they are asked says nothing yet."""
        try:
            return self._walk(value)
        except CANNOT:
            out = self._walk(value, Unheeded(self.walker.conditions.box))
            if sizes_of(out) == sizes_of(value):
                raise
            return out

    def _walk(self, value: Value, conditions: Conditions | None = None) -> Value:
        """Lay down a round, in place of one that was laid down before."""
        restore(self.walker, self.saved)
        kept = self.walker.conditions
        self.walker.conditions = conditions or kept
        try:
            looped, read = _looped(self.step, self.scope, self.loop), carried(self.walker, value)
            return round_of(self.walker, self.step, read, looped, self.index + self.first, self.path)
        finally:
            self.walker.conditions = kept

    def _growing(self, value: Value, out: Value) -> tuple[Value, Sizes] | None:
        """Lay down a round for sizes that grow by the same amounts in all; None where they do not."""
        growth = each(lambda a, b: b - a, sizes_of(value), sizes_of(out))
        if any(self.loop.index in symbols_of(step) for shape in growth for step in shape):
            return None
        here = each(lambda size, step: size + step * self.index, sizes_of(value), growth)
        try:
            out = self._walk(resized(value, here))
        except CANNOT:
            return None
        return (out, here) if self._agree(sizes_of(out), each(lambda a, b: a + b, here, growth)) else None

    def _recurrent(self, value: Value, out: Value) -> tuple[Value, Sizes]:
        """Lay down a round for sizes that obey a recurrence."""
        names = _names(sizes_of(value), sizes_of(out), self.loop.index)
        unknown = each(lambda a, b: symbol(names[a, b]) if a != b else a, sizes_of(value), sizes_of(out))
        found = self._courses(
            names, unknown, sizes_of(self._walk(resized(value, unknown), Unheeded(self.walker.conditions.box)))
        )
        here, after = (
            put(unknown, {name: getattr(course, end) for name, course in found.items()}) for end in ("here", "after")
        )
        units = dict(course.unit for course in found.values() if course.unit is not None)
        out = self._in_units(resized(value, here), units) if units else self._walk(resized(value, here))
        if not self._agree(put(sizes_of(out), units), put(after, units)):
            raise NotClosed("sizes do not change in every round as they do in the others")
        for (first, _), name in names.items():
            self._require_division(first, found[name])
        return out, put(here, units)

    def _courses(self, names: Mapping[tuple[Num, Num], str], before: Sizes, after: Sizes) -> dict[str, Course]:
        ends: dict[str, Num] = {}
        for size, then in zip(flat(before), flat(matching(before, after)), strict=True):
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
        gaps = each(lambda a, b: a - b, sizes, expected)
        return all(gap == 0 or vanishes(gap, self.loop.index) for gap in flat(gaps))

    def _check_sums(self) -> None:
        """Make sure that what the nodes cost has closed sums over this loop and those inside.

        Raises:
            NotExact: there is an amount that has none.
        """
        nodes, depth = self.walker.nodes[self.saved.nodes :], len(self.scope.loops)
        for facts, loops in {(id(node.facts), node.loops): (node.facts, node.loops[depth:]) for node in nodes}.values():
            for amount in facts.amounts():
                self._check_sum(amount, loops)

    def _check_sum(self, amount: Num, loops: tuple[Loop, ...]) -> None:
        """Make sure of a closed sum, and that there are as many rounds as it holds from."""
        start = settles(_closed(amount, loops[1:]), self.loop.index)
        if start and constant(self.count) is None:
            need = AtLeast(self.count, start)
            self.walker.conditions.require(need, self.scope, self.scope.prefix.rstrip("."), self.path)
        _closed(amount, loops)


def _closed(amount: Num, loops: tuple[Loop, ...]) -> Num:
    for loop in reversed(loops):
        amount = sum_over(amount, loop.index, loop.count)
    return amount


def _names(before: Sizes, after: Sizes, index: str) -> dict[tuple[Num, Num], str]:
    """Return a name, which no spec can give, for every size that changes; sizes that change alike have one."""
    changed = [(a, b) for a, b in zip(flat(before), flat(matching(before, after)), strict=True) if a != b]
    return {pair: f"{index}'{k}" for k, pair in enumerate(dict.fromkeys(changed))}


def _free_name(walker: Walker, step: Repeat, scope: Scope) -> str:
    """Return a name for the index that no symbol of the spec and no loop around has, whatever the body calls it."""
    taken = {*walker.spec.symbols, *(loop.index for loop in scope.loops)}
    wanted = step.index or "i"
    return next(name for name in (wanted, *(f"{wanted}{n}" for n in range(2, len(taken) + 3))) if name not in taken)


def _looped(step: Repeat, scope: Scope, loop: Loop) -> Scope:
    """Return the scope of a round that stands for all; weights declared at the repetition are the same in each."""
    inner = scope.inner(loop=loop)
    return inner if step.weights is None else replace(inner, tied=len(inner.loops))
