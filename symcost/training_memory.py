"""The peak of a training step at given sizes: while what runs, and what is in memory then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from symcost.algebra.atoms import Number, exact
from symcost.algebra.poly import evaluate
from symcost.architecture import Architecture, cost_of
from symcost.cost import Cost
from symcost.errors import NoAnswer
from symcost.graph.foretold import Played
from symcost.graph.stacked import spans
from symcost.graph.step import Event, Held
from symcost.graph.tape import MOST_WRITTEN
from symcost.metrics.step_peak import how, widths
from symcost.picture.memory import Moment
from symcost.picture.words import listed
from symcost.table import Column, Table, Tabled
from symcost.table.model import Share

if TYPE_CHECKING:
    from matplotlib.axes import Axes

METRIC = "step_peak_bytes"
MOST_DRAWN = 500
"""Rounds of repetitions beyond which a step is not drawn."""
PHASES = {"forward": "runs forward", "loss": "the loss runs", "again": "runs again", "backward": "runs backward"}
KINDS = {
    "input": "input of the network",
    "kept": "kept for the backward pass",
    "made": "made and not kept",
    "gradient": "gradient",
}
"""What a piece of memory is, by the word that stands for it."""


@dataclass(frozen=True)
class Part:
    """Bytes that are in memory at the peak: of which node, and what they are (one of ``KINDS``)."""

    node: str
    kind: str
    bytes: Number


class Stay(NamedTuple):
    """A piece of memory with its bytes, from one event to another."""

    held: Held
    bytes: Fraction
    first: int
    last: int


@dataclass(frozen=True)
class TrainingPeak(Tabled):
    """The peak of a training step, besides weights, their gradients and the optimizer's state.

    Attributes:
        name: of the network.
        at: the value of every size.
        value: bytes.
        phase: what runs, one of ``PHASES``.
        node: the node that does; empty for the loss.
        parts: what is in memory, in the order in which it is made; the rounds of a repetition together.
        cost: of the network.
    """

    name: str
    at: Mapping[str, Number]
    value: Number
    phase: str
    node: str
    parts: tuple[Part, ...] = field(repr=False)
    cost: Cost = field(repr=False, compare=False)

    def __str__(self) -> str:
        sums = {kind: sum(Fraction(p.bytes) for p in self.parts if p.kind == kind) for kind in KINDS}
        held = ", ".join(f"{exact(sums[kind]):,} {about}" for kind, about in KINDS.items() if sums[kind])
        runs = f"{self.node} {PHASES[self.phase]}".strip()
        return f"{self.value:,} bytes at most, first while {runs}: {held}"

    def table(self) -> Table:
        """Return a row for what each node has in memory."""
        share = Column("share of the peak", kind="share")
        columns = (Column("of", kind="text"), Column("what", kind="text"), Column("bytes"), share)
        whole = Fraction(self.value or 1)
        rows = tuple((p.node, KINDS[p.kind], p.bytes, Share(Fraction(p.bytes) / whole)) for p in self.parts)
        return Table(columns, rows, str(self), ("total", "", self.value, None))

    def moments(self) -> list[Moment]:
        """Return for everything that runs in a step, round by round, the bytes in memory by what they are.

        Raises:
            NoAnswer: too many nodes run to be played one by one.
        """
        return _moments(self.cost, self.at)

    def draw(self, ax: Axes | None = None) -> Axes:
        """Draw what is in memory while one thing after the other runs, and return the axes drawn on; needs matplotlib.

        Args:
            ax: what to draw on, new axes by default.

        Raises:
            NoAnswer: too many nodes run to be played one by one.
        """
        from symcost.picture.memory import draw

        title = f"{self.name}, a training step{listed(self.at)}: without weights, their gradients and optimizer state"
        return draw(self.moments(), KINDS, "bytes", title, ax)

    def to_json(self) -> dict[str, Any]:
        """Return the peak as JSON takes it."""
        return {
            "metric": METRIC,
            "unit": "bytes",
            "value": str(self.value),
            "phase": self.phase,
            "node": self.node,
            "live": [{"node": p.node, "what": p.kind, "bytes": str(p.bytes)} for p in self.parts],
        }


def training_peak(cost: Cost | Architecture, at: Mapping[str, Number | str] | None = None) -> TrainingPeak:
    """Return the peak of a training step at given sizes, and what makes it.

    Args:
        cost: of a network, under a setup that says its precision and what is checkpointed.
        at: values of sizes, exact; defaults fill the rest.

    Raises:
        SpecError: a value is refused.
        NoAnswer: rounds in a symbolic number differ in size.
    """
    cost = cost_of(cost)
    env = cost.bindings(at)
    played = _played(cost, env)
    found = _stays(cost, played, env)
    changes = [Fraction(0)] * (len(played.step.events) + 1)
    for stay in found:
        changes[stay.first] += stay.bytes
        changes[stay.last + 1] -= stay.bytes
    now, value = _largest(changes)
    event = played.step.events[now]
    return TrainingPeak(cost.name, env, exact(value), event.phase, _runs(event), _parts(found, now), cost)


def _stays(cost: Cost, played: Played, env: Mapping[str, Number]) -> list[Stay]:
    each = widths(cost.setup.precision.precision)
    return [
        Stay(held, Fraction(evaluate(amount, env)), first, last)
        for held, (amount, first, last) in spans(played.step, played.counts, lambda held: held.size * each[held.role])
    ]


def _moments(cost: Cost, env: Mapping[str, Number]) -> list[Moment]:
    """Return what is in memory at each event, with all rounds written out."""
    way = how(cost)
    counts = {n: int(evaluate(count, env)) for n, count in way.play(cost.graph).counts.items()}
    if sum(counts.values()) > MOST_DRAWN:
        raise NoAnswer(f"{cost.name}: more than {MOST_DRAWN} rounds are too many to be drawn one by one")
    played = way.play(cost.graph, counts)
    changes: list[dict[str, Fraction]] = [{} for _ in range(len(played.step.events) + 1)]
    for held, amount, first, last in _stays(cost, played, env):
        for now, change in ((first, amount), (last + 1, -amount)):
            changes[now][_kind(held)] = changes[now].get(_kind(held), Fraction(0)) + change
    here, found = dict.fromkeys(KINDS, Fraction(0)), []
    for event, own in zip(played.step.events, changes, strict=False):
        here = {kind: amount + own.get(kind, 0) for kind, amount in here.items()}
        runs = f"{_runs(event)} {PHASES[event.phase]}".strip()
        phase = "forward" if event.phase == "forward" else "loss and\nbackward"
        found.append(Moment(phase, runs, {kind: exact(amount) for kind, amount in here.items()}))
    return found


def _parts(found: list[Stay], now: int) -> tuple[Part, ...]:
    parts: dict[tuple[str, str], Fraction] = {}
    for held, amount, first, last in found:
        if first <= now <= last and amount:
            key = _node(held), _kind(held)
            parts[key] = parts.get(key, Fraction(0)) + amount
    return tuple(Part(node, kind, exact(amount)) for (node, kind), amount in parts.items())


def _played(cost: Cost, env: Mapping[str, Number]) -> Played:
    """Return the schedule in numbers of rounds, few ones written out."""
    way = how(cost)
    counts = {n: int(evaluate(count, env)) for n, count in way.play(cost.graph).counts.items()}
    played = way.play(cost.graph, {n: rounds for n, rounds in counts.items() if rounds <= MOST_WRITTEN})
    return Played(played.step, {n: counts[n] for n in played.counts})


def _largest(changes: list[Fraction]) -> tuple[int, Fraction]:
    """Return the first event with the most in memory, and how much that is."""
    best, most, here = 0, Fraction(0), Fraction(0)
    for now, change in enumerate(changes[:-1]):
        here += change
        if here > most:
            best, most = now, here
    return best, most


def _runs(event: Event) -> str:
    return "" if event.call is None else event.call.node.name


def _node(held: Held) -> str:
    return "" if held.row is None else held.row.name


def _kind(held: Held) -> str:
    if held.gradient:
        return "gradient"
    if held.call is None:
        return "input"
    return "kept" if held.kept else "made"
