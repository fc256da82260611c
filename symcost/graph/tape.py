"""A forward pass with its rounds written out: every run of a node, with the values that it reads and makes.

Rounds in a plain number are written out one by one. Of a repetition with many rounds that are alike, or with a symbolic
number of them, three are: the first, one that stands for all between, and the last. What depends on how many there are
in truth is worked out from these (``symcost.graph.stacked``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from symcost.algebra.division import div
from symcost.algebra.poly import Num, constant, substitute, symbols_of
from symcost.errors import NoAnswer
from symcost.graph.bodies import Body, bodies
from symcost.graph.model import Graph, Loop, Node, Repeated, Tensor
from symcost.graph.skipping import unclosed
from symcost.ops.facts import numel

ALIKE = 3
"""Rounds written out of a repetition whose rounds are alike: the first, the middle one, the last."""
MOST_WRITTEN = 6
"""Rounds up to which a plain number of them is written out although they are alike."""
MOST_CALLS = 20_000
_ROUND = re.compile(r"round_\d+|rest")
"""What the graph calls rounds that it writes out, and the rest of them, which may be a single one."""
GIVE_BACK = ("identity", "dropout", "stochastic_depth")


class Round(NamedTuple):
    """A round in which a node runs.

    Attributes:
        repeat: the number of the repetition.
        entry: which run of the repetition, counted over all.
        place: which of the rounds that are written out.
    """

    repeat: int
    entry: int
    place: int


@dataclass(eq=False, slots=True)
class Value:
    """A tensor that a run of a node makes, or an input of the network.

    Attributes:
        size: its elements.
        maker: which run makes it, None for an input.
        port: at which output, or which input of the network.
        readers: the runs that read it, in order.
    """

    size: Num
    maker: Call | None
    port: int
    readers: list[Call] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Call:
    """A run of a node.

    Attributes:
        number: its place in the order of runs.
        node: what runs.
        at: the indices of repetitions whose rounds are all written out.
        rounds: the rounds in which it runs, those of the outermost repetition first.
        ins: what it reads.
        outs: what it makes.
    """

    number: int
    node: Node
    at: Mapping[str, int]
    rounds: tuple[Round, ...]
    ins: tuple[Value, ...]
    outs: tuple[Value, ...] = ()

    def size(self, amount: Num) -> Num:
        """Return an amount of the node in these rounds."""
        return substitute(amount, self.at)


@dataclass(eq=False)
class Tape:
    """A forward pass.

    Attributes:
        calls: the runs, in order.
        inputs: of the network.
        outputs: what it gives back.
        stacked: how many rounds there are of the repetitions of which three are written out, by number.
    """

    calls: list[Call]
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    stacked: Mapping[int, Num]


def tape(graph: Graph, written: Mapping[int, int] | None = None, *, together: Num = 1) -> Tape:
    """Return the forward pass of a training step with its rounds written out.

    Args:
        graph: what runs.
        written: for repetitions whose rounds are alike, how many to write out in place of three, by number.
        together: how many rounds of the outermost repetitions form a group: they are then rounds of a group, which has
            the number of the repetition, and stand in a repetition of their own, whose number is the ``inner`` one. A
            plain number of rounds has a last group that may be smaller.

    Raises:
        NoAnswer: a symbolic number of rounds that differ, or too many runs.
    """
    return _Writer(graph, written or {}, together).write()


class _Writer:
    """A tape being written."""

    def __init__(self, graph: Graph, written: Mapping[int, int], together: Num) -> None:
        self.graph, self.written, self.together = graph, written, together
        self.calls: list[Call] = []
        self.stacked: dict[int, Num] = {}
        self.inputs = tuple(Value(numel(shape), None, port) for port, shape in enumerate(graph.inputs.values()))
        self.known: dict[tuple[int, int], Value] = {}
        self.carried: dict[tuple[int, int], Value] = {}
        self.rounds: tuple[Round, ...] = ()
        self.at: dict[str, int] = {}
        self.alike: set[int] = set()
        self.entries = 0

    def write(self) -> Tape:
        self.play(bodies(self.graph.repeats, len(self.graph.nodes)))
        return Tape(self.calls, self.inputs, tuple(self.given_back()), self.stacked)

    def given_back(self) -> Iterator[Value]:
        """Yield what a step gives back: for boxes that only evaluation makes, all that nothing else reads."""
        made = [
            t for t in self.graph.outputs if t.carried is not None or t.source < 0 or self.graph.nodes[t.source].trained
        ]
        yield from map(self.look_up, made)
        if len(made) < len(self.graph.outputs):
            yield from (value for call in self.calls for value in call.outs if not value.readers)

    def play(self, items: Iterable[int | Body]) -> None:
        for item in items:
            if isinstance(item, Body):
                self.repeat(item)
            elif self.graph.nodes[item].trained:
                self.run(item)

    def run(self, place: int) -> None:
        node = self.graph.nodes[place]
        if _gives_back(node):
            self.known[place, 0] = self.look_up(node.ins[0])
            return
        if len(self.calls) == MOST_CALLS:
            raise NoAnswer(f"{self.graph.name}: more than {MOST_CALLS:,} nodes run one by one in a training step")
        call = Call(len(self.calls), node, self.at, self.rounds, tuple(map(self.look_up, node.ins)))
        call.outs = tuple(Value(call.size(numel(shape)), call, port) for port, shape in enumerate(node.facts.outs))
        self.calls.append(call)
        for value in dict.fromkeys(call.ins):
            value.readers.append(call)
        for value in call.outs:
            self.known[place, value.port] = value

    def look_up(self, tensor: Tensor) -> Value:
        if tensor.carried is not None:
            return self.carried[tensor.carried]
        return self.inputs[-1 - tensor.source] if tensor.source < 0 else self.known[tensor.source, tensor.port]

    def repeat(self, body: Body) -> None:
        """Write out the rounds of a repetition."""
        number, repeat, items = body
        value = [self.look_up(tensor) for tensor in repeat.before]
        outside, at = self.rounds, self.at
        count = 0
        for count, rounds in enumerate(self.written_out(body), 1):
            for port, one in enumerate(value):
                self.carried[number, port] = one
            self.rounds = outside if is_written_out(self.graph, repeat) else (*outside, *rounds)
            self.at = at if number in self.alike else {**at, repeat.loop.index: count - 1}
            self.play(items)
            value = [self.look_up(tensor) for tensor in repeat.after]
        self.rounds, self.at = outside, at
        for tensor, one in zip(repeat.after, value, strict=True):
            if tensor.carried is None:
                self.known[tensor.source, tensor.port] = one
            elif tensor.carried[0] != number or not count:
                self.carried[tensor.carried] = one

    def written_out(self, body: Body) -> Iterator[tuple[Round, ...]]:
        """Yield the rounds to write out, each with the group that it is in where there are groups."""
        number, repeat, _ = body
        count = substitute(repeat.loop.count, self.at)
        if not _differ(self.graph, body):
            self.alike.add(number)
        groups = not self.rounds and self.together != 1 and not is_written_out(self.graph, repeat)
        if not groups:
            yield from ((one,) for one in self.each(number, repeat, count))
        elif isinstance(rounds := constant(count), int) and isinstance(k := constant(self.together), int):
            entry = self.entry()
            yield from ((Round(number, entry, i // k), Round(inner(number), entry, i % k)) for i in range(rounds))
        else:
            for group in self.each(number, repeat, div(count, self.together)):
                for one in self.each(inner(number), repeat, self.together):
                    yield group, one

    def each(self, number: int, repeat: Repeated, count: Num) -> Iterator[Round]:
        """Yield so many rounds, or those that stand for them."""
        alike = max(number, inner(number)) in self.alike
        rounds = constant(count)
        if rounds is None or (alike and rounds > MOST_WRITTEN):
            if not alike:
                raise unclosed(repeat, "they differ in size")
            if symbols_of(count) & {other.loop.index for other in self.graph.repeats}:
                raise unclosed(repeat, "they are in rounds that differ in number")
            self.stacked[number] = count
            rounds = self.written.get(number, ALIKE)
        entry = self.entry()
        yield from (Round(number, entry, place) for place in range(int(rounds)))

    def entry(self) -> int:
        """Return the number of one more run of a repetition."""
        self.entries += 1
        return self.entries


def _gives_back(node: Node) -> bool:
    """Tell whether a node gives back the very tensor that it reads, as dropout does with a chance of 0."""
    facts = node.facts
    return node.op.tag in GIVE_BACK and facts.view and not facts.copies and not facts.stops


def inner(number: int) -> int:
    """Return the number of the repetition of rounds in a group."""
    return -1 - number


def is_written_out(graph: Graph, repeat: Repeated) -> bool:
    """Tell whether a repetition only stands around rounds that the graph writes out, as it does where they differ."""
    inside = graph.nodes[repeat.start : repeat.stop]
    return repeat.loop == Loop("", 1) and all(round_alone(node.name) for node in inside)


def round_alone(name: str) -> str:
    """Return the path of the outermost round in a node's path that stands alone; empty where there is none."""
    parts = name.split(".")
    found = next((n for n, part in enumerate(parts) if _ROUND.fullmatch(part)), None)
    return "" if found is None else ".".join(parts[: found + 1])


def _differ(graph: Graph, body: Body) -> bool:
    """Tell whether what is in a repetition depends on which of its rounds it is."""
    _, repeat, _ = body
    index = repeat.loop.index
    inside = graph.nodes[repeat.start : repeat.stop]
    return any(index in symbols_of(amount) for node in inside for amount in _amounts(node))


def _amounts(node: Node) -> Iterator[Num]:
    yield from (numel(one.shape) for one in (*node.facts.keeps, *node.facts.keeps_over))
    yield from map(numel, (*node.facts.outs, *node.facts.weights.values()))
    yield from (loop.count for loop in node.loops)
