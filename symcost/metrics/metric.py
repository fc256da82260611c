"""A metric reads facts: what it is called, its unit, and how it is had from a node."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from symcost.algebra.atoms import Box
from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num, total
from symcost.defined import defined_in, named
from symcost.graph.model import Graph, Node
from symcost.metrics.basis import Basis, Ledger
from symcost.metrics.convention import Convention, convention
from symcost.setup import Setup


def _nothing(_: Node, __: Basis) -> Num:
    return 0


@dataclass(frozen=True)
class Metric:
    """Something that can be counted.

    Attributes:
        name: what it is asked for by.
        unit: of one, as in "25.6 M params"; of a priced one, where the convention counts in FLOPs.
        about: one line: what is counted.
        of: the amount in one application of a node, under a convention and a setup.
        tied: whether tensors shared by several nodes or rounds count once.
        state: whether it counts tensors that are there even where a node does not run.
        priced: whether it depends on the convention.
        shown: whether summaries list it.
        rare: whether they do so only where there is some.
        beside: where summaries list it only where it is something else, the name of another metric.
        trained: whether it is of a step of training, in which nodes for training only run too.
        over_rounds: where rounds of a repetition differ in more than sizes, what gives the amount over all of them.
        peaks: where nodes do not add up, what gives the amount at each node, the largest of which is the total.
        whole: where it is of the network and has no amounts at nodes, what gives it.
        parts: where it is the sum of other metrics, which.
        under: the sections of a setup that it depends on, by the attributes that hold them; under ``workers`` it is of
            what one worker runs.
        of_all: whether it is of all workers together all the same.
    """

    name: str
    unit: str
    about: str
    of: Callable[[Node, Basis], Num] = _nothing
    tied: bool = False
    state: bool = False
    priced: bool = False
    shown: bool = True
    rare: bool = False
    beside: str = ""
    trained: bool = False
    over_rounds: Callable[[Graph, Node, Basis], Num] | None = None
    peaks: Callable[[Graph], dict[str, Num]] | None = None
    whole: Callable[[Ledger], Num] | None = None
    parts: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    of_all: bool = False

    @property
    def in_flops(self) -> bool:
        """Whether it is counted in FLOPs, or in MACs where the convention does so; time is not, though priced."""
        return self.priced and self.unit == "FLOPs"

    @property
    def of_network(self) -> bool:
        """Whether it is of the network as a whole, and has no amounts at nodes."""
        return self.whole is not None or bool(self.parts)

    def unit_by(self, counted: Convention | str) -> str:
        """Return the unit under a convention, which may count in MACs; ``unit`` where none is named."""
        if not self.in_flops or not counted:
            return self.unit
        return (convention(counted) if isinstance(counted, str) else counted).unit

    def together(self, amounts: Iterable[Num], box: Box | None = None) -> Num:
        """Return what the amounts of parts come to: their sum, or the largest of them."""
        if self.peaks is not None:
            return maximum([0, *amounts], box)
        return total((amount, 1) for amount in amounts)


@cache
def metrics() -> dict[str, Metric]:
    """Return every metric by name: each is defined in a file of ``symcost.metrics``."""
    from symcost import metrics as package

    found: list[Metric] = [metric for several in defined_in(package, "METRICS") for metric in several]
    found.sort(key=lambda m: (m.name.count("."), _RANK.get(m.name, 99), m.name))
    return {metric.name: metric for metric in found}


_RANK = {name: rank for rank, name in enumerate(("params", "buffers", "macs", "flops", "elementwise", "activations"))}
"""Order in which summaries list them; the others follow by name."""


def metric(name: str) -> Metric:
    """Return a metric by name.

    Raises:
        UsageError: there is none of this name.
    """
    return named("metric", name, metrics())


def set_up(setup: Setup, texts: Iterable[str]) -> str:
    """Return in words what metrics, or expressions in them, stand under of a setup, and what is given beside it."""
    named = (metrics().get(word) for text in texts for word in _WORD.findall(text))
    titles = {title for m in named if m is not None for title in m.under}
    beside = ", ".join(f"{name} = {value}" for name, value in setup.beside(titles).items())
    said = [f"with {setup.said(titles)}"] if titles else []
    return "; ".join([*said, f"no part in this: {beside}"] if beside else said)


_WORD = re.compile(r"[A-Za-z_][\w.]*", re.ASCII)


def unit_of(name: str, counted: Convention | str = "") -> str:
    """Return the unit of a metric under a convention.

    Raises:
        UsageError: there is no such metric.
    """
    return metric(name).unit_by(counted)
