"""What workers send each other while they run a network together."""

from __future__ import annotations

from dataclasses import dataclass

from symcost.algebra.poly import Num


@dataclass(frozen=True, slots=True)
class Exchange:
    """A collective at a node, in every round in which the node runs.

    Attributes:
        node: which node asks for it.
        collective: what is done, by the names of ``symcost.workers.collective``.
        elements: numbers of one message: S, over the size of a number.
        total: numbers over all rounds.
        times: how often.
        backward: whether it is of the backward pass.
    """

    node: str
    collective: str
    total: Num
    times: Num
    backward: bool = False
