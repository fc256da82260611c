"""A drawing of a graph, down to a depth of blocks.

A block below the depth is one box. Rounds of a repetition are drawn once, and its box or group says how many there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import count, takewhile
from typing import TypeAlias, TypeVar

from symcost.algebra.poly import Num
from symcost.errors import printable
from symcost.graph.drawing import Arrow, Box, Drawing, Group, Kind, Link
from symcost.graph.listing import telling_depth
from symcost.graph.model import Choice, Graph, Loop, Node, Tensor
from symcost.ops.facts import Shape
from symcost.ops.op import shown
from symcost.table.breaking import broken

MANY = 30
"""Boxes that a picture may have for its depth to be chosen, where the least telling depth does not have more."""
LINE = 44
"""Characters of a shape in a line of a label."""

T = TypeVar("T")
Key: TypeAlias = tuple[str, ...]


def drawing(graph: Graph, depth: int = 0) -> Drawing:
    """Return what is drawn of a graph, down to a depth of blocks; 0 chooses."""
    return _Draftsman(graph, depth or readable_depth(graph)).drawing()


def readable_depth(graph: Graph) -> int:
    """Return the greatest depth that draws few enough boxes, and no less than tells blocks apart."""
    paths = [node.name.split(".") for node in graph.nodes]
    deepest = max(map(len, paths), default=1)
    few = takewhile(lambda d: len({tuple(path[:d]) for path in paths}) <= MANY, range(1, deepest + 1))
    return max(telling_depth(graph), *few, 1)


class _Draftsman:
    """Draws a graph down to a depth; boxes are known by the paths of their blocks or nodes."""

    def __init__(self, graph: Graph, depth: int) -> None:
        self.graph = graph
        self.keys = [tuple(node.name.split(".")[:depth]) for node in graph.nodes]
        self.ids = {key: f"n{i}" for i, key in enumerate(dict.fromkeys(self.keys))}
        self.numbers = count()

    @cached_property
    def nodes(self) -> dict[Key, list[Node]]:
        found: dict[Key, list[Node]] = {key: [] for key in self.ids}
        for key, node in zip(self.keys, self.graph.nodes, strict=True):
            found[key].append(node)
        return found

    def drawing(self) -> Drawing:
        names = self.graph.inputs.items()
        inputs = [Box(f"i{i}", (printable(name), *_lines([shape])), "input") for i, (name, shape) in enumerate(names)]
        outputs = [
            Box(f"o{i}", (f"output {i + 1}" if len(self.graph.outputs) > 1 else "output", *_lines([t.shape])), "output")
            for i, t in enumerate(self.graph.outputs)
        ]
        parts = (*inputs, *self._parts(list(self.ids), 0, 0, 0), *outputs)
        return Drawing(printable(self.graph.name), parts, tuple(self._arrows()), tuple(self._links()))

    def _parts(self, keys: Sequence[Key], shown: int, loops: int, choices: int) -> Iterator[Box | Group]:
        """Give what is drawn in a group: how long its path is, and what repetitions and experts it has told of."""
        blocks: dict[object, list[Key]] = {}
        for key in keys:
            blocks.setdefault(key if len(key) == shown + 1 else key[shown], []).append(key)
        for members in blocks.values():
            if len(members) == 1:
                yield self._box(members[0], shown, loops, choices)
            else:
                yield self._group(members, shown, loops, choices)

    def _group(self, keys: Sequence[Key], shown: int, loops: int, choices: int) -> Group:
        nodes = [node for key in keys for node in self.nodes[key]]
        path = _common([key[:-1] for key in keys])
        name = f"g{next(self.numbers)}"
        title = _titled(path[shown:], nodes, loops, choices)
        inside = self._parts(keys, len(path), len(_loops(nodes)), len(_choices(nodes)))
        return Group(name, title, tuple(inside))

    def _box(self, key: Key, shown: int, loops: int, choices: int) -> Box:
        nodes = self.nodes[key]
        title = _titled(key[shown:], nodes, loops, choices)
        if len(nodes) > 1:
            return Box(self.ids[key], (title, f"{len(nodes)} ops", *_lines(self._given(key))), "block")
        node = nodes[0]
        op = [node.op.tag] if node.op.tag != key[-1].rstrip("0123456789").rstrip("_") else []
        shared = [f"weights {printable(node.shared)}"] if node.shared else []
        kind: Kind = "weights" if node.facts.weights else "op"
        return Box(self.ids[key], (title, *op, *_lines(node.facts.outs), *shared), kind)

    def _given(self, key: Key) -> list[Shape]:
        """Return the shapes of what others read of a box."""
        read = [t for reader, node in zip(self.keys, self.graph.nodes, strict=True) if reader != key for t in node.ins]
        tensors = (t for t in (*read, *self.graph.outputs) if t.source >= 0 and self.keys[t.source] == key)
        return list({(t.source, t.port): t.shape for t in tensors}.values())

    def _maker(self, tensor: Tensor) -> str:
        return self.ids[self.keys[tensor.source]] if tensor.source >= 0 else f"i{-1 - tensor.source}"

    def _arrows(self) -> Iterator[Arrow]:
        found: dict[tuple[str, str], dict[str, None]] = {}
        for key, node in zip(self.keys, self.graph.nodes, strict=True):
            for tensor in node.ins:
                found.setdefault((self._maker(tensor), self.ids[key]), {})[shown(tensor.shape)] = None
        for i, tensor in enumerate(self.graph.outputs):
            found.setdefault((self._maker(tensor), f"o{i}"), {})[shown(tensor.shape)] = None
        return (Arrow(start, end, tuple(shapes)) for (start, end), shapes in found.items() if start != end)

    def _links(self) -> Iterator[Link]:
        first: dict[str, str] = {}
        seen: set[Link] = set()
        for key, node in zip(self.keys, self.graph.nodes, strict=True):
            if node.shared is not None:
                link = Link(first.setdefault(node.shared, self.ids[key]), self.ids[key], printable(node.shared))
                if link.start != link.end and link not in seen:
                    seen.add(link)
                    yield link


def _titled(path: Key, nodes: Sequence[Node], loops: int, choices: int) -> str:
    """Return the name of a box or group, and what repetitions and experts it stands for beyond those told of."""
    title = printable(".".join(path))
    rounds = _loops(nodes)
    title += "".join(f" x {_factor(loop.count)}" for loop in rounds[loops:])
    with_weights = [node for node in nodes if node.facts.weights]
    if rounds[loops:] and with_weights and all(node.tied >= len(rounds) for node in with_weights):
        title += ", with the same weights"
    return title + "".join(f", {c.count} experts, {c.top_k} for a token" for c in _choices(nodes)[choices:])


def _factor(rounds: Num) -> str:
    text = str(rounds)
    return f"({text})" if " " in text else text


def _loops(nodes: Sequence[Node]) -> tuple[Loop, ...]:
    return _common([node.loops for node in nodes])


def _choices(nodes: Sequence[Node]) -> tuple[Choice, ...]:
    return _common([node.experts[::-1] for node in nodes])


def _common(many: Sequence[tuple[T, ...]]) -> tuple[T, ...]:
    """Return what all begin with."""
    level = takewhile(lambda column: all(x == column[0] for x in column), zip(*many, strict=False))
    return tuple(column[0] for column in level)


def _lines(shapes: Iterable[Shape]) -> Iterator[str]:
    """Give the lines of shapes, equal ones once."""
    for text, times in Counter(map(shown, shapes)).items():
        yield from broken(f"{times} x {text}" if times > 1 else text, LINE)
