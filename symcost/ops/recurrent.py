"""Recurrent layers: what torch's three have in common, layer by layer and direction by direction.

One direction of one layer reads n = B T vectors of width I and hands a state of width P from step to step (P is the
hidden width H, or the width it is projected to). Its gates are G H rows of two matrices, as torch writes them::

    W_ih x + b_ih + W_hh h + b_hh         n G H (I + P) MACs; add n G H, and 2 n G H for the biases
    what the cell makes of them           by kind, for each of n H units
    W_hr (o tanh(c))                      n H P MACs, where the state is projected

and on the way back, from the gradients of the gates::

    W_ih^T g, the gradient of x           n G H I MACs
    W_hh^T g, the gradient of h           B G H P MACs for each step but the first, whose h is the given state or zero;
                                          add B P where it meets the gradient of the output, at each step but the last
    g x^T and g h^T, of the weights       n G H (I + P) MACs, from all steps at once; for the projection n H P each

The gradients that go from step to step and from layer to layer are made for the weights, whether or not the input
wants one, and are counted with them; with the input are only its own and that of the given state.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from symcost.algebra.needs import Equal, Need
from symcost.algebra.poly import Num, total
from symcost.ops.facts import INPUT, OUTPUT, Facts, Kept, Shape, Work
from symcost.ops.fields import Flag, Size
from symcost.ops.op import Axes, Op, Refused, shown
from symcost.ops.window import fixed
from symcost.ops.work import plus, times

MOST_LAYERS = 1_000
"""Layers of one op, which are gone through one by one."""


class Cell(NamedTuple):
    """What one unit does at one step, besides the sums of gates and biases.

    Attributes:
        gates: rows of the weights for each unit.
        work: forward work by kind.
        back: work from the gradients of the state to those of the gates.
        again: forward work that the way back does once more.
        stays: additions where the gradient of the state through the weights meets one that passes them by.
        joins: additions at each step but the last, where the later step's gradient of the memory joins.
        bias_sums: numbers for each unit that are summed over all steps for the gradients of the biases.
        keeps: tensors kept for each unit, by name, and how many numbers each.
    """

    gates: int
    work: Work
    back: Work
    again: Work
    stays: int
    joins: int
    bias_sums: int
    keeps: dict[str, int]


class Run(NamedTuple):
    """One direction of one layer: its sizes and what it costs.

    Attributes:
        batch: sequences B.
        steps: steps T.
        wide: width of what it reads, I.
        hidden: units H.
        state: width of what goes from step to step, P.
    """

    cell: Cell
    batch: Num
    steps: Num
    wide: Num
    hidden: Num
    state: Num
    bias: bool
    projected: bool

    @property
    def gates(self) -> Num:
        return self.cell.gates * self.hidden

    @property
    def n(self) -> Num:
        return self.batch * self.steps

    def weights(self) -> dict[str, Shape]:
        gates, biases = self.gates, {"bias_ih": (self.gates,), "bias_hh": (self.gates,)}
        return {
            "weight_ih": (gates, self.wide),
            "weight_hh": (gates, self.state),
            **(biases if self.bias else {}),
            **({"weight_hr": (self.state, self.hidden)} if self.projected else {}),
        }

    def forward(self) -> Work:
        sums = {"add": self.n * self.gates * (3 if self.bias else 1)}
        macs = {"mac": self.n * self.gates * (self.wide + self.state) + self._projection()}
        return plus(macs, sums, self.each(self.cell.work))

    def contracted(self) -> Num:
        """Return the elements that products write: gates from x and from h, and what is projected."""
        return self.n * (2 * self.gates + (self.state if self.projected else 0))

    def to_input(self) -> Work:
        return {"mac": self.n * self.gates * self.wide}

    def to_given_state(self) -> Work:
        return plus({"mac": self.batch * self.gates * self.state}, {"add": self.batch * self.cell.stays * self.hidden})

    def through_steps(self) -> Work:
        """Return the work of the gradients that go back from step to step, to those of the gates."""
        later, joined = self.n - self.batch, (self.cell.stays + self.cell.joins) * self.hidden
        macs = {"mac": later * self.gates * self.state + self._projection()}
        return plus(macs, {"add": later * (self.state + joined)}, self.each(self.cell.back))

    def to_weights(self) -> Work:
        macs = {"mac": self.n * self.gates * (self.wide + self.state) + self._projection()}
        return plus(macs, {"add": (self.n - 1) * self.cell.bias_sums * self.hidden} if self.bias else {})

    def each(self, work: Work) -> Work:
        """Return the work of doing something for each unit at each step."""
        return times(self.n * self.hidden, work)

    def keeps(self, name: str) -> Iterator[Kept]:
        for what, each in self.cell.keeps.items():
            yield Kept(f"{what}_{name}", shape=(self.steps, self.batch, each * self.hidden))
        if self.projected:
            yield Kept(f"unprojected_{name}", shape=(self.steps, self.batch, self.hidden))

    def _projection(self) -> Num:
        return self.n * self.hidden * self.state if self.projected else 0


class Recurrent(Op):
    """What the three layers share; the subclasses say what a cell is and how many tensors its state has."""

    states: ClassVar[int] = 1

    hidden_size: Size
    num_layers: Size = 1
    bias: Flag = True
    batch_first: Flag = False
    bidirectional: Flag = False

    def cell(self) -> Cell:
        """Return what one unit does at one step."""
        raise NotImplementedError

    def projected_to(self) -> Num | None:
        """Return the width that states are projected to, None where they are not."""
        return None

    def patterns(self, given: int) -> tuple[str, ...]:
        """Return the signature: a sequence, or a sequence and the state to begin with."""
        first = "B T E" if self.batch_first else "T B E"
        return (first, *(["d B P", "d B H"][: self.states] if given > 1 else ()))

    def emit(self, a: Axes) -> Facts:
        runs, given = list(self._runs(a)), len(a.ins) > 1
        state, depth = runs[-1][2].state, len(runs)
        first = [run for _, layer, run in runs if layer == 0]
        out = (*a.ins[0][:2], state * len(first))
        ends = ((depth, a.B, state), (depth, a.B, self.hidden_size))[: self.states]
        inner = (Kept(f"output_l{i}", shape=out) for i in range(depth // len(first) - 1))
        states = (Kept("input", 1 + i) for i in range(self.states)) if given else ()
        shared = plus(*(run.through_steps() for _, _, run in runs), *self._between(runs))
        return Facts(
            outs=(out, *ends),
            work=plus(*(run.forward() for _, _, run in runs)),
            weights={f"{key}_{name}": shape for name, _, run in runs for key, shape in run.weights().items()},
            grad_input=plus(
                *(run.to_input() for run in first),
                *(_met(first)),
                *(run.to_given_state() for _, _, run in runs if given),
            ),
            grad_weight=plus(shared, *(run.to_weights() for _, _, run in runs)),
            shared=shared,
            contracted=total((run.contracted(), 1) for _, _, run in runs),
            again=plus(*(run.each(run.cell.again) for _, _, run in runs)),
            keeps=(INPUT, *states, *inner, OUTPUT, *(kept for name, _, run in runs for kept in run.keeps(name))),
            needs=self._starts(a, ends) if given else (),
        )

    def _runs(self, a: Axes) -> Iterator[tuple[str, int, Run]]:
        """Yield every direction of every layer: torch's name for it, the number of the layer, and its sizes."""
        projected = self.projected_to()
        state = self.hidden_size if projected is None else projected
        ways = ("", "_reverse") if self.bidirectional else ("",)
        layers = fixed(self.num_layers, "num_layers")
        if layers > MOST_LAYERS:
            raise Refused(f"num_layers is {layers:,}, the most are {MOST_LAYERS:,}; repeat one layer with `repeat`")
        for layer in range(layers):
            wide = a.E if layer == 0 else state * len(ways)
            for way in ways:
                sizes = (a.B, a.T, wide, self.hidden_size, state)
                yield f"l{layer}{way}", layer, Run(self.cell(), *sizes, self.bias, projected is not None)

    def _between(self, runs: list[tuple[str, int, Run]]) -> Iterator[Work]:
        """Yield the work of the gradients that go from a layer to the one below."""
        for layer in range(1, runs[-1][1] + 1):
            above = [run for _, number, run in runs if number == layer]
            yield from (run.to_input() for run in above)
            yield from _met(above)

    def _starts(self, a: Axes, ends: tuple[Shape, ...]) -> tuple[Need, ...]:
        """Return the conditions that the state to begin with has the shape of the one at the end."""
        pairs = [pair for given, end in zip(a.ins[1:], ends, strict=True) for pair in zip(given, end, strict=True)]
        needs = tuple(Equal(x, y) for x, y in pairs if x != y)
        if any(need.decide({}) is False for need in needs):
            shapes = " and ".join(map(shown, ends))
            raise Refused(f"begins with a state of {shapes}, got {' and '.join(map(shown, a.ins[1:]))}")
        return needs


def _met(ways: list[Run]) -> Iterator[Work]:
    """Yield the additions where the gradients of two directions meet at what both have read."""
    yield from ({"add": run.n * run.wide} for run in ways[1:])
