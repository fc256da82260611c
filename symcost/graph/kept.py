"""What a training step keeps for its backward pass: distinct storages, each once however many nodes read it.

* A node keeps what its op says (``Facts.keeps``), if some gradient goes through it: of weights that are trained, or of
  inputs that depend on such. What only the gradient of a weight or of one input reads, is kept only for that.
* A view is the memory that it looks at. What dropout makes is a view in evaluation and a tensor of its own in training.
* An activation that can write over its input does so, if nothing else reads that or keeps it; some then find their
  gradient in the output and do not keep the input.
* The network's inputs count where a node keeps them; parameters and buffers do not.
* Of the rounds of a repetition each is told apart from the next: what a round hands on is kept where the next one keeps
  it, and by the last where something after the repetition does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import NamedTuple

from symcost.algebra.poly import NotExact, Num, constant, symbols_of
from symcost.errors import NoAnswer
from symcost.graph.instances import Condition, Instances
from symcost.graph.model import Graph, Loop, Node, Tensor
from symcost.graph.origins import Origins, Rounds
from symcost.ops.facts import WEIGHTS, Dtype, Kept, numel

Place = tuple[int, str, int]
"""Which node makes a storage (negative for the network's inputs), what it is, and at which output."""
MOST_NODES = 20_000
"""Nodes that run, beyond which rounds are not gone through one by one."""


@dataclass(frozen=True, slots=True, eq=False)
class Storage:
    """A piece of memory that is kept for the backward pass.

    Attributes:
        node: what makes it, None for an input of the network.
        what: ``output``, ``input``, or the name of a tensor made for the purpose.
        port: which output, or which input of the network.
        elements: in one round, in the indices of ``loops``.
        dtype: ``float`` for the precision of the computation, ``bool`` for a mask, ``index`` for positions.
        row: the node in whose row it stands: what makes it, or for an input of the network the first to keep it.
        keepers: the nodes that keep it.
    """

    node: Node | None
    what: str
    port: int
    elements: Num
    dtype: Dtype
    row: Node
    keepers: tuple[Node, ...]
    _conditions: dict[str, set[Condition]] = field(repr=False)
    _around: tuple[int, ...] = field(repr=False)
    _instances: Instances = field(repr=False)

    @property
    def loops(self) -> tuple[Loop, ...]:
        """The repetitions around what makes it, the outermost first."""
        return () if self.node is None else self.node.loops

    @property
    def total(self) -> Num:
        """Elements over all rounds in which it is kept.

        Raises:
            NoAnswer: there is no closed sum.
        """
        return self.total_by(self.keepers)

    def total_by(self, keepers: Iterable[Node]) -> Num:
        """Return the elements over all rounds in which one of these nodes keeps it.

        Raises:
            NoAnswer: there is no closed sum.
        """
        conditions = {c for node in keepers for c in self._conditions.get(node.name, ())}
        try:
            return self._instances.amount(self.elements, self._around, conditions)
        except NotExact as error:
            raise NoAnswer(f"what is kept of node '{self.row.name}' has {error}; fix the number of rounds") from None


class _Keeps(NamedTuple):
    """What a node keeps in some rounds."""

    kept: Kept
    rounds: Rounds


class Keeping:
    """All storages that a training step keeps, in the order in which they are made; those of inputs come first."""

    def __init__(self, storages: Iterable[Storage]) -> None:
        self._storages = tuple(storages)

    def __iter__(self) -> Iterator[Storage]:
        return iter(self._storages)

    def __len__(self) -> int:
        return len(self._storages)

    def row(self, node: Node) -> tuple[Storage, ...]:
        """Return the storages that stand in the row of a node; those of all rows are all."""
        return self._rows.get(node.name, ())

    @cached_property
    def _rows(self) -> dict[str, tuple[Storage, ...]]:
        rows: dict[str, tuple[Storage, ...]] = {}
        for storage in self._storages:
            rows[storage.row.name] = (*rows.get(storage.row.name, ()), storage)
        return rows


def kept(graph: Graph) -> Keeping:
    """Return the storages that a training step keeps.

    Raises:
        NoAnswer: the rounds of a repetition keep tensors in too many ways to be told apart.
    """
    try:
        return Keeping(_Finder(graph, one_by_one=_plain(graph) and _varies(graph)).storages())
    except NoAnswer:
        if not _plain(graph):
            raise
        return Keeping(_Finder(graph, one_by_one=True).storages())


def _indices(graph: Graph) -> frozenset[str]:
    return frozenset(repeat.loop.index for repeat in graph.repeats)


def _varies(graph: Graph) -> bool:
    """Tell whether a repetition has more rounds in some rounds of those around it than in others."""
    return any(symbols_of(repeat.loop.count) & _indices(graph) for repeat in graph.repeats)


def _plain(graph: Graph) -> bool:
    """Tell whether rounds are plain numbers, in given rounds of those around them, and few enough to go through."""
    indices = _indices(graph)
    plain = all(symbols_of(repeat.loop.count) <= indices for repeat in graph.repeats)
    counts = (constant(node.count) for node in graph.nodes if node.trained)
    return plain and sum(int(count or 0) for count in counts) <= MOST_NODES


class _Finder:
    """Goes through the nodes of a graph and collects what each keeps."""

    def __init__(self, graph: Graph, *, one_by_one: bool = False) -> None:
        self.graph = graph
        self.instances = Instances(graph, one_by_one=one_by_one)
        self.origins = Origins(graph, self.instances, lambda node: node.facts.view and not node.facts.copies)
        self.found: dict[Place, dict[str, set[Condition]]] = defaultdict(lambda: defaultdict(set))
        self.sizes: dict[Place, tuple[Num, Dtype]] = {}

    def storages(self) -> Iterator[Storage]:
        over = [place for place, node in self.trained() if node.facts.keeps_over]
        for place, node in self.trained():
            if not node.facts.keeps_over:
                self.add(place, node, node.facts.keeps)
        for place in over:  # whether they write over their input depends on what the others keep
            node = self.graph.nodes[place]
            self.add(place, node, node.facts.keeps_over if self.writes_over(node) else node.facts.keeps)
        for at in sorted(self.found):
            yield self.storage(at, self.found[at])

    def trained(self) -> Iterator[tuple[int, Node]]:
        """Find the nodes that run in training, each with its place."""
        return ((place, node) for place, node in enumerate(self.graph.nodes) if node.trained)

    def storage(self, at: Place, conditions: dict[str, set[Condition]]) -> Storage:
        source, what, port = at
        keepers = tuple(map(self.graph.node, conditions))
        node = None if source < 0 else self.graph.nodes[source]
        around = () if node is None else self.instances.around(source)
        size, dtype = self.sizes[at]
        port = -1 - source if node is None else port
        return Storage(node, what, port, size, dtype, node or keepers[0], keepers, conditions, around, self.instances)

    def add(self, place: int, node: Node, keeps: tuple[Kept, ...]) -> None:
        """Take note of what a node keeps."""
        for one, rounds in self.rounds(place, node, keeps):
            if one.what == "input":
                self.add_value(node, node.ins[one.index], one.dtype, rounds)
            elif one.what == "output":
                self.add_value(node, Tensor(place, one.index, node.facts.outs[one.index]), one.dtype, rounds)
            elif (condition := self.origins.condition(rounds)) is not None:
                at = (place, one.what, one.index)
                self.sizes[at] = (numel(one.shape), one.dtype)
                self.found[at][node.name].add(condition)

    def add_value(self, node: Node, value: Tensor, dtype: Dtype, rounds: Rounds) -> None:
        """Take note of a value that a node keeps: of the storages that it may lie in."""
        for made in self.origins.of(value, rounds):
            at = (made.source, "input" if made.source < 0 else "output", made.port)
            self.sizes.setdefault(at, (self.size(made.source, made.port), dtype))
            self.found[at][node.name].add(made.condition)

    def size(self, source: int, port: int) -> Num:
        shapes = tuple(self.graph.inputs.values())
        return numel(shapes[-1 - source] if source < 0 else self.graph.nodes[source].facts.outs[port])

    def rounds(self, place: int, node: Node, keeps: tuple[Kept, ...]) -> Iterator[_Keeps]:
        """Find in which rounds a node keeps what it may keep."""
        around = self.instances.around(place)
        each: list[Rounds] = [*self._each(around)]
        asked = [(rounds, self.gradients(node, _firsts(rounds))) for rounds in each] if keeps else []
        for one in keeps:
            wanted = [rounds for rounds, flows in asked if flows and (not one.to or flows & set(one.to))]
            if len(wanted) == len(each) and not self.instances.one_by_one:
                wanted = [dict.fromkeys(around, "any")]
            yield from (_Keeps(one, rounds) for rounds in wanted)

    def _each(self, around: tuple[int, ...]) -> Iterator[Rounds]:
        """Find the rounds of repetitions in which different gradients may flow."""
        if self.instances.one_by_one:
            yield from self.instances.each_round(around)
            return
        for firsts in product((False, True), repeat=len(around)):
            yield {number: "first" if first else "later" for number, first in zip(around, firsts, strict=True)}

    def gradients(self, node: Node, first: frozenset[int]) -> set[int]:
        """Return for what a gradient is found in such rounds: the inputs, and ``WEIGHTS`` for those of weights."""
        to_weights = {WEIGHTS} if node.facts.weights else set()
        if node.facts.stops:
            return to_weights
        return to_weights | {i for i, tensor in enumerate(node.ins) if self.graph.gradients.flows(tensor, first)}

    def writes_over(self, node: Node) -> bool:
        """Tell whether a node writes over its input: it was made in the same round, for it alone, and is not kept."""
        (tensor, *_) = node.ins
        if tensor.carried is not None or tensor.source < 0:
            return False
        readers = [other for _, other in self.trained() if any(_reads(tensor, read) for read in other.ins)]
        maker = self.graph.nodes[tensor.source]
        handed = (t for repeat in self.graph.repeats for t in (*repeat.before, *repeat.after))
        out = any(_reads(tensor, other) for other in (*handed, *self.graph.outputs))
        is_kept = (tensor.source, "output", tensor.port) in self.found or maker.facts.view
        return maker.loops == node.loops and readers == [node] and not out and not is_kept


def _firsts(rounds: Rounds) -> frozenset[int]:
    return frozenset(number for number, which in rounds.items() if which in ("first", 0))


def _reads(tensor: Tensor, read: Tensor) -> bool:
    return (tensor.source, tensor.port, tensor.carried) == (read.source, read.port, read.carried)
