"""Decide what ops ask of their sizes, keep what stays open, and explain what cannot be shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from symcost.algebra.atoms import Box
from symcost.algebra.needs import AtLeast, Divides, Equal, Need, common_phrase
from symcost.algebra.poly import substitute, symbol, symbols_of
from symcost.graph.model import Loop
from symcost.graph.scope import Scope
from symcost.ops.op import Refused


@dataclass
class Conditions:
    """The ledger of conditions while a graph is built.

    Attributes:
        box: ranges of the symbols.
        open: conditions that hold for some values only, each with the node that asked first.
        joins: equalities that could not be shown, each with its node and place in the spec.
    """

    box: Box
    open: dict[Need, str] = field(default_factory=dict)
    joins: dict[Equal, tuple[str, tuple[str | int, ...]]] = field(default_factory=dict)
    _decided: dict[Need, bool | None] = field(default_factory=dict)

    def require(self, need: Need, scope: Scope, node: str, path: tuple[str | int, ...], *, binds: bool = True) -> None:
        """Take note of a condition; one that does not bind is decided, but does not restrict the sizes.

        Raises:
            Refused: it cannot hold.
        """
        if need not in self._decided:
            self._decided[need] = need.decide(self.box)
        verdict = self._decided[need]
        if verdict is False:
            raise Refused(refusal(need))
        if verdict is None and isinstance(need, Equal):
            self.joins.setdefault(need, (node, path))
        elif verdict is None and binds:
            for every in _every_round(need, scope.loops, self.box):
                self._keep(every, node)

    def _keep(self, need: Need, node: str) -> None:
        verdict = need.decide(self.box)
        if verdict is False:
            raise Refused(refusal(need))
        if verdict is None:
            self.open.setdefault(need, node)

    def unshown(self) -> list[tuple[str, str, int, tuple[str | int, ...]]]:
        """Return the joins by the symbols they speak of.

        Returns:
            For each set of symbols the least condition for all joins, a node, how many nodes more, and its place.
        """
        groups: dict[frozenset[str], list[Equal]] = {}
        for join in self.joins:
            groups.setdefault(symbols_of(join.a) | symbols_of(join.b), []).append(join)
        found = []
        for joins in groups.values():
            phrase = common_phrase(joins, self.box)
            strongest = next((j for j in joins if j.phrase(self.box) == phrase), joins[0])
            node, path = self.joins[strongest]
            found.append((phrase, node, len(joins) - 1, path))
        return found


def refusal(need: Need) -> str:
    """Return why a condition that cannot hold is refused."""
    match need:
        case Equal():
            return f"sizes differ: {need.a} against {need.b}"
        case AtLeast():
            return f"a size would be {need.a}, and must be at least {need.least}"
        case Divides():
            return f"{need.n} does not divide {need.a}"


def _every_round(need: Need, loops: tuple[Loop, ...], box: Box) -> list[Need]:
    """Return conditions without loop indices that together say that it holds in every round."""
    result = [need]
    for loop in reversed(loops):
        result = [every for one in result for every in _without(one, loop, box)]
    return result


def _without(need: Need, loop: Loop, box: Box) -> list[Need]:
    """Return what a condition on a size a + b i comes to over all i.

    The size is at least m in every round if it is in the first and the last, and divided by n if n divides a and b.
    """
    if isinstance(need, Equal) or loop.index not in need.symbols:
        return [need]
    first = substitute(need.a, {loop.index: 0})
    step = substitute(need.a, {loop.index: 1}) - first
    varies = isinstance(need, Divides) and loop.index in symbols_of(need.n)
    if varies or need.a - first - step * symbol(loop.index, "index") != 0:
        raise Refused(f"cannot show for every round that {need.phrase({})}")
    if isinstance(need, Divides):
        return [Divides(need.n, first), Divides(need.n, step)]
    if AtLeast(step, 0).decide(box):
        return [AtLeast(first, need.least)]
    return [AtLeast(first, need.least), AtLeast(substitute(need.a, {loop.index: loop.count - 1}), need.least)]
