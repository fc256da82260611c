"""One attempt at cutting the tensors of a network for several workers.

Nodes are gone through in order. A cut that turns out to meet a node which needs the whole tensor is taken back where
it began, and the next attempt goes without it: each attempt denies more, so that they come to an end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from symcost.algebra.division import div
from symcost.algebra.needs import Divides, Need, put
from symcost.algebra.poly import NotExact, Num, substitute, symbol
from symcost.graph.assumptions import box_of
from symcost.graph.exchange import Exchange
from symcost.graph.model import Graph, Node, Repeated, Tensor, over_loops
from symcost.graph.parts import in_parts, with_fields, with_sizes
from symcost.ops.facts import Facts, Shape, numel
from symcost.ops.op import Op, Refused
from symcost.ops.shard import Cuts, Shard

Origin = tuple[str, int, int]
"""Where a cut begins: at a node, at a value that enters a repetition, or at an input of the network."""


class Cut(NamedTuple):
    """How a tensor is cut.

    Attributes:
        axis: along which axis.
        tokens: whether into tokens, of which all may be put together anywhere; otherwise only a sum ends it.
        origins: where it began.
    """

    axis: int
    tokens: bool
    origins: frozenset[Origin]


class Denied(Exception):
    """Cuts that must not begin where they did."""

    def __init__(self, origins: frozenset[Origin]) -> None:
        super().__init__()
        self.origins = origins


class Placed(NamedTuple):
    """What a worker applies in place of a node.

    Attributes:
        op: the op with the worker's fields.
        facts: what it costs there.
        cuts: of its outputs.
        began: whether the node cuts its weights.
        axes: along which axis it reads each input, None where it reads all.
        summed: whether its outputs are added up between workers.
    """

    op: Op
    facts: Facts
    cuts: tuple[Cut | None, ...]
    axes: tuple[int | None, ...]
    summed: bool = False


class Attempt:
    """One pass over a graph without the cuts that were denied."""

    def __init__(self, graph: Graph, workers: Num, denied: frozenset[Origin], *, tensor: bool, sequence: bool) -> None:
        self.graph, self.workers, self.denied = graph, workers, denied
        self.tensor, self.sequence = tensor, sequence
        self.box, self.parts = box_of(graph), in_parts(graph)
        self._names = {name: symbol(name, graph.symbols[name].kind) for name in self.parts}
        self.placed: list[Placed] = []
        self.exchanges: list[Exchange] = []
        self.needs: dict[Need, str] = {}
        self._read = {(t.source, t.port) for node in graph.nodes for t in node.ins}
        self._gathered: set[tuple[object, ...]] = set()
        self._laws: dict[tuple[Any, ...], Facts | None] = {}

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
        before = self.graph.repeats[number].before[place]
        found = self.cut(before)
        origin: Origin = ("enters", number, place)
        if found is None and self.sequence and origin not in self.denied and len(before.shape) == 3:
            return Cut(1, True, frozenset((origin,)))
        return found

    def shape(self, tensor: Tensor) -> Shape:
        """Return the shape of what a worker has of a tensor."""
        return self._part(tensor.shape, self.cut(tensor))

    def _part(self, shape: Shape, cut: Cut | None) -> Shape:
        if cut is None:
            return shape
        return (*shape[: cut.axis], div(shape[cut.axis], self.workers), *shape[cut.axis + 1 :])

    def _hand_on(self, number: int, repeat: Repeated) -> None:
        """Check that a round hands values on as it got them."""
        for place, (before, after) in enumerate(zip(repeat.before, repeat.after, strict=True)):
            entering, leaving = self._entering(number, place), self.cut(after)
            if (entering and entering[:2]) != (leaving and leaving[:2]):
                raise Denied(
                    (entering.origins if entering else frozenset()) | (leaving.origins if leaving else frozenset())
                )
            if entering is not None and self.cut(before) is None:
                first = self.graph.nodes[repeat.start]
                outside = replace(first, loops=first.loops[: first.loops.index(repeat.loop)])
                self._exchange(outside, "all_gather", numel(before.shape), backward=True, always=True)

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
        if not self.tensor or origin in self.denied or not node.facts.weights:
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
        self._gather(node, placed)
        return placed

    def _answered(
        self, at: int, node: Node, axes: tuple[int | None, ...], origins: frozenset[Origin], *, tokens: bool
    ) -> Placed | None:
        """Return what an op answers, None where it cannot or where its own law does not bear it out."""
        shapes = tuple(tensor.shape for tensor in node.ins)
        given_out = any((t.source, t.carried) == (at, None) for t in self.graph.outputs)
        last = given_out and all((at, port) not in self._read for port in range(len(node.facts.outs)))
        answer = self._ask(node.op, Cuts(shapes, node.facts.outs, axes, self.workers, last))
        if answer is None or (tokens and answer.summed):
            return None
        axes = tuple(None if place in answer.around else axis for place, axis in enumerate(axes))
        outs = tuple(None if axis is None else Cut(axis, tokens, origins) for axis in answer.outs)
        cut_ins = [pair for pair in zip(shapes, axes, strict=True) if pair[1] is not None]
        cut_outs = (
            [] if last else [pair for pair in zip(node.facts.outs, answer.outs, strict=True) if pair[1] is not None]
        )
        sizes = [*answer.evenly, *(shape[axis] for shape, axis in (*cut_ins, *cut_outs) if axis is not None)]
        if not self._even(sizes, node):
            return None
        ins = tuple(
            self._part(s, None if a is None else Cut(a, tokens, origins)) for s, a in zip(shapes, axes, strict=True)
        )
        op = node.op.model_copy(update=dict(answer.fields)) if answer.fields else node.op
        facts = self._law(node, op, ins)
        if facts is None or not (last or facts.outs == tuple(map(self._part, node.facts.outs, outs))):
            return None
        if tokens:
            facts = replace(facts, masked=div(node.facts.masked, self.workers))
        placed = Placed(op, facts, self._scattered(at, node, outs) if answer.summed else outs, axes, answer.summed)
        self._send(node, placed, answer)
        return placed

    def _ask(self, op: Op, cuts: Cuts) -> Shard | None:
        try:
            return op.shard(cuts)
        except (Refused, NotExact):
            return None

    def _law(self, node: Node, op: Op, ins: tuple[Shape, ...]) -> Facts | None:
        """Return the facts of the worker's op; experts have an axis more, and frozen weights are buffers."""
        key = (id(node.facts), op.signature(), ins)
        if key not in self._laws:
            try:
                facts = self._applied(op, ins)
            except (Refused, NotExact):
                self._laws[key] = None
                return None
            for choice in node.experts:
                facts = replace(facts, weights={name: (choice.count, *shape) for name, shape in facts.weights.items()})
            self._laws[key] = facts.frozen() if node.op.frozen else facts
        return self._laws[key]

    def _applied(self, op: Op, ins: tuple[Shape, ...]) -> Facts:
        """Return the facts of an op, with H as 16 parts where it is a multiple of 16, so that no floor is in the way."""
        if not self.parts:
            return op.facts(ins)
        there = tuple(tuple(substitute(size, self.parts) for size in shape) for shape in ins)
        return with_sizes(with_fields(op, self.parts).facts(there), self._names)

    def _even(self, sizes: list[Num], node: Node) -> bool:
        """Tell whether parts can be equal, and note what they ask for where that is open."""
        needs = {Divides(self.workers, size): node.name for size in sizes}
        verdicts = {need: put(need, self.parts).decide(self.box) for need in needs}
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

    # --- what is sent -------------------------------------------------------------------------------------------

    def _send(self, node: Node, placed: Placed, answer: Shard) -> None:
        for shape, cut in zip(node.facts.outs, placed.cuts, strict=True):
            if answer.summed:
                self._exchange(node, "all_reduce" if cut is None else "reduce_scatter", numel(shape))
                if cut is not None:
                    self._exchange(node, "all_gather", numel(shape), backward=True, always=True)
        for place in answer.around:
            self._exchange(node, "all_gather", numel(node.ins[place].shape))
            self._exchange(node, "all_gather", numel(node.ins[place].shape), backward=True)
            self._exchange(node, "reduce_scatter", numel(node.ins[place].shape), backward=True)
        self._gather(node, placed, around=answer.around)

    def _gather(self, node: Node, placed: Placed, around: tuple[int, ...] = ()) -> None:
        """Send what a node reads whole: its tokens together before it, sums of gradients after it on the way back."""
        partial = any(axis is not None for axis in placed.axes) or placed.facts is not node.facts
        for place, (tensor, axis) in enumerate(zip(node.ins, placed.axes, strict=True)):
            cut = self.cut(tensor)
            key = (tensor.source, tensor.port, tensor.carried, partial)
            if axis is not None or place in around or key in self._gathered or (cut is None and not partial):
                continue
            self._gathered.add(key)
            size = numel(tensor.shape)
            if cut is None:
                self._exchange(node, "all_reduce", size, backward=True)
                continue
            self._exchange(node, "all_gather", size)
            self._exchange(node, "reduce_scatter", size, backward=True)
            if node.facts.weights:
                self._exchange(node, "all_gather", size, backward=True, always=True)

    def _exchange(self, node: Node, what: str, size: Num, *, backward: bool = False, always: bool = False) -> None:
        """Note a collective in every round; on the way back, unless ``always``, in those that find input gradients."""
        if backward and not always:
            gradients = self.graph.gradients
            total, times = gradients.over_rounds(node, size), gradients.over_rounds(node, 1)
        else:
            total, times = over_loops(size, node.loops), over_loops(1, node.loops)
        if total != 0:
            self.exchanges.append(Exchange(node.name, what, total, times, backward))

    # --- the worker's network -----------------------------------------------------------------------------------

    def local(self) -> Graph:
        """Return the network that a worker runs."""
        graph = self.graph
        nodes = tuple(
            replace(node, op=placed.op, facts=placed.facts, ins=tuple(self._local(t) for t in node.ins))
            for node, placed in zip(graph.nodes, self.placed, strict=True)
        )
        repeats = tuple(
            repeat._replace(before=tuple(map(self._local, repeat.before)), after=tuple(map(self._local, repeat.after)))
            for repeat in graph.repeats
        )
        inputs = {name: self.shape(Tensor(-1 - i, 0, shape)) for i, (name, shape) in enumerate(graph.inputs.items())}
        outputs = tuple(map(self._local, graph.outputs))
        return replace(graph, nodes=nodes, repeats=repeats, inputs=inputs, outputs=outputs)

    def _local(self, tensor: Tensor) -> Tensor:
        if tensor.source >= 0 and tensor.carried is None:
            return tensor._replace(shape=self.placed[tensor.source].facts.outs[tensor.port])
        return tensor._replace(shape=self.shape(tensor))

    def whole(self) -> Iterator[str]:
        """Yield the nodes with weights that every worker has all of."""
        for node, placed in zip(self.graph.nodes, self.placed, strict=True):
            if node.facts.weights and placed.facts.weights == node.facts.weights:
                yield node.name
