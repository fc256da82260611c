"""What numbers stand on besides the network: a convention, and a setup."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from symcost.algebra.poly import Num
from symcost.graph.model import Graph
from symcost.metrics.convention import Convention
from symcost.setup import Setup


@dataclass(frozen=True, eq=False)
class Basis:
    """How work is priced, and what the network is trained or served with; as a key it is itself alone."""

    convention: Convention
    setup: Setup = field(default_factory=Setup)


class Ledger(Protocol):
    """What is known when a metric of the whole network is asked for."""

    @property
    def graph(self) -> Graph:
        """The network."""

    @property
    def network(self) -> Graph | None:
        """The network that ``graph`` is one worker's part of; None where it is the network itself."""

    @property
    def convention(self) -> Convention:
        """How work is priced."""

    @property
    def setup(self) -> Setup:
        """What it is trained or served with."""

    def poly(self, name: str) -> Num:
        """Return another metric's total.

        Raises:
            NoAnswer: it has no formula.
        """
