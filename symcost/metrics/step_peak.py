"""The most that a training step has in memory at once besides weights, their gradients and the optimizer's state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from symcost.algebra.atoms import Box, Number
from symcost.algebra.poly import Num, total
from symcost.checkpointing.section import Checkpointing
from symcost.errors import NoAnswer
from symcost.graph.assumptions import narrow_box
from symcost.graph.foretold import Foretold, Played, least_rounds
from symcost.graph.model import Graph
from symcost.graph.segments import segments
from symcost.graph.stacked import kept
from symcost.graph.step import Held, Segments, step
from symcost.graph.tape import Tape, tape
from symcost.metrics.basis import Basis, Ledger
from symcost.precisions.precision import Precision

ROLES = {"float": "activation", "bool": "mask", "index": "index", "gradient": "activation"}
"""The role, in a precision, of what is in memory; a weight's gradient comes as the backward pass makes it."""


@dataclass(frozen=True)
class How:
    """What a schedule depends on besides the network.

    Attributes:
        checkpointing: what runs again.
        adds_up: whether the gradients of several micro-batches are added up.
    """

    checkpointing: Checkpointing
    adds_up: bool

    def play(self, graph: Graph, written: Mapping[int, int] | None = None) -> Played:
        """Return the schedule, with some repetitions written out in other numbers than three."""
        made = tape(graph, written, together=self.checkpointing.together)
        played = step(made, self._segments(graph, made), adds_up=self.adds_up)
        return Played(played, {n: count for n, count in made.stacked.items() if n not in (written or {})})

    def least(self, graph: Graph, number: int, count: Num, box: Box) -> int:
        """Return the least number of rounds of a repetition; where there are some, of groups of them there is one."""
        found = least_rounds(count, box)
        grouped = number >= 0 and self.checkpointing.together != 1
        return max(found, min(least_rounds(graph.repeats[number].loop.count, box), 1)) if grouped else found

    def _segments(self, graph: Graph, made: Tape) -> Segments | None:
        again = self.checkpointing.again
        return None if again is None else segments(graph, made, again)


def widths(recipe: Precision) -> dict[str, Number]:
    """Return the bytes of an element of each kind of memory."""
    return {role: recipe.bytes(name) for role, name in ROLES.items()}


def how(ledger: Ledger | Basis) -> How:
    """Return how a step is run under a setup."""
    setup = ledger.setup
    wider = setup.precision.precision.bits("gradient") != setup.precision.precision.bits("activation")
    return How(setup.checkpointing, wider or setup.batching.micro_batches != 1)


def step_peak(ledger: Ledger) -> Num:
    """Return the bytes.

    Raises:
        NoAnswer: they have no form in the number of rounds.
    """
    recipe = ledger.setup.precision.precision
    if not recipe.trains:
        raise NoAnswer(f"precision {recipe} is for inference; train in mixed_bf16, for example")
    return _peak(ledger.graph, how(ledger), tuple(widths(recipe).items()))


def kept_rows(graph: Graph, basis: Ledger | Basis) -> Mapping[str, Num]:
    """Return the bytes that are kept under checkpointing when the loss runs, by the node in whose row they stand.

    What is made stands with what makes it, an input of the network with the first node that reads it.
    """
    return _kept_rows(graph, how(basis), tuple(widths(basis.setup.precision.precision).items()))


@lru_cache(maxsize=64)
def _kept_rows(graph: Graph, how: How, each: tuple[tuple[str, Number], ...]) -> Mapping[str, Num]:
    width, played = dict(each), how.play(graph)
    parts: dict[str, list[tuple[Num, Num]]] = {}
    for held, amount in kept(played.step, played.counts, lambda held: held.size * width[held.role]):
        assert held.row is not None  # what is kept is made, or read
        parts.setdefault(held.row.name, []).append((amount, 1))
    return {name: total(own) for name, own in parts.items()}


@lru_cache(maxsize=64)
def _peak(graph: Graph, how: How, each: tuple[tuple[str, Number], ...]) -> Num:
    width = dict(each)

    def sizes(held: Held) -> Num:
        return held.size * width[held.role]

    box = narrow_box(graph)
    least = {n: how.least(graph, n, count, box) for n, count in how.play(graph).counts.items()}
    return Foretold(lambda written: how.play(graph, written), sizes, box, least).peak()
