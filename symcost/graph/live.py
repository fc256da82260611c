"""What a schedule is: nodes that run one after the other, and tensors that are in memory meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num
from symcost.graph.model import Loop, Node

FIRST, LATER = "first", "later"


@dataclass(eq=False)
class Held:
    """A tensor in memory.

    Attributes:
        node: which node made it.
        size: its elements, in the indices of the repetitions that run meanwhile.
        number: how many were made before it.
        born: the event from which on it is there.
        last: the event up to which it is.
        moved: the same as it is seen from another round or from after a repetition, where it is handed on.
    """

    node: Node
    size: Num
    number: int
    born: int
    last: int
    moved: list[Held] = field(default_factory=list)

    def is_read_on(self) -> bool:
        """Tell whether it is read in another round, or after a repetition that hands it on."""
        return any(moved.last >= moved.born or moved.is_read_on() for moved in self.moved)


class Event(NamedTuple):
    """A node that runs.

    Attributes:
        node: the node.
        rounds: the repetitions around it that are played in two rounds, each with which of them this is.
        at: indices of those that are played round by round, and sizes with a value.
    """

    node: Node
    rounds: tuple[tuple[Loop, str], ...]
    at: Mapping[str, Number]


@dataclass
class Schedule:
    """Events in order, and the tensors that are in memory.

    Attributes:
        events: nodes that run.
        tensors: all that are ever in memory, in the order in which they are made.
    """

    events: list[Event] = field(default_factory=list)
    tensors: list[Held] = field(default_factory=list)

    def live(self) -> list[list[Held]]:
        """Return the tensors that are in memory at each event."""
        found: list[list[Held]] = [[] for _ in self.events]
        for tensor in self.tensors:
            for at in range(tensor.born, min(tensor.last, len(self.events) - 1) + 1):
                found[at].append(tensor)
        return found
