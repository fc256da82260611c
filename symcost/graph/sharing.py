"""Weights under a name: several nodes, or several rounds of a repetition, may have them in common."""

from __future__ import annotations

from collections.abc import Mapping
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
        """The symbols that they depend on."""
        sizes = (size for shape in (self.rounds, *self.shapes.values()) for size in shape)
        return frozenset().union(*map(symbols_of, sizes))

    def join(self, known: Weights, name: str) -> None:
        """Make sure that these can be the weights that are known under a name.

        Raises:
            Refused: they are others.
        """
        if known.shapes != self.shapes:
            raise Refused(f"shares weights '{name}' of other shapes: {self} against {known}")
        if known.rounds != self.rounds:
            ours, theirs = (", ".join(map(str, w.rounds)) or "1" for w in (self, known))
            raise Refused(f"shares weights '{name}' in other numbers of rounds: {ours} against {theirs}")

    def __str__(self) -> str:
        return ", ".join(f"{name} {shown(shape)}" for name, shape in self.shapes.items())
