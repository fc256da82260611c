"""Nodes and repetitions as they stand inside one another."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from symcost.graph.model import Repeated


class Body(NamedTuple):
    """A repetition and what is in it.

    Attributes:
        number: its place among the repetitions of the graph.
        repeat: the repetition.
        items: places of nodes, and repetitions, in order.
    """

    number: int
    repeat: Repeated
    items: list[int | Body]


def bodies(repeats: Sequence[Repeated], nodes: int) -> list[int | Body]:
    """Return the places of nodes, those in a repetition put together."""
    around: list[Body] = []
    items: list[int | Body] = []
    found = [Body(number, repeat, []) for number, repeat in enumerate(repeats) if repeat.stop > repeat.start]
    found.sort(key=lambda body: (body.repeat.start, body.number))
    waiting = deque(found)
    for at in range(nodes):
        while around and around[-1].repeat.stop == at:
            around.pop()
        while waiting and waiting[0].repeat.start == at:
            body = waiting.popleft()
            (around[-1].items if around else items).append(body)
            around.append(body)
        (around[-1].items if around else items).append(at)
    return items
