"""Decide what ops ask of their sizes, keep what stays open, and explain what cannot be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from symcost.algebra.atoms import Box
from symcost.algebra.needs import AtLeast, Divides, Equal, Need, common_phrase, put
from symcost.algebra.poly import Num, substitute, symbols_of
from symcost.graph.rounds import every_round
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
            for every in every_round(need, scope.loops, self.box):
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


class Unheeded(Conditions):
    """A ledger for a trial: nothing is asked."""

    def require(self, need: Need, scope: Scope, node: str, path: tuple[str | int, ...], *, binds: bool = True) -> None:
        """Let a condition be."""


class Deferred(Conditions):
    """A ledger for sizes that are yet to be said: what stays open is asked when they are."""

    def __init__(self, box: Box) -> None:
        super().__init__(box)
        self._asked: list[tuple[Need, Scope, str, tuple[str | int, ...], bool]] = []

    def require(self, need: Need, scope: Scope, node: str, path: tuple[str | int, ...], *, binds: bool = True) -> None:
        """Take note of a condition that is not proved."""
        verdict = need.decide(self.box)
        if verdict is False:
            raise Refused(refusal(need))
        if verdict is None:
            self._asked.append((need, scope, node, path, binds))

    def settle(self, conditions: Conditions, values: Mapping[str, Num]) -> None:
        """Ask it of another ledger, with values put in."""
        for need, scope, node, path, binds in self._asked:
            loops = tuple(replace(loop, count=substitute(loop.count, values)) for loop in scope.loops)
            conditions.require(put(need, values), replace(scope, loops=loops), node, path, binds=binds)


def refusal(need: Need) -> str:
    """Return why a condition that cannot hold is refused."""
    match need:
        case Equal():
            return f"sizes differ: {need.a} against {need.b}"
        case AtLeast():
            return f"a size would be {need.a}, and must be at least {need.least}"
        case Divides():
            return f"{need.n} does not divide {need.a}"
