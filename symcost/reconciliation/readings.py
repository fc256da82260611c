"""What a word such as FLOPs or parameters may have meant: other metrics, and the other conventions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symcost.algebra.poly import Num
from symcost.cost import Cost
from symcost.errors import NoAnswer, UsageError
from symcost.graph.model import Graph
from symcost.metrics.convention import convention, conventions
from symcost.metrics.metric import metric, metrics

WORK = ("macs", "flops")
HELD = ("params", "params_untied")


@dataclass(frozen=True)
class Reading:
    """One thing that a figure may be.

    Attributes:
        metrics: those whose sum it is.
        convention: by which FLOPs are counted.
    """

    metrics: tuple[str, ...]
    convention: str

    @property
    def priced(self) -> bool:
        """Whether the convention matters."""
        return any(metric(name).priced for name in self.metrics)

    def __str__(self) -> str:
        names = " + ".join(self.metrics)
        return f"{names}, {self.convention}" if self.priced else names

    def amount(self, graph: Graph) -> Num:
        """Return the amount of a network as a formula.

        Raises:
            NoAnswer: the convention, or the metric, says nothing of this network.
        """
        cost = Cost(graph, convention(self.convention))
        found: Num = 0
        for name in self.metrics:
            found = found + cost.poly(name)
        return found


def readings(name: str, asked: str) -> list[Reading]:
    """Return what a figure may be: first what it says under the convention asked for, then what it may have meant.

    Raises:
        UsageError: there is no metric of this name.
    """
    plain = Reading((name,), asked)
    others = [name for name in conventions() if name != asked]
    return list(dict.fromkeys([plain, *_others(plain, others)]))


def _others(plain: Reading, others: list[str]) -> Iterator[Reading]:
    (name,) = plain.metrics
    if name in WORK:
        yield Reading(("macs",), plain.convention)
        yield from (Reading(("flops",), c) for c in (plain.convention, *others))
    elif plain.priced:
        yield from (Reading((name,), c) for c in others)
    elif name in HELD:
        same = [m.name for m in metrics().values() if m.unit == metric(name).unit]
        yield from (Reading((other,), plain.convention) for other in same)
        yield Reading((name, "buffers"), plain.convention)


def formulas(graph: Graph, asked: list[Reading]) -> Iterator[tuple[Reading, Num]]:
    """Find what each reading comes to for a network; those that say nothing of it are left out."""
    for reading in asked:
        try:
            yield reading, reading.amount(graph)
        except (NoAnswer, UsageError):
            continue
