"""The schedule of a training step: what runs when, and which tensors are in memory meanwhile.

* The forward pass runs nodes in their order. What a node makes is there until the last node that reads it has run; what
  the backward pass reads (``symcost.graph.kept``), until the last node that keeps it has run backward. A view is the
  memory that it looks at, and an activation that can work in place writes over what nothing else reads or keeps. The
  network's inputs are there all the time.
* Then what the network gives back is there beside its gradient, of the same size: the loss makes one from the other.
* The backward pass runs nodes in reverse, those through which gradients go. The gradient of a tensor is there from when
  the first node makes it until the node that made the tensor has run backward. Where several nodes read a tensor, each
  makes a gradient, and the sum is put in the place of one. A node whose gradient takes no work, as that of an addition
  or a view, hands on the memory of the gradient that it is given. Gradients of weights have their places all the time.
* Of a segment that is run again, the forward pass keeps nothing that is made in it. Before the backward pass comes to
  it, all of it runs again, from what was made before it, and is kept then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from symcost.algebra.poly import Num, total
from symcost.graph.flows import Flows
from symcost.graph.model import Node
from symcost.graph.tape import Call, Tape, Value
from symcost.ops.facts import numel

Phase = Literal["forward", "loss", "again", "backward"]
Role = Literal["float", "bool", "index", "gradient"]


class Event(NamedTuple):
    """Something that runs: a node in one of three ways, or the loss."""

    phase: Phase
    call: Call | None


@dataclass(eq=False, slots=True)
class Held:
    """A piece of memory.

    Attributes:
        size: its elements.
        role: what is in it: numbers, truth values, places, or the gradient of a weight.
        call: what makes it, None for an input of the network or the loss.
        born: the event from which on it is there.
        last: the event up to which it is.
        again: whether it is made when a segment is run again.
        kept: whether the backward pass reads it, or a segment that is run again does.
        users: of a gradient, how many tensors it is the gradient of.
        gradient: whether it is a gradient.
        owner: of an input of the network the first node that reads it, of a gradient that the loss makes the node that
            made the output.
    """

    size: Num
    role: Role
    call: Call | None
    born: int
    last: int
    again: bool = False
    kept: bool = False
    users: int = 0
    gradient: bool = False
    owner: Node | None = None

    @property
    def row(self) -> Node | None:
        """The node to which it is put down: what makes it, or its owner."""
        return self.owner if self.call is None else self.call.node


@dataclass(frozen=True)
class Segments:
    """What is run again.

    Attributes:
        first: for each run of a node in a segment, by number, the number of the segment's first run.
        depth: for each segment, how many repetitions it stands in whole.
    """

    first: Mapping[int, int] = field(default_factory=dict)
    depth: Mapping[int, int] = field(default_factory=dict)

    def of(self, call: Call | None) -> int | None:
        """Return the segment that a run belongs to."""
        return None if call is None else self.first.get(call.number)


@dataclass(eq=False)
class Step:
    """A training step.

    Attributes:
        events: what runs, in order.
        held: all pieces of memory.
        turn: the event of the loss.
        ends: for each segment, the event that ends its second run.
        segments: what is run again.
    """

    events: list[Event]
    turn: int
    segments: Segments
    held: list[Held] = field(default_factory=list)
    ends: dict[int, int] = field(default_factory=dict)


def step(tape: Tape, segments: Segments | None = None, *, adds_up: bool = False) -> Step:
    """Return the schedule of a training step.

    Args:
        tape: the forward pass.
        segments: what is run again.
        adds_up: whether gradients of weights are made apart and then added to those of other micro-batches.
    """
    return _Player(tape, segments or Segments(), adds_up=adds_up).play()


class _Player:
    """A schedule being made."""

    def __init__(self, tape: Tape, segments: Segments, *, adds_up: bool) -> None:
        self.tape, self.segments, self.adds_up = tape, segments, adds_up
        self.flows = Flows(tape)
        self.step = Step(list(_events(tape, segments, self.flows)), len(tape.calls), segments)
        self.at: dict[Phase, dict[int, int]] = {"again": {}, "backward": {}}
        for now, (phase, call) in enumerate(self.step.events):
            if call is not None:
                self.at.setdefault(phase, {})[call.number] = now
        self.places: dict[tuple[Value, bool], Held] = {}
        self.gradients: dict[Value, Held] = {}

    def play(self) -> Step:
        end = len(self.step.events) - 1
        for value in self.tape.inputs:
            reader = value.readers[0].node if value.readers else None
            held = Held(value.size, self.flows.dtype(value), None, 0, end, owner=reader)
            self.places[value, False] = self.hold(held)
        for now, (phase, call) in enumerate(self.step.events):
            if call is None:
                self.loss(now)
            elif phase == "backward":
                self.backward(call, now)
            else:
                self.run(call, now, again=phase == "again")
        return self.step

    def hold(self, held: Held) -> Held:
        self.step.held.append(held)
        return held

    def place(self, value: Value, reader: Call, *, again: bool) -> Held:
        """Return the memory in which a run finds a value: inside a segment run again, that of the second run."""
        inside = again and self.segments.of(value.maker) == self.segments.of(reader)
        return self.places[value, inside]

    def run(self, call: Call, now: int, *, again: bool) -> None:
        """Run a node, in the forward pass or again."""
        own = self.segments.of(call)
        if again and own is not None:
            self.step.ends[own] = now
        read = [self.place(value, call, again=again) for value in call.ins]
        for held in read:
            held.last = max(held.last, now)
        for value in call.outs:
            if self.is_over(call):
                self.places[value, again] = read[0]
            else:
                self.places[value, again] = self.hold(Held(value.size, self.flows.dtype(value), call, now, now, again))
        if again or own is None:
            self.keep(call, now, again=again)
        else:
            self.keep_outside(call)

    def is_over(self, call: Call) -> bool:
        """Tell whether a node makes nothing: a view, or one that writes over its input."""
        facts = call.node.facts
        if facts.view and not facts.copies:
            return True
        return self.flows.writes_over(call) and self.segments.of(call.ins[0].maker) == self.segments.of(call)

    def keep(self, call: Call, now: int, *, again: bool) -> None:
        """Hold what the backward pass of a node reads until that has run: until the loss if it does not."""
        until = self.at["backward"].get(call.number, self.step.turn)
        for one in self.flows.keeps(call):
            if one.what in ("input", "output"):
                value = (call.ins if one.what == "input" else call.outs)[one.index]
                held = self.place(value, call, again=again)
            else:
                held = self.hold(Held(call.size(numel(one.shape)), one.dtype, call, now, now, again))
            held.last, held.kept = max(held.last, until), True

    def keep_outside(self, call: Call) -> None:
        """Hold what a segment reads from outside until it has run again."""
        until = self.at["again"].get(call.number, 0)
        for value in call.ins:
            if self.segments.of(value.maker) != self.segments.of(call):
                held = self.places[value, False]
                held.last, held.kept = max(held.last, until), True

    def loss(self, now: int) -> None:
        """Make the gradients of what the network gives back."""
        for value in dict.fromkeys(self.tape.outputs):
            held = self.places[value, False]
            held.last = max(held.last, now)
            if self.flows.needs(value):
                owner = value.maker.node if value.maker is not None else None
                made = Held(value.size, "float", None, now, now, users=1, gradient=True, owner=owner)
                self.gradients[value] = self.hold(made)

    def backward(self, call: Call, now: int) -> None:
        """Find the gradients of a node's inputs and weights from those of its outputs."""
        given = [self.gradients[value] for value in call.outs if value in self.gradients]
        for held in given:
            held.last = now
        if self.adds_up and call.node.facts.weights:
            made = total((numel(shape), 1) for shape in call.node.facts.weights.values())
            self.hold(Held(call.size(made), "gradient", call, now, now, gradient=True))
        for value in call.ins:
            if self.flows.needs(value) and not call.node.facts.stops:
                own = Held(value.size, "float", call, now, now, gradient=True)
                self.add(value, given[0] if hands_on(call, value) else self.hold(own), call, now)
        for value in call.outs:
            if value in self.gradients:
                self.gradients.pop(value).users -= 1

    def add(self, value: Value, new: Held, call: Call, now: int) -> None:
        """Add to the gradient of a tensor: the sum takes the place of what is nobody else's gradient."""
        old = self.gradients.get(value)
        if old is not None:
            old.last = now
            old.users -= 1
            if new.users:
                own = Held(value.size, "float", call, now, now, gradient=True)
                new = old if old is not new and not old.users else self.hold(own)
        new.users += 1
        self.gradients[value] = new


def hands_on(call: Call, value: Value) -> bool:
    """Tell whether a node's gradient for an input is the memory, or a part of it, of the gradient that it is given."""
    if any(call.node.facts.grad_input.values()) or len(call.outs) != 1:
        return False
    return len(call.ins) > 1 or value.size == call.outs[0].size


def _events(tape: Tape, segments: Segments, flows: Flows) -> Iterator[Event]:
    """Yield what runs in order."""
    yield from (Event("forward", call) for call in tape.calls)
    yield Event("loss", None)
    members: dict[int, list[Call]] = {}
    for call in tape.calls:
        if (own := segments.of(call)) is not None:
            members.setdefault(own, []).append(call)
    for call in reversed(tape.calls):
        if flows.runs_backward(call):
            own = segments.of(call)
            yield from (Event("again", one) for one in (members.pop(own, ()) if own is not None else ()))
            yield Event("backward", call)
