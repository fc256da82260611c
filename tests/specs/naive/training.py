"""A training step of a spec in plain numbers: every tensor by name, and who writes and reads it when.

An oracle for the memory of a training step that shares no code with symcost. Layers are taken down round by round as
the naive walk runs them; then the step is a list of moments, each with the cells of memory that it touches. A cell is
in memory from the first moment that touches it to the last. Layers: what the tests of memory are made of.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from tests.specs.naive.expressions import evaluate
from tests.specs.naive.memory import Buffer, Memory, Tensor, tensor
from tests.specs.naive.terms import Shape, Value
from tests.specs.naive.walk import Scope, Walk, bind, checked, read, sizes_of

HOLDS_WEIGHTS = {"linear", "layer_norm"}
KEEPS = {
    "linear": ("in",), "gelu": ("in",), "sigmoid": ("out",), "relu": ("out",), "tanh": ("out",), "mul": ("in",),
    "layer_norm": ("in", "row", "row"), "dropout": ("mask",), "add": (), "concat": (), "identity": (),
}  # fmt: skip
HANDS_ON = {"add", "concat", "identity"}


@dataclass(eq=False)
class Layer:
    """A layer that ran: its word, what it read and made, and the rounds around it."""

    word: str
    ins: list[Buffer]
    outs: list[Buffer]
    rounds: tuple[tuple[int, int], ...]
    units: int = 0


@dataclass
class Recorder(Memory):
    """Takes layers down instead of playing them."""

    layers: list[Layer] = field(default_factory=list)
    around: list[tuple[int, int]] = field(default_factory=list)
    entered: int = 0
    image: Buffer = field(default_factory=lambda: Buffer(0, 0, 0))

    def ran(self, word: str, ins: Value, outs: Value) -> Value:
        read = [self.buffer(shape) for shape in ins]
        made = read[:1] if word == "identity" else [Buffer(math.prod(shape), 0, 0) for shape in outs]
        self.layers.append(Layer(word, read, made, tuple(self.around), math.prod(outs[0][:-1])))
        self.now += 1
        return tuple(tensor(shape, buffer) for shape, buffer in zip(outs, made, strict=True))

    def buffer(self, shape: Shape) -> Buffer:
        if isinstance(shape, Tensor) and shape.buffer is not None:
            return shape.buffer
        self.image.size = math.prod(shape)
        return self.image

    def enter(self, value: Value) -> Value:
        self.entered += 1
        self.around.append((self.entered, 0))
        return value

    def handed_on(self, value: Value) -> None:
        run, place = self.around[-1]
        self.around[-1] = (run, place + 1)

    def leave(self) -> None:
        self.around.pop()


def layers(path: Path, **values: object) -> tuple[list[Layer], list[Buffer], Buffer]:
    """Return the layers of a spec, what it gives back, and its input."""
    spec = read(path)
    symbols = bind(spec, None, values)
    tensors = {name: (checked(evaluate(sizes, symbols)),) for name, sizes in spec["inputs"].items()}
    (start,) = tensors.values()
    memory = Recorder()
    walk = Walk(symbols, spec.get("blocks", {}), memory=memory)
    scope = Scope({**symbols, **sizes_of(start, "in")}, dict(tensors))
    value = walk.run(spec["model"], start, scope)
    outputs = sum(map(scope.read, spec["outputs"]), ()) if "outputs" in spec else value
    memory.image.size = math.prod(start[0])
    return memory.layers, [memory.buffer(shape) for shape in outputs], memory.image


@dataclass
class Cells:
    """Cells of memory: their bytes, and the first and the last moment that touch each."""

    bytes: dict[object, int] = field(default_factory=dict)
    first: dict[object, int] = field(default_factory=dict)
    last: dict[object, int] = field(default_factory=dict)

    def touch(self, cell: object, now: int, size: int = 0) -> object:
        self.bytes.setdefault(cell, size)
        self.first[cell] = min(self.first.get(cell, now), now)
        self.last[cell] = max(self.last.get(cell, now), now)
        return cell

    def peak(self) -> int:
        moments = range(max(self.last.values()) + 1)
        return max(
            sum(size for cell, size in self.bytes.items() if self.first[cell] <= now <= self.last[cell])
            for now in moments
        )


@dataclass
class Training:
    """A training step: bytes of a number and of a truth value; which layers run again, as sets that run together."""

    found: list[Layer]
    outputs: list[Buffer]
    image: Buffer
    number: int = 4
    truth: int = 1
    adds_up: bool = False
    again: list[list[Layer]] = field(default_factory=list)

    def peak(self) -> int:
        self.cells, self.now = Cells(), 0
        self.over = {layer for layer in self.found if self.writes_over(layer)}
        self.home: dict[tuple[Buffer, int], object] = {}
        self.segment = {layer: n for n, part in enumerate(self.again, 1) for layer in part}
        self.cells.touch(self.image, 0, self.number * self.image.size)
        self.home[self.image, 0] = self.image
        for layer in self.found:
            self.forward(layer, 0, keep=layer not in self.segment)
        self.back()
        self.cells.touch(self.image, self.now - 1)
        return self.cells.peak()

    def makers(self) -> dict[Buffer, Layer]:
        return {made: layer for layer in reversed(self.found) for made in layer.outs if layer.word != "identity"}

    def trained(self, buffer: Buffer) -> bool:
        """Tell whether some layer with weights stands before a buffer."""
        maker = self.makers().get(buffer)
        return maker is not None and (maker.word in HOLDS_WEIGHTS or any(map(self.trained, maker.ins)))

    def flows(self, layer: Layer) -> bool:
        return layer.word in HOLDS_WEIGHTS or any(map(self.trained, layer.ins))

    def keeps(self, layer: Layer) -> tuple[str, ...]:
        return KEEPS[layer.word] if self.flows(layer) else ()

    def writes_over(self, layer: Layer) -> bool:
        maker = self.makers().get(layer.ins[0])
        if layer.word != "relu" or maker is None or maker.rounds != layer.rounds or "out" in self.keeps(maker):
            return False
        touching = [other for other in self.found if layer.ins[0] in other.ins]
        return touching == [layer] and layer.ins[0] not in self.outputs

    def at(self, buffer: Buffer, reader: Layer, run: int) -> object:
        """Return the cell of a buffer for a reader in its first run (0), or a later one of its segment."""
        return self.home[buffer, run] if run and (buffer, run) in self.home else self.home[buffer, 0]

    def forward(self, layer: Layer, run: int, *, keep: bool) -> None:
        now = self.now
        for buffer in layer.ins:
            self.cells.touch(self.at(buffer, layer, run), now)
        if layer.word != "identity":
            for made in layer.outs:
                own = layer in self.over and self.segment.get(self.makers()[layer.ins[0]]) == self.segment.get(layer)
                cell: object = self.at(layer.ins[0], layer, run) if own else ("made", made, run)
                self.home[made, run] = self.cells.touch(cell, now, self.number * made.size)
        if keep:
            self.kept[layer] = self.cells_kept(layer, run, now)
        self.now += 1

    def cells_kept(self, layer: Layer, run: int, now: int) -> list[object]:
        cells: list[object] = []
        for n, what in enumerate(self.keeps(layer)):
            if what in ("in", "out"):
                cells += [self.at(b, layer, run) for b in (layer.ins if what == "in" else layer.outs)]
            elif what == "mask":
                cells.append(self.cells.touch((layer, n), now, self.truth * layer.outs[0].size))
            else:
                cells.append(self.cells.touch((layer, n), now, self.number * layer.units))
        return cells

    @property
    def kept(self) -> dict[Layer, list[object]]:
        return self.__dict__.setdefault("_kept", {})  # type: ignore[no-any-return]

    def back(self) -> None:
        """Run the loss and the backward pass."""
        gradient: dict[Buffer, object] = {}
        owners: dict[object, set[Buffer]] = defaultdict(set)
        for n, buffer in enumerate(dict.fromkeys(self.outputs)):
            self.cells.touch(self.home[buffer, 0], self.now)
            if self.trained(buffer):
                gradient[buffer] = self.cells.touch(("loss", n), self.now, self.number * buffer.size)
                owners[gradient[buffer]].add(buffer)
        self.now += 1
        done: set[int] = set()
        for layer in reversed(self.found):
            given = [gradient[made] for made in layer.outs if made in gradient]
            if not given or not self.flows(layer):
                continue
            run = self.segment.get(layer, 0)
            if run and run not in done:
                done.add(run)
                for other in self.again[run - 1]:
                    self.forward(other, run, keep=True)
            self.one_back(layer, given, gradient, owners)

    def one_back(
        self, layer: Layer, given: list[object], gradient: dict[Buffer, object], owners: dict[object, set[Buffer]]
    ) -> None:
        for cell in (*given, *self.kept[layer]):
            self.cells.touch(cell, self.now)
        if self.adds_up and layer.word in HOLDS_WEIGHTS:
            width = layer.outs[0].size // layer.units
            weights = width * (layer.ins[0].size // layer.units + 1) if layer.word == "linear" else 2 * width
            self.cells.touch((layer, "weights"), self.now, self.number * weights)
        if layer.word != "identity":
            made = [(n, buffer) for n, buffer in enumerate(layer.ins) if self.trained(buffer)]
            for n, buffer in made:
                fresh = ("gradient", layer, n)
                cell = given[0] if layer.word in HANDS_ON else fresh
                self.add(buffer, cell, fresh, gradient, owners)
            for out in layer.outs:
                owners[gradient[out]].discard(out)
                del gradient[out]
        self.now += 1

    def add(
        self, buffer: Buffer, cell: object, fresh: object, gradient: dict[Buffer, object],
        owners: dict[object, set[Buffer]],
    ) -> None:  # fmt: skip
        """Give a buffer one more gradient: where two meet, the sum is written where nobody else looks."""
        size = self.number * buffer.size
        self.cells.touch(cell, self.now, size)
        if buffer in gradient:
            old = gradient[buffer]
            self.cells.touch(old, self.now)
            owners[old].discard(buffer)
            free = [one for one in (cell, old) if not owners[one] and (one is not old or cell is not old)]
            cell = self.cells.touch(free[0] if free else (fresh, "sum"), self.now, size)
        gradient[buffer] = cell
        owners[cell].add(buffer)
