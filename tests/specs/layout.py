"""How eager torch lays the tensors of a graph out in memory: their strides, and so what is a view and what a copy.

The rules are torch's: transposes, parts and broadcasts are views; a reshape is one where the strides allow it
(``at::detail::computeStride``) and a copy otherwise; an elementwise op lays its output out as its input; everything
else writes its output in order. What a round of a repetition was handed is taken to lie in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate
from symcost.graph import Graph
from symcost.graph.model import Node, Tensor
from symcost.ops.broadcast_to import BroadcastTo
from symcost.ops.facts import Shape
from symcost.ops.select import Select
from symcost.ops.transpose import Permute, Transpose

Sizes = tuple[int, ...]
RESHAPED = {"reshape", "flatten", "squeeze", "unsqueeze"}
PARTS = {"chunk", "split", "narrow"}
ELEMENTWISE = {"add", "mul", "sub", "scale", "bias", "dropout", "stochastic_depth", "rotary_embedding", "Activation"}


class Layout:
    """Strides of every tensor of a graph at some sizes.

    Attributes:
        copied: places of nodes that are a view in the graph, and a copy in torch.
    """

    def __init__(self, graph: Graph, env: Mapping[str, Number]) -> None:
        self.env = {**{repeat.loop.index: 0 for repeat in graph.repeats}, **env}  # sizes of the first round
        self.copied: set[int] = set()
        self._strides: dict[tuple[int, int], Sizes] = {}
        for place, node in enumerate(graph.nodes):
            for port, strides in enumerate(self._made(place, node)):
                self._strides[place, port] = strides

    def sizes(self, shape: Shape) -> Sizes:
        return tuple(int(evaluate(size, self.env)) for size in shape)

    def merges(self, tensor: Tensor, apart: int) -> bool:
        """Tell whether all axes but the last ones can be seen as one."""
        sizes, strides = self._of(tensor)
        return seen_as(sizes, strides, (prod(sizes[:-apart]), *sizes[-apart:])) is not None

    def _of(self, tensor: Tensor) -> tuple[Sizes, Sizes]:
        sizes = self.sizes(tensor.shape)
        known = None if tensor.carried is not None else self._strides.get((tensor.source, tensor.port))
        return sizes, known or in_order(sizes)

    def _made(self, place: int, node: Node) -> list[Sizes]:
        """Return the strides of a node's outputs."""
        outs = [self.sizes(shape) for shape in node.facts.outs]
        if not node.ins:
            return [in_order(sizes) for sizes in outs]
        sizes, strides = self._of(node.ins[0])
        tag = node.op.tag
        if tag in RESHAPED:
            seen = seen_as(sizes, strides, outs[0])
            self.copied |= set() if seen else {place}
            return [seen or in_order(outs[0])]
        if tag in PARTS or (node.facts.view and not node.facts.copies and sizes == outs[0]):
            return [strides] * len(outs)
        return [self._turned(node, sizes, strides, out) for out in outs]

    def _turned(self, node: Node, sizes: Sizes, strides: Sizes, out: Sizes) -> Sizes:
        match node.op:
            case Transpose(dim0=i, dim1=j):
                turned = list(strides)
                turned[int(i)], turned[int(j)] = turned[int(j)], turned[int(i)]
                return tuple(turned)
            case Permute(dims=dims):
                return tuple(strides[int(axis)] for axis in dims)
            case Select(dim=dim):
                axis = int(dim) % len(sizes)
                return (*strides[:axis], *strides[axis + 1 :])
            case BroadcastTo():
                return tuple(0 if a != b else stride for a, b, stride in zip(sizes, out, strides, strict=True))
        return self._elementwise(node, out)

    def _elementwise(self, node: Node, out: Sizes) -> Sizes:
        if {node.op.tag, type(node.op).__name__} & ELEMENTWISE:
            for tensor in node.ins:
                sizes, strides = self._of(tensor)
                if sizes == out and 0 not in strides:
                    return as_dense(sizes, strides)
        return in_order(out)


def in_order(sizes: Sizes) -> Sizes:
    return tuple(prod(sizes[i + 1 :]) for i in range(len(sizes)))


def as_dense(sizes: Sizes, strides: Sizes) -> Sizes:
    """Return strides without gaps, the axes in the same order of memory."""
    found = dict.fromkeys(range(len(sizes)), 1)
    step = 1
    for axis in sorted(found, key=lambda axis: strides[axis]):
        found[axis] = step
        step *= sizes[axis]
    return tuple(found[axis] for axis in range(len(sizes)))


def seen_as(sizes: Sizes, strides: Sizes, wanted: Sizes) -> Sizes | None:
    """Return the strides of a view of other sizes, or None where there is none.

    Axes that follow one another in memory make a run, and each run is cut into some of the wanted axes.
    """
    runs: list[tuple[int, int]] = []  # elements and stride, the last first
    for size, stride in zip(reversed(sizes), reversed(strides), strict=True):
        if size == 1:
            continue
        if runs and stride == runs[-1][0] * runs[-1][1]:
            runs[-1] = (runs[-1][0] * size, runs[-1][1])
        else:
            runs.append((size, stride))
    left, stride = runs.pop(0) if runs else (1, 1)
    found: list[int] = []
    for size in reversed(wanted):
        if left == 1 and size > 1 and runs:
            left, stride = runs.pop(0)
        if left % size:
            return None
        found.append(stride)
        left, stride = left // size, stride * size
    return tuple(reversed(found))
