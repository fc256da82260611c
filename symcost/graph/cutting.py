"""One attempt at cutting the tensors of a network for several workers.

Nodes are gone through in order. A cut that turns out to meet a node which needs the whole tensor is taken back where
it began, and the next attempt goes without it: each attempt denies more, so that they come to an end.
"""

from __future__ import annotations

from dataclasses import replace

from symcost.algebra.division import div
from symcost.algebra.needs import Divides, Need
from symcost.algebra.poly import NotExact, Num
from symcost.graph.exchange import Sent
from symcost.graph.local_laws import Laws
from symcost.graph.model import Graph, Node, Repeated, Tensor
from symcost.graph.placed import Cut, Origin, Placed
from symcost.ops.dims import resized
from symcost.ops.facts import Shape, numel
from symcost.ops.op import Op, Refused
from symcost.ops.shard import Cuts, Shard


class Denied(Exception):
    """Cuts that must not begin where they did."""

    def __init__(self, origins: frozenset[Origin]) -> None:
        super().__init__()
        self.origins = origins


class Attempt:
    """One pass over a graph without the cuts that were denied."""

    def __init__(
        self, graph: Graph, laws: Laws, workers: Num, denied: frozenset[Origin], *, tensor: bool, sequence: bool
    ) -> None:
        self.graph, self.laws, self.workers, self.denied = graph, laws, workers, denied
        self.tensor, self.sequence = tensor, sequence
        self.placed: list[Placed] = []
        self.sent = Sent(graph)
        self.needs: dict[Need, str] = {}
        self._read = {(t.source, t.port) for node in graph.nodes for t in node.ins}

    def run(self) -> None:
        """Go through the nodes.

        Raises:
            Denied: cuts that began somewhere cannot stand.
        """
        for at, node in enumerate(self.graph.nodes):
            self.placed.append(self._place(at, node))
            for number, repeat in enumerate(self.graph.repeats):
                if repeat.stop == at + 1 > repeat.start:
                    self._hand_on(number, repeat)

    # --- tensors ------------------------------------------------------------------------------------------------

    def cut(self, tensor: Tensor) -> Cut | None:
        """Return how a tensor is cut; one that goes round is as what stands before."""
        if tensor.carried is not None:
            return self._entering(*tensor.carried)
        if tensor.source >= 0:
            return self.placed[tensor.source].cuts[tensor.port]
        origin: Origin = ("input", tensor.source, 0)
        given = not self.tensor and len(tensor.shape) in (2, 3) and origin not in self.denied
        return Cut(1, True, frozenset((origin,))) if given else None

    def _entering(self, number: int, place: int) -> Cut | None:
        repeat = self.graph.repeats[number]
        found, rank = self.cut(repeat.before[place]), len(repeat.before[place].shape)
        origin: Origin = ("enters", number, place)
        if found is None and self.sequence and origin not in self.denied and rank == 3:
            return Cut(1, True, frozenset((origin,)))
        return found

    def shape(self, tensor: Tensor) -> Shape:
        """Return the shape of what a worker has of a tensor."""
        cut = self.cut(tensor)
        return self.part(tensor.shape, None if cut is None else cut.axis)

    def part(self, shape: Shape, axis: int | None) -> Shape:
        """Return the shape of a worker's part along an axis."""
        return shape if axis is None else resized(shape, axis, div(shape[axis], self.workers))

    def _hand_on(self, number: int, repeat: Repeated) -> None:
        """Check that a round hands values on as it got them, so that there can be any number of rounds."""
        for place, (before, after) in enumerate(zip(repeat.before, repeat.after, strict=True)):
            entering, leaving = self._entering(number, place), self.cut(after)
            if (entering and entering[:2]) != (leaving and leaving[:2]):
                raise Denied(frozenset().union(*(cut.origins for cut in (entering, leaving) if cut is not None)))
            if entering is not None and self.cut(before) is None:
                self.sent.add(
                    self._outside(number, repeat), "all_gather", numel(before.shape), backward=True, always=True
                )

    def _outside(self, number: int, repeat: Repeated) -> Node:
        """Return the first node of a repetition as it would stand before that, in the rounds around it."""
        first = self.graph.nodes[repeat.start]
        wider = self.graph.repeats[:number]  # each before those inside it
        around = [r.loop for r in wider if r.start <= repeat.start and repeat.stop <= r.stop]
        return replace(first, loops=tuple(loop for loop in around if loop in first.loops))

    # --- nodes --------------------------------------------------------------------------------------------------

    def _place(self, at: int, node: Node) -> Placed:
        cuts = [self.cut(tensor) for tensor in node.ins]
        hard = tuple(None if cut is None or cut.tokens else cut.axis for cut in cuts)
        if any(axis is not None for axis in hard):
            return self._carried(at, node, hard, frozenset().union(*(c.origins for c in cuts if c and not c.tokens)))
        return self._begun(at, node) or self._by_tokens(at, node, cuts) or self._whole(at, node)

    def _carried(self, at: int, node: Node, axes: tuple[int | None, ...], origins: frozenset[Origin]) -> Placed:
        placed = self._answered(at, node, axes, origins, tokens=False)
        if placed is None:
            raise Denied(origins)
        return placed

    def _begun(self, at: int, node: Node) -> Placed | None:
        origin: Origin = ("node", at, 0)
        if not self.tensor or origin in self.denied:
            return None
        return self._answered(at, node, (None,) * len(node.ins), frozenset((origin,)), tokens=False)

    def _by_tokens(self, at: int, node: Node, cuts: list[Cut | None]) -> Placed | None:
        axes = tuple(None if cut is None else cut.axis for cut in cuts)
        if all(axis is None for axis in axes):
            return None
        origins = frozenset[Origin]().union(*(cut.origins for cut in cuts if cut is not None))
        return self._answered(at, node, axes, origins, tokens=True)

    def _whole(self, at: int, node: Node) -> Placed:
        placed = Placed(node.op, node.facts, (None,) * len(node.facts.outs), (None,) * len(node.ins))
        self.sent.between(node, tuple(map(self.cut, node.ins)), placed)
        return placed

    def _answered(
        self, at: int, node: Node, axes: tuple[int | None, ...], origins: frozenset[Origin], *, tokens: bool
    ) -> Placed | None:
        """Return what an op answers, None where it cannot or where its own law does not bear it out."""
        shapes, last = tuple(tensor.shape for tensor in node.ins), self._last(at, node)
        answer = self._ask(node.op, Cuts(shapes, node.facts.outs, axes, self.workers, last))
        if answer is None or (tokens and answer.summed):
            return None
        axes = tuple(None if place in answer.around else axis for place, axis in enumerate(axes))
        outs = tuple(None if axis is None else Cut(axis, tokens, origins) for axis in answer.outs)
        cut = [*zip(shapes, axes, strict=True), *(() if last else zip(node.facts.outs, answer.outs, strict=True))]
        if not self._even([*answer.evenly, *(shape[axis] for shape, axis in cut if axis is not None)], node):
            return None
        facts, op = self.laws.of(node, answer.fields, tuple(map(self.part, shapes, axes)))
        if facts is None or not (last or facts.outs == tuple(map(self.part, node.facts.outs, answer.outs))):
            return None
        if tokens:
            facts = replace(facts, masked=div(node.facts.masked, self.workers))
        if answer.summed:
            outs = self._scattered(at, node, outs)
            facts = replace(facts, outs=tuple(map(self.part, facts.outs, (cut and cut.axis for cut in outs))))
        placed = Placed(op, facts, outs, axes, shared=True, summed=answer.summed)
        self.sent.between(node, tuple(map(self.cut, node.ins)), placed, answer.around)
        return placed

    def _last(self, at: int, node: Node) -> bool:
        """Tell whether a node's output is read by nobody: the network gives it out."""
        made = any((tensor.source, tensor.carried) == (at, None) for tensor in self.graph.outputs)
        return made and all((at, port) not in self._read for port in range(len(node.facts.outs)))

    def _ask(self, op: Op, cuts: Cuts) -> Shard | None:
        try:
            return op.shard(cuts)
        except (Refused, NotExact):
            return None

    def _even(self, sizes: list[Num], node: Node) -> bool:
        """Tell whether parts can be equal, and note what they ask for where that is open."""
        needs = {Divides(self.workers, size): node.name for size in sizes}
        verdicts = {need: self.laws.holds(need) for need in needs}
        if any(verdict is False for verdict in verdicts.values()):
            return False
        self.needs.update(
            {need: name for need, name in needs.items() if verdicts[need] is None and need not in self.needs}
        )
        return True

    def _scattered(self, at: int, node: Node, outs: tuple[Cut | None, ...]) -> tuple[Cut | None, ...]:
        """Return the cuts of sums: with sequence parallelism each worker keeps its tokens of them."""
        origin: Origin = ("sum", at, 0)
        if not self.sequence or origin in self.denied or any(len(shape) != 3 for shape in node.facts.outs):
            return outs
        if not self._even([shape[1] for shape in node.facts.outs], node):
            return outs
        return tuple(Cut(1, True, frozenset((origin,))) for _ in outs)
