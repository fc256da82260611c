"""The order in which nodes run, and which tensors are in memory meanwhile.

The schedule is that of a framework that runs one node after the other without keeping anything for a backward pass:

* Nodes run in their order; those for training only do not run.
* What a node writes is there from when it runs until the last node that reads it has run. What the network gives back
  stays. The network's inputs and all weights are somebody else's.
* A view is the memory it looks at. A node that can work in place (torch's ``inplace=True``) writes over its input if
  nothing reads that later.
* What a repetition reads from outside, and what its rounds hand on, is there until the repetition has ended, as a loop
  holds it in its variables.

A repetition is played in two rounds: the first, which reads what stands before it, and one that stands for all others,
for which the index of the repetition is between 1 and count - 1.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from symcost.algebra.poly import Num, constant, simplest, substitute, symbol, symbols_of
from symcost.algebra.remainders import never_negative
from symcost.errors import NoAnswer
from symcost.graph.assumptions import narrow_box
from symcost.graph.model import Graph, Loop, Node, Repeated, Tensor
from symcost.ops.facts import numel

FIRST, LATER = "first", "later"


@dataclass(eq=False)
class Held:
    """A tensor in memory.

    Attributes:
        node: which node made it.
        size: its elements, in the indices of the repetitions that run meanwhile.
        born: the event from which on it is there.
        last: the event up to which it is.
    """

    node: Node
    size: Num
    born: int
    last: int


class Event(NamedTuple):
    """A node that runs.

    Attributes:
        node: the node.
        rounds: the repetitions around it, each with which of its rounds this is.
    """

    node: Node
    rounds: tuple[tuple[Loop, str], ...]


@dataclass
class Schedule:
    """Events in order, and the tensors that are in memory.

    Attributes:
        events: nodes that run.
        tensors: all that are ever in memory, in the order in which they are made.
    """

    events: list[Event] = field(default_factory=list)
    tensors: list[Held] = field(default_factory=list)

    def live(self) -> list[list[Held]]:
        """Return the tensors that are in memory at each event."""
        found: list[list[Held]] = [[] for _ in self.events]
        for tensor in self.tensors:
            for at in range(tensor.born, min(tensor.last, len(self.events) - 1) + 1):
                found[at].append(tensor)
        return found


def schedule(graph: Graph) -> Schedule:
    """Return the schedule of a graph.

    Raises:
        NoAnswer: the rounds of a repetition hold tensors in too many ways to be told apart.
    """
    player = _Player(graph)
    player.play(_items(graph.repeats, len(graph.nodes)))
    for tensor in graph.outputs:
        player.touch(tensor, len(player.found.events))
    player.check_skipped()
    player.write_over()
    return player.found


class _Body(NamedTuple):
    """A repetition and what is in it: places of nodes, and repetitions."""

    number: int
    repeat: Repeated
    items: list[int | _Body]


def _items(repeats: Sequence[Repeated], nodes: int) -> list[int | _Body]:
    """Return the places of nodes, those in a repetition put together."""
    around: list[_Body] = []
    items: list[int | _Body] = []
    bodies = [_Body(number, repeat, []) for number, repeat in enumerate(repeats) if repeat.stop > repeat.start]
    bodies.sort(key=lambda body: (body.repeat.start, body.number))
    waiting = deque(bodies)
    for at in range(nodes):
        while around and around[-1].repeat.stop == at:
            around.pop()
        while waiting and waiting[0].repeat.start == at:
            body = waiting.popleft()
            (around[-1].items if around else items).append(body)
            around.append(body)
        (around[-1].items if around else items).append(at)
    return items


class _Running(NamedTuple):
    """A repetition that runs: its number, and the event at which it began."""

    number: int
    began: int


class _Player:
    """The state of a schedule being played."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.found = Schedule()
        self.known: dict[tuple[int, int], Held | None] = {}
        self.carried: dict[tuple[int, int], Held | None] = {}
        self.running: list[_Running] = []
        self.rounds: tuple[tuple[Loop, str], ...] = ()
        self.captured: dict[int, list[Held]] = {}
        self.over: list[tuple[int, Held, Held]] = []
        self.skipped: list[tuple[Repeated, int, Held | None, Held | None]] = []
        self.box = narrow_box(graph)

    def play(self, items: Iterable[int | _Body]) -> None:
        """Run nodes and repetitions in turn."""
        for item in items:
            if isinstance(item, _Body):
                self.repeat(item)
            elif not self.graph.nodes[item].training:
                self.run(item)

    def run(self, place: int) -> None:
        """Run a node."""
        node, now = self.graph.nodes[place], len(self.found.events)
        self.found.events.append(Event(node, self.rounds))
        read = [self.touch(tensor, now) for tensor in node.ins]
        for port, shape in enumerate(node.facts.outs):
            source = read[0] if read else None
            made = source if node.facts.view else self.make(node, numel(shape), now)
            self.known[place, port] = made
            if node.facts.inplace and source is not None and made is not None:
                self.over.append((now, source, made))

    def make(self, node: Node, size: Num, now: int) -> Held:
        """Put a tensor into memory."""
        made = Held(node, size, now, now)
        self.found.tensors.append(made)
        return made

    def look_up(self, tensor: Tensor) -> Held | None:
        """Return the memory of a tensor, None for the network's inputs."""
        if tensor.carried is not None:
            return self.carried[tensor.carried]
        return None if tensor.source < 0 else self.known[tensor.source, tensor.port]

    def touch(self, tensor: Tensor, now: int) -> Held | None:
        """Read a tensor: it is there until now, and through repetitions into which it comes from outside."""
        held = self.look_up(tensor)
        if held is None:
            return None
        held.last = max(held.last, now)
        numbers = [running.number for running in self.running]
        inner = numbers.index(tensor.carried[0]) + 1 if tensor.carried is not None else 0
        for running in self.running[inner:]:
            if held.born < running.began:
                self.captured[running.number].append(held)
        return held

    def repeat(self, body: _Body) -> None:
        """Run the first round of a repetition, and one that stands for the others."""
        number, repeat, _ = body
        began = len(self.found.events)
        read = [self.touch(tensor, began) for tensor in repeat.before]
        self.captured[number] = []
        self.running.append(_Running(number, began))
        out = self.round(body, read, FIRST)
        if constant(repeat.loop.count) != 1:
            index = symbol(repeat.loop.index, "index")
            again = self.moved(out, repeat.loop.index, index - 1, began)
            first, out = out, self.round(body, again, LATER)
            self.check(repeat, again, first, out, began)
        self.running.pop()
        end = len(self.found.events) - 1
        for held in self.captured.pop(number):
            held.last = max(held.last, end)
        ends = self.moved(out, repeat.loop.index, repeat.loop.count - 1, began)
        if not never_negative(repeat.loop.count - 1, self.box):
            self.skipped += [(repeat, end, old, new) for old, new in zip(read, ends, strict=True)]
        for tensor, at_end in zip(repeat.after, ends, strict=True):
            if tensor.carried is None or tensor.carried[0] != number:
                self.known[tensor.source, tensor.port] = at_end

    def round(self, body: _Body, read: list[Held | None], which: str) -> list[Held | None]:
        """Run one round, and return what it hands on."""
        number, repeat, items = body
        for place, held in enumerate(read):
            self.carried[number, place] = held
        outside, self.rounds = self.rounds, (*self.rounds, (repeat.loop, which))
        self.play(items)
        self.rounds = outside
        return [self.touch(tensor, len(self.found.events) - 1) for tensor in repeat.after]

    def moved(self, out: list[Held | None], index: str, value: Num, began: int) -> list[Held | None]:
        """Return what a round hands on as it is seen from after it: in terms of another round, or of the last."""
        now = len(self.found.events)
        seen: dict[int, Held] = {}
        for held in out:
            if held is not None and held.born >= began and id(held) not in seen:
                seen[id(held)] = self.make(held.node, substitute(held.size, {index: value}), now)
                seen[id(held)].last = now - 1  # until something reads it
        return [held if held is None else seen.get(id(held), held) for held in out]

    def check(
        self, repeat: Repeated, again: list[Held | None], first: list[Held | None], out: list[Held | None], began: int
    ) -> None:
        """Make sure that a later round stands for all others, and for a single one where it may be the last.

        Raises:
            NoAnswer: it does not.
        """
        named = {id(held) for held in again if held is not None and held.born >= began}
        if any(id(held) in named for held in out):
            raise unclosed(repeat, "a round hands on what the one before made")
        if never_negative(repeat.loop.count - 2, self.box):
            return
        zero = {repeat.loop.index: 0}
        for one, other in zip(first, out, strict=True):
            sizes = [0 if held is None else substitute(held.size, zero) for held in (one, other)]
            if sizes[0] != sizes[1]:
                raise unclosed(repeat, "the first round hands on another amount of memory")

    def check_skipped(self) -> None:
        """Make sure that where a repetition has no rounds, what stands before it is held as what it would hand on.

        Raises:
            NoAnswer: it may be held for something else besides, or be of another size.
        """
        for repeat, end, old, new in self.skipped:
            if new is old or new is None or min(new.last, len(self.found.events) - 1) <= end:
                continue
            before = 0 if old is None else old.size
            without = _without_rounds(repeat.loop.count)
            same = substitute(before, without) == substitute(new.size, without)
            if not same or (old is not None and old.last > end):
                raise unclosed(repeat, "where there are none, something else is held")

    def write_over(self) -> None:
        """Let nodes that can write over their input do so, where nothing reads it later."""
        instead: dict[int, Held] = {}
        for now, source, made in self.over:
            under = instead.get(id(source), source)
            if under.last == now and under.size == made.size:
                under.last = max(under.last, made.last)
                instead[id(made)] = under
        self.found.tensors = [held for held in self.found.tensors if id(held) not in instead]


def _without_rounds(count: Num) -> dict[str, Num]:
    """Return the value of a symbol for which a count such as n - 1 is 0; nothing for other counts."""
    gaps = {name: simplest(symbol(name) - count) for name in symbols_of(count)}
    return {name: gap for name, gap in gaps.items() if constant(gap) is not None}


def unclosed(repeat: Repeated, reason: str) -> NoAnswer:
    """Return the refusal of a repetition whose live sets have no common form."""
    way_out = "; fix the count with a number" if constant(repeat.loop.count) is None else ""
    return NoAnswer(f"the peak has no form for {repeat.loop.count} rounds: {reason}{way_out}")
