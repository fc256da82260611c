"""Weights under a name: several nodes, or several rounds of a repetition, may have them in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from symcost.algebra.poly import Num, symbols_of
from symcost.graph.model import Loop
from symcost.ops.facts import Facts, Shape
from symcost.ops.op import Refused, shown


class Weights(NamedTuple):
    """What is shared under a name.

    Attributes:
        shapes: of the tensors, by name.
        rounds: counts of the repetitions whose rounds have weights of their own.
    """

    shapes: Mapping[str, Shape]
    rounds: tuple[Num, ...] = ()

    @classmethod
    def of(cls, facts: Facts, loops: tuple[Loop, ...] = ()) -> Weights:
        """Return the weights and buffers of a node inside repetitions whose rounds have their own."""
        return cls({**facts.weights, **facts.buffers}, tuple(loop.count for loop in loops))

    @property
    def symbols(self) -> frozenset[str]:
        """The symbols that the shapes depend on."""
        return _symbols(size for shape in self.shapes.values() for size in shape)

    def hold(self, loops: tuple[Loop, ...], name: str) -> None:
        """Make sure that these are the same in every round of the repetitions that share them.

        Raises:
            Refused: they are not.
        """
        indices = {loop.index for loop in loops}
        if indices & self.symbols:
            raise Refused(f"shares weights '{name}', whose shapes differ from round to round: {self}")
        if indices & _symbols(self.rounds):
            raise Refused(f"shares weights '{name}' in other numbers of rounds from round to round: {self._times()}")

    def join(self, known: Weights, name: str) -> None:
        """Make sure that these can be the weights that are known under a name.

        Raises:
            Refused: they are others.
        """
        if known.shapes != self.shapes:
            raise Refused(f"shares weights '{name}' of other shapes: {self} against {known}")
        if known.rounds != self.rounds:
            counts = f"{self._times()} against {known._times()}"
            raise Refused(f"shares weights '{name}' in other numbers of rounds: {counts}")

    def _times(self) -> str:
        return " times ".join(map(str, self.rounds)) or "1"

    def __str__(self) -> str:
        return ", ".join(f"{name} {shown(shape)}" for name, shape in self.shapes.items())


def _symbols(sizes: Iterable[Num]) -> frozenset[str]:
    return frozenset().union(*map(symbols_of, sizes))
