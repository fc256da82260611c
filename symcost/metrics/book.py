"""What metrics come to on a graph: in all, and at its nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from symcost.algebra.atoms import Box
from symcost.algebra.poly import NotExact, Num, total
from symcost.errors import NoAnswer, UsageError
from symcost.graph.assumptions import narrow_box
from symcost.graph.model import Graph, Node, over_loops
from symcost.metrics.basis import Basis
from symcost.metrics.convention import Convention
from symcost.metrics.metric import Metric, metric
from symcost.setup import Setup


class Book:
    """The totals of a graph under a convention and a setup; each is worked out once.

    Attributes:
        graph: what is run.
        convention: how work is priced.
        setup: what it is trained or served with.
        name: of the network.
        network: where ``graph`` is one worker's part, the network that it is a part of.
    """

    def __init__(
        self, graph: Graph, convention: Convention, setup: Setup, name: str = "", network: Graph | None = None
    ) -> None:
        self.graph, self.convention, self.setup = graph, convention, setup
        self.name, self.network = name, network
        self.basis = Basis(convention, setup)
        self.totals: dict[str, Num] = {}
        self._peaks: dict[str, dict[str, Num]] = {}

    @cached_property
    def worker(self) -> Book:
        """The book of what one worker runs, in which metrics under ``workers`` are told; the same where it is alone."""
        if self.network is not None or not self.setup.workers.cuts:
            return self
        part = self.setup.workers.local(self.graph).graph
        return Book(part, self.convention, self.setup, self.name, self.graph)

    def poly(self, name: str) -> Num:
        """Return the total of a metric.

        Raises:
            NoAnswer: it has no closed sum over the rounds of a repetition.
            UsageError: there is no such metric.
        """
        book = self._of(metric(name))
        if book is not self:
            return book.poly(name)
        if name not in self.totals:
            try:
                self.totals[name] = self._total(metric(name))
            except NotExact as error:
                raise NoAnswer(f"{self.name}: {name} has {error}; fix the number of rounds in the network") from None
        return self.totals[name]

    def amounts(self, names: Iterable[str]) -> Iterator[tuple[Node, dict[str, Num]]]:
        """Yield what each node adds to the totals of metrics.

        Raises:
            UsageError: a metric is of the network as a whole.
        """
        chosen = [metric(name) for name in names]
        for m in chosen:
            if m.of_network:
                raise UsageError(f"{m.name} is of the network as a whole: it has no break-down")
        for node in self.graph.nodes:
            yield node, {m.name: self._of(m).at_node(m, node.name) for m in chosen}

    def at_node(self, m: Metric, name: str) -> Num:
        """Return what the node of a name adds to the total of a metric; nothing where it is another worker's."""
        node = self._named.get(name)
        return 0 if node is None else self._amount(m, node)

    @cached_property
    def box(self) -> Box:
        """Ranges of the sizes."""
        return narrow_box(self.graph)

    def _of(self, m: Metric) -> Book:
        """Return the book that a metric is told in."""
        return self.worker if "workers" in m.under and not m.of_all else self

    @cached_property
    def _named(self) -> dict[str, Node]:
        return {node.name: node for node in self.graph.nodes}

    @cached_property
    def _first(self) -> dict[str, Node]:
        """The first node of those that share weights, by what these are called."""
        return {node.shared: node for node in reversed(self.graph.nodes) if node.shared is not None}

    def _amount(self, m: Metric, node: Node) -> Num:
        """Return what a node adds to a total over all rounds; a shared tensor is added by its first node, once."""
        if not (m.state or (node.trained if m.trained else node.evaluated)):
            return 0
        if m.peaks is not None:
            return self._at_nodes(m)[node.name]
        if m.tied and node.shared is not None and self._first[node.shared] is not node:
            return 0
        if m.over_rounds is not None:
            return m.over_rounds(self.graph, node, self.basis)
        loops = node.loops[node.tied :] if m.tied else node.loops
        amount = m.of(node, self.basis)
        return over_loops(amount, loops) if loops else amount

    def _total(self, m: Metric) -> Num:
        if m.whole is not None:
            return m.whole(self)
        if m.parts:
            return total((self.poly(part), 1) for part in m.parts)
        if m.peaks is not None:
            return m.together(self._at_nodes(m).values(), self.box)
        return total((self._amount(m, node), times) for node, times in self._alike(m))

    def _alike(self, m: Metric) -> Iterable[tuple[Node, int]]:
        """Return nodes that stand for all with the same facts, and for how many; these are costed once."""
        alike: dict[tuple[Any, ...], tuple[Node, int]] = {}
        for node in self.graph.nodes:
            owner = node.shared is not None and self._first[node.shared] is node
            alone = node.name if m.over_rounds is not None or (m.priced and self.convention.by_name) else None
            key = (id(node.facts), node.loops, node.shared, owner, node.only, node.roles, alone)
            known = alike.get(key)
            alike[key] = (node, 1) if known is None else (known[0], known[1] + 1)
        return alike.values()

    def _at_nodes(self, m: Metric) -> dict[str, Num]:
        """Return the amounts at the nodes of a metric that does not add up."""
        assert m.peaks is not None
        if m.name not in self._peaks:
            self._peaks[m.name] = m.peaks(self.graph)
        return self._peaks[m.name]
