"""The order in which nodes run, and which tensors are in memory meanwhile.

The schedule is that of a framework that runs one node after the other without keeping anything for a backward pass:

* Nodes run in their order; those for training only do not run.
* What a node writes is there from when it runs until the last node that reads it has run. What the network gives back
  stays. The network's inputs and all weights are somebody else's.
* A view is the memory it looks at. A node that can work in place (torch's ``inplace=True``) writes over its input if
  nothing reads that later.
* What a repetition reads from outside, and what its rounds hand on, is there until the repetition has ended, as a loop
  holds it in its variables. What comes in as the value of the first round is handed on, and so is a view of it.

A repetition is played in two rounds: the first, which reads what stands before it, and one that stands for all others,
for which the index of the repetition is between 1 and count - 1. Where that says too little, as where a round hands on
what the one before made, a plain number of rounds is played one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, constant, substitute, symbol
from symcost.algebra.remainders import never_negative
from symcost.errors import NoAnswer
from symcost.graph.assumptions import narrow_box
from symcost.graph.bodies import Body, bodies
from symcost.graph.live import FIRST, LATER, Event, Held, Schedule
from symcost.graph.model import Graph, Loop, Node, Repeated, Tensor
from symcost.graph.skipping import Skipped, unclosed
from symcost.ops.facts import numel

MOST_EVENTS = 5_000
"""Nodes that run, beyond which rounds are not played one by one."""


def schedule(graph: Graph, *, one_by_one: bool = False, at: Mapping[str, Number] | None = None) -> Schedule:
    """Return the schedule of a graph.

    Args:
        graph: what runs.
        one_by_one: play a plain number of rounds one by one.
        at: values of symbols, put into sizes and numbers of rounds.

    Raises:
        NoAnswer: the rounds of a repetition hold tensors in too many ways to be told apart, or too many nodes run.
    """
    player = _Player(graph, one_by_one, at or {})
    player.play(bodies(graph.repeats, len(graph.nodes)))
    for tensor in graph.outputs:
        player.touch(tensor, len(player.found.events))
    for skipped in player.skipped:
        skipped.check(player.found)
    player.write_over()
    return player.found


class _Running(NamedTuple):
    """A repetition that runs: its number, how many tensors were made before it, and how many values it hands on."""

    number: int
    began: int
    values: int


class _Player:
    """The state of a schedule being played."""

    def __init__(self, graph: Graph, one_by_one: bool, at: Mapping[str, Number]) -> None:
        self.graph, self.one_by_one = graph, one_by_one
        self.found = Schedule()
        self.known: dict[tuple[int, int], Held | None] = {}
        self.carried: dict[tuple[int, int], Held | None] = {}
        self.running: list[_Running] = []
        self.through: dict[tuple[int, int], frozenset[int]] = {}
        self.handing: dict[tuple[int, int], frozenset[int]] = {}
        self.rounds: tuple[tuple[Loop, str], ...] = ()
        self.at: dict[str, Number] = dict(at)
        self.captured: dict[int, list[Held]] = {}
        self.over: list[tuple[int, Held, Held]] = []
        self.skipped: list[Skipped] = []
        self.box = narrow_box(graph)

    def play(self, items: Iterable[int | Body]) -> None:
        """Run nodes and repetitions in turn."""
        for item in items:
            if isinstance(item, Body):
                if self.runs(item):
                    self.repeat(item)
            elif self.graph.nodes[item].evaluated:
                self.run(item)

    def runs(self, body: Body) -> bool:
        """Tell whether a repetition runs in evaluation: some node in it, or it hands on what it reads."""
        number, repeat, _ = body
        through = all(tensor.carried is not None and tensor.carried[0] == number for tensor in repeat.after)
        return through or any(node.evaluated for node in self.graph.nodes[repeat.start : repeat.stop])

    def run(self, place: int) -> None:
        """Run a node."""
        node, now = self.graph.nodes[place], len(self.found.events)
        self.found.events.append(Event(node, self.rounds, self.at))
        if self.one_by_one and now == MOST_EVENTS:
            raise NoAnswer(f"the peak has no form, and more than {MOST_EVENTS:,} nodes run one by one")
        read = [self.touch(tensor, now) for tensor in node.ins]
        for port, shape in enumerate(node.facts.outs):
            source = read[0] if read else None
            made = source if node.facts.view else self.make(node, substitute(numel(shape), self.at), now)
            self.known[place, port] = made
            self.through[place, port] = self.handed(node.ins[0]) if node.facts.view else frozenset()
            if node.facts.inplace and source is not None and made is not None:
                self.over.append((now, source, made))

    def make(self, node: Node, size: Num, now: int) -> Held:
        """Put a tensor into memory."""
        made = Held(node, size, len(self.found.tensors), now, now)
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
        handed = self.handed(tensor)
        for running in self.running:
            if running.number not in handed and held.number < running.began:
                self.captured[running.number].append(held)
        return held

    def handed(self, tensor: Tensor) -> frozenset[int]:
        """Return the repetitions that hand a tensor on, or what it is a view of: to them it is not from outside."""
        if tensor.carried is None:
            return self.through.get((tensor.source, tensor.port), frozenset())
        return self.handing[tensor.carried]

    def repeat(self, body: Body) -> None:
        """Run a repetition."""
        count = substitute(body.repeat.loop.count, self.at)
        body = body._replace(repeat=body.repeat._replace(loop=Loop(body.repeat.loop.index, count)))
        if count == 0:
            self.pass_by(body.repeat)
        else:
            self.run_rounds(body)

    def run_rounds(self, body: Body) -> None:
        """Run the rounds of a repetition that has some."""
        number, repeat, _ = body
        began = len(self.found.tensors)
        skipped = Skipped(body.repeat, len(self.found.events), self.lasts())
        read = [self.look_up(tensor) for tensor in repeat.before]
        self.captured[number] = []
        self.running.append(_Running(number, began, len(repeat.before)))
        for place, tensor in enumerate(repeat.before):
            self.handing[number, place] = self.handed(tensor) | {number}
        rounds = constant(repeat.loop.count) if self.one_by_one else None
        ends = self.in_two(body, read, began) if rounds is None else self.in_turn(body, read, int(rounds))
        self.running.pop()
        end = len(self.found.events) - 1
        for held in self.captured.pop(number):
            held.last = max(held.last, end)
        if not never_negative(repeat.loop.count - 1, self.box):
            skipped.end, skipped.handed = end, list(zip(read, ends, strict=True))
            self.skipped.append(skipped)
        for tensor, at_end in zip(repeat.after, ends, strict=True):
            if tensor.carried is None or tensor.carried[0] != number:
                self.put(tensor, at_end, self.handed(tensor))

    def lasts(self) -> list[int]:
        """Return until when each tensor is there as far as is known now; what running repetitions hold, until now."""
        found, now = [held.last for held in self.found.tensors], len(self.found.events)
        for held in (held for running in self.running for held in self.captured[running.number]):
            found[held.number] = max(found[held.number], now)
        return found

    def pass_by(self, repeat: Repeated) -> None:
        """Take what stands before a repetition without rounds for what it gives back."""
        before = [self.look_up(tensor) for tensor in repeat.before]
        known = dict(zip(repeat.after, before, strict=True))
        if any(known[tensor] is not held for tensor, held in zip(repeat.after, before, strict=True)):
            raise unclosed(repeat, "where there are none, something else is held")
        for tensor, old, held in zip(repeat.after, repeat.before, before, strict=True):
            self.put(tensor, held, self.handed(old))

    def put(self, tensor: Tensor, held: Held | None, handed: frozenset[int]) -> None:
        """Let a tensor mean another memory from now on."""
        if tensor.carried is None:
            self.known[tensor.source, tensor.port], self.through[tensor.source, tensor.port] = held, handed
        else:
            self.carried[tensor.carried], self.handing[tensor.carried] = held, handed

    def in_turn(self, body: Body, value: list[Held | None], rounds: int) -> list[Held | None]:
        """Run rounds one by one, and return what the last hands on."""
        outside = self.at
        for i in range(rounds):
            self.at = {**outside, body.repeat.loop.index: i}
            value = self.round(body, value, self.rounds)
        self.at = outside
        return value

    def in_two(self, body: Body, read: list[Held | None], began: int) -> list[Held | None]:
        """Run the first round, and one that stands for the others, and return what the last hands on."""
        _, repeat, _ = body
        loop, index = repeat.loop, symbol(repeat.loop.index, "index")
        if len(repeat.before) > 1:
            self.check_several(repeat)
        out = self.round(body, read, (*self.rounds, (loop, FIRST)))
        if constant(loop.count) != 1:
            again = self.moved(out, loop.index, index - 1, began)
            first, out = out, self.round(body, again, (*self.rounds, (loop, LATER)))
            self.check(repeat, again, first, out, began)
            for held, moved in zip(out, again, strict=True):
                if held is not None and moved is not None and moved.number >= began:
                    held.moved.append(moved)
        return self.moved(out, loop.index, loop.count - 1, began)

    def check_several(self, repeat: Repeated) -> None:
        """Make sure that two rounds tell where each of several tensors goes.

        Raises:
            NoAnswer: they do not: rounds around them move them too, or there may be none.
        """
        if any(running.values > 1 for running in self.running[:-1]):
            raise unclosed(repeat, "rounds inside rounds hand on several tensors")
        if not never_negative(repeat.loop.count - 1, self.box):
            raise unclosed(repeat, "several tensors are handed on, and there may be no round")

    def round(self, body: Body, read: list[Held | None], rounds: tuple[tuple[Loop, str], ...]) -> list[Held | None]:
        """Run one round, and return what it hands on."""
        number, repeat, items = body
        for place, held in enumerate(read):
            self.carried[number, place] = held
        start = len(self.found.events)
        outside, self.rounds = self.rounds, rounds
        self.play(items)
        self.rounds = outside
        if start == len(self.found.events):
            return [self.look_up(tensor) for tensor in repeat.after]
        return [self.touch(tensor, len(self.found.events) - 1) for tensor in repeat.after]

    def moved(self, out: list[Held | None], index: str, value: Num, began: int) -> list[Held | None]:
        """Return what a round hands on as it is seen from after it: in terms of another round, or of the last."""
        now = len(self.found.events)
        seen: dict[int, Held] = {}
        for held in out:
            if held is not None and held.number >= began and id(held) not in seen:
                made = seen[id(held)] = self.make(held.node, substitute(held.size, {index: value}), now)
                made.last = now - 1  # until something reads it
                held.moved.append(made)
        return [held if held is None else seen.get(id(held), held) for held in out]

    def check(
        self, repeat: Repeated, again: list[Held | None], first: list[Held | None], out: list[Held | None], began: int
    ) -> None:
        """Make sure that a later round stands for all others, and for a single one where it may be the last.

        Raises:
            NoAnswer: it does not.
        """
        named = {id(held) for held in again if held is not None and held.number >= began}
        from_outside = ((one, held) for one, held in zip(first, out, strict=True) if held and held.number < began)
        if any(id(held) in named for held in out) or any(one is not held for one, held in from_outside):
            raise unclosed(repeat, "a round hands on what the one before made")
        if never_negative(repeat.loop.count - 2, self.box):
            return
        zero = {repeat.loop.index: 0}
        for one, other in zip(first, out, strict=True):
            sizes = [0 if held is None else substitute(held.size, zero) for held in (one, other)]
            if sizes[0] != sizes[1]:
                raise unclosed(repeat, "the first round hands on another amount of memory")

    def write_over(self) -> None:
        """Let nodes that can write over their input do so, where nothing reads it later."""
        instead: dict[int, Held] = {}
        for now, source, made in self.over:
            under = instead.get(id(source), source)
            if source.is_read_on():
                continue
            if under.last == now and self.alike(under.size, made.size, now):
                under.last = max(under.last, made.last)
                instead[id(made)] = under
        self.found.tensors = [held for held in self.found.tensors if id(held) not in instead]

    def alike(self, one: Num, other: Num, at: int) -> bool:
        """Tell whether two sizes are the same in the rounds of an event."""
        first: dict[str, Num] = {loop.index: 0 for loop, which in self.found.events[at].rounds if which == FIRST}
        return one == other or substitute(one - other, first) == 0
