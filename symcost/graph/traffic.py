"""What goes through memory while nodes run: every tensor that one reads and writes, in elements.

The rule is that of kernels that run one after the other and hold nothing in between:

* A node reads each of its inputs, weights and buffers once, however often its arithmetic needs a number, and writes its
  outputs; one that works in place does both with the same memory. Rows of a table are read as they are looked up.
* A view moves nothing. A cache is a view into which the new rows are written, read from where they were made.
* What several steps of an op hand to one another is written and read, and so is its gradient on the way back.
* A training step writes besides what the way back reads and is made for it, but for what is handed from step to step
  anyway; what it copies is read and written.
* The way back reads the gradients of a node's outputs and what was kept, and writes the gradients of its inputs and
  weights; a contraction with weights does so for both, one after the other. Gradients that take no work are handed on
  and not moved. Gradients that meet, of a value with several readers, are taken to be added where they are made.

Where nodes are joined (``Fusion``), what they hand to one another stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from symcost.algebra.atoms import Box
from symcost.algebra.division import div
from symcost.algebra.maximum import minimum
from symcost.algebra.poly import Num
from symcost.algebra.remainders import never_negative
from symcost.graph.assumptions import narrow_box
from symcost.graph.fusion import Fusion
from symcost.graph.model import Graph, Node, Tensor
from symcost.graph.stored import stored
from symcost.ops.facts import WEIGHTS, Facts, Kept, Shape, numel

Kind = Literal["activation", "weight", "cache", "gradient", "index", "mask"]
"""What a tensor is, which decides how wide its elements are."""


class Moved(NamedTuple):
    """A tensor that is read from memory or written to it.

    Attributes:
        kind: what it is.
        elements: how many.
        way: whether it is read or written.
        what: of which input, output or weight it is.
    """

    kind: Kind
    elements: Num
    way: Literal["read", "written"]
    what: str


class Traffic:
    """What the nodes of a graph move.

    Attributes:
        graph: the network.
        fusion: which nodes are joined, None where none are.
    """

    def __init__(self, graph: Graph, fusion: Fusion | None = None) -> None:
        self.graph, self.fusion = graph, fusion
        self._box = narrow_box(graph)

    def forward(self, node: Node, *, training: bool = False) -> Iterator[Moved]:
        """Find what a node moves in a forward pass, of a training step or of an evaluation."""
        facts = node.facts
        if facts.view and not (training and facts.copies):
            if facts.cached:
                yield from self._cached(node)
            return
        yield from self._inputs(node)
        yield from _weights(node)
        if facts.between:
            yield Moved("activation", facts.between, "written", "between")
            yield Moved("activation", facts.between, "read", "between")
        for port, shape in enumerate(facts.outs):
            if self.fusion is None or self.fusion.writes(node, port, training=training):
                yield Moved("activation", numel(shape), "written", f"output {port}")
        if training and not facts.between:
            made = (kept for kept in facts.keeps if kept.what not in ("input", "output"))
            yield from (Moved(_kind(kept), numel(kept.shape), "written", kept.what) for kept in made)

    def to_weights(self, node: Node) -> Iterator[Moved]:
        """Find what a node moves for the gradients of its weights."""
        if not node.facts.weights or not (node.facts.grad_weight or node.facts.grad_input):
            return
        yield from _gradients_of_outputs(node)
        yield from _kept(node, lambda kept: not kept.to or WEIGHTS in kept.to)
        for name, shape in node.facts.weights.items():
            yield Moved("gradient", met(node, numel(shape), self._box), "written", name)

    def to_inputs(self, node: Node) -> Iterator[Moved]:
        """Find what a node moves for the gradients of its inputs, besides what those of its weights read."""
        facts = node.facts
        if not facts.grad_input:
            return
        apart = not facts.weights or "mac" in facts.grad_weight  # from the pass that makes the gradients of weights
        if apart:
            yield from _gradients_of_outputs(node)
        yield from _kept(node, lambda kept: (apart and not kept.to) or any(to != WEIGHTS for to in kept.to))
        if facts.between:
            yield from (Moved("gradient", facts.between, way, "between") for way in ("written", "read"))
        yield from (moved for moved in _weights(node) if moved.kind == "weight")
        for index, tensor in _distinct(node):
            if not _is_index(facts, index):
                yield Moved("gradient", numel(tensor.shape), "written", f"input {index}")

    def _inputs(self, node: Node) -> Iterator[Moved]:
        if node.facts.stops and not node.facts.view:  # it asks how many there are, and reads none
            return
        for index, tensor in _distinct(node):
            if self.fusion is None or not self.fusion.hands(tensor, node):
                yield self._read(node, index, tensor)

    def _read(self, node: Node, index: int, tensor: Tensor) -> Moved:
        seen = stored(self.graph, tensor)
        elements = numel(tensor.shape)
        for size in seen.sizes:  # what is seen several times is there once
            elements = size if never_negative(elements - size, self._box) else elements
        kind: Kind = "index" if _is_index(node.facts, index) else "cache" if seen.cached else "activation"
        return Moved(kind, elements, "read", f"input {index}")

    def _cached(self, node: Node) -> Iterator[Moved]:
        yield from self._inputs(node)
        yield from (Moved("cache", numel(tensor.shape), "written", "cache") for tensor in node.ins)


def _gradients_of_outputs(node: Node) -> Iterator[Moved]:
    shapes = enumerate(node.facts.outs)
    yield from (Moved("gradient", numel(shape), "read", f"output {port}") for port, shape in shapes)


def _kept(node: Node, read: Callable[[Kept], bool]) -> Iterator[Moved]:
    for kept in filter(read, node.facts.keeps):
        what = f"{kept.what} {kept.index}" if kept.what in ("input", "output") else kept.what
        yield Moved(_kind(kept), numel(_shape(node, kept)), "read", what)


def _is_index(facts: Facts, index: int) -> bool:
    """Tell whether an input holds positions, as the way back says that reads it."""
    return any((kept.what, kept.index, kept.dtype) == ("input", index, "index") for kept in facts.keeps)


def _kind(kept: Kept) -> Kind:
    return "activation" if kept.dtype == "float" else "mask" if kept.dtype == "bool" else "index"


def _shape(node: Node, kept: Kept) -> Shape:
    if kept.what == "input":
        return node.ins[kept.index].shape
    return node.facts.outs[kept.index] if kept.what == "output" else kept.shape


def _weights(node: Node) -> Iterator[Moved]:
    facts = node.facts
    for name, shape in (*facts.weights.items(), *facts.buffers.items()):
        yield Moved("weight", facts.read.get(name, met(node, numel(shape))), "read", name)


def met(node: Node, weights: Num, box: Box | None = None) -> Num:
    """Return how many of a node's weights a pass meets at most: of n experts those of min(n, k T)."""
    if not node.experts:
        return weights
    count = numel(tuple(choice.count for choice in node.experts))
    tokens = node.experts[-1].tokens * numel(tuple(choice.top_k for choice in node.experts))
    return div(weights, count) * minimum((count, tokens), box)


def _distinct(node: Node) -> Iterator[tuple[int, Tensor]]:
    """Find the inputs of a node, one that is read twice once."""
    seen: set[Tensor] = set()
    for index, tensor in enumerate(node.ins):
        if tensor not in seen:
            yield index, tensor
        seen.add(tensor)
