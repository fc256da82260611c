"""What is in memory while layers run one after the other: buffers, when they are made and when they are last read."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from tests.specs.naive.terms import Shape, Value

VIEWS = frozenset(
    {
        *("crop", "dropout", "dropout2d", "flatten", "identity", "kv_cache"),
        *("reshape", "squeeze", "unsqueeze", "broadcast_to", "transpose", "permute", "split", "chunk", "select"),
    }
)
IN_PLACE = frozenset({"relu", "relu6", "hardtanh", "leaky_relu", "silu", "hardswish", "hardsigmoid"})


@dataclass(eq=False)
class Buffer:
    """Elements in memory, from the step that makes them to the last that reads them."""

    size: int
    born: int
    last: int


@dataclass(eq=False)
class Loop:
    """A repetition that runs: where it began, and what it reads from outside."""

    began: int
    captured: list[Buffer] = field(default_factory=list)


class Tensor(tuple[int, ...]):
    """A shape that knows its buffer, None for an input of the network, and the loops that hand it on."""

    buffer: Buffer | None = None
    through: frozenset[Loop] = frozenset()


def tensor(shape: Shape, buffer: Buffer | None, through: frozenset[Loop] = frozenset()) -> Tensor:
    made = Tensor(shape)
    made.buffer, made.through = buffer, through
    return made


@dataclass
class Memory:
    """The buffers of a run."""

    now: int = 0
    buffers: list[Buffer] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)
    over: list[tuple[int, Buffer, Buffer]] = field(default_factory=list)

    def ran(self, word: str, ins: Value, outs: Value) -> Value:
        """Take note of a layer that ran, and return what it made."""
        read = [self.read(shape) for shape in ins]
        made: list[Shape] = []
        for shape in outs:
            if word in VIEWS:
                made.append(tensor(shape, read[0], getattr(ins[0], "through", frozenset())))
                continue
            buffer = Buffer(math.prod(shape), self.now, self.now)
            self.buffers.append(buffer)
            made.append(tensor(shape, buffer))
            if word in IN_PLACE and read[0] is not None:
                self.over.append((self.now, read[0], buffer))
        self.now += 1
        return tuple(made)

    def read(self, shape: Shape, ago: int = 0) -> Buffer | None:
        """Read a tensor now, or some steps ago, which holds it in the loops that it comes into from outside."""
        if not isinstance(shape, Tensor) or shape.buffer is None:
            return None
        shape.buffer.last = max(shape.buffer.last, self.now - ago)
        for loop in self.loops:
            if loop not in shape.through and shape.buffer.born < loop.began:
                loop.captured.append(shape.buffer)
        return shape.buffer

    def enter(self, value: Value) -> Value:
        """Begin a repetition, and return what its first round is handed."""
        self.loops.append(Loop(self.now))
        return tuple(self._through(shape) for shape in value)

    def _through(self, shape: Shape) -> Shape:
        if not isinstance(shape, Tensor):
            return shape
        return tensor(shape, shape.buffer, shape.through | {self.loops[-1]})

    def handed_on(self, value: Value) -> None:
        """Hold what a round hands on until it has ended."""
        for shape in value:
            self.read(shape, ago=1)

    def leave(self) -> None:
        """End a repetition."""
        for buffer in self.loops.pop().captured:
            buffer.last = max(buffer.last, self.now - 1)

    def peak(self, outputs: Value) -> int:
        """Return the most elements at once, where what is given back stays."""
        for shape in outputs:
            self.read(shape)
        under: dict[Buffer, Buffer] = {}
        for at, source, made in self.over:
            found = under.get(source, source)
            if found.last == at and found.size == made.size:
                found.last, under[made] = made.last, found
        change = [0] * (self.now + 2)
        for buffer in self.buffers:
            if buffer not in under:
                change[buffer.born] += buffer.size
                change[buffer.last + 1] -= buffer.size
        most = here = 0
        for amount in change[: self.now]:
            here += amount
            most = max(most, here)
        return most
