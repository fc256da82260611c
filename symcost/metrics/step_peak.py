"""The most that a training step has in memory at once besides weights, their gradients and the optimizer's state.

The amounts at all events of the schedule (``symcost.graph.step``) are formulas; the peak is the largest of them. With a
symbolic number of rounds they hold for three and more by ``symcost.graph.stacked``. Where fewer are allowed, these are
played too, and the formulas must come to the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from symcost.algebra.atoms import Box, Number
from symcost.algebra.maximum import Max, maximum
from symcost.algebra.poly import Num, atoms_of, constant, simplest, terms_of, total
from symcost.algebra.ranges import lower_bound
from symcost.checkpointing.section import Checkpointing
from symcost.errors import NoAnswer
from symcost.graph.assumptions import narrow_box
from symcost.graph.model import Graph
from symcost.graph.segments import segments
from symcost.graph.stacked import Counts, Sizes, amounts, check, kept
from symcost.graph.step import Held, Segments, Step, step
from symcost.graph.tape import ALIKE, Tape, tape
from symcost.metrics.basis import Basis, Ledger
from symcost.precisions.precision import Precision

ROLES = {"float": "activation", "bool": "mask", "index": "index", "gradient": "activation"}
"""The role, in a precision, of what is in memory; a weight's gradient comes as the backward pass makes it."""


@dataclass(frozen=True, eq=False)
class Played:
    """A schedule, and how many rounds there are of repetitions of which three are written out."""

    step: Step
    counts: Counts


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

    box, three = narrow_box(graph), how.play(graph)
    if three.counts:
        check(three.step, how.play(graph, dict.fromkeys(three.counts, ALIKE + 1)).step, three.counts, sizes)
        for few in _few(three.counts, box, how.checkpointing.together):
            _same(graph, how, three, few, sizes, box)
    return largest(amounts(three.step, three.counts, sizes), box)


def _few(counts: Counts, box: Box, together: Num) -> Iterator[dict[int, int]]:
    """Yield numbers of rounds below three that are allowed, of some repetitions or all."""
    symbolic = {n: count for n, count in counts.items() if constant(count) is None}
    choices = [[None, *range(_least(count, box, together), ALIKE)] for count in symbolic.values()]
    for chosen in product(*choices):
        few = {n: rounds for n, rounds in zip(symbolic, chosen, strict=True) if rounds is not None}
        if few:
            yield few


def _least(count: Num, box: Box, together: Num) -> int:
    """Return the least number of rounds, or of groups of them: where there are rounds there is a group."""
    low = max(lower_bound(count, box) or 0, min(lower_bound(count * together, box) or 0, 1))
    return max(-(-low.numerator // low.denominator), 0)


def _same(graph: Graph, how: How, three: Played, few: dict[int, int], sizes: Sizes, box: Box) -> None:
    """Make sure that the formulas for three rounds come to the same for fewer."""
    told = largest(amounts(three.step, {**three.counts, **few}, sizes), box)
    played = how.play(graph, few)
    if told != largest(amounts(played.step, played.counts, sizes), box):
        rounds = " and ".join(str(n) for n in few.values())
        raise NoAnswer(
            f"the memory of a training step has no one form in the number of rounds: with {rounds} it is another; "
            "fix the counts of repetitions with numbers"
        )


def largest(options: Iterable[Num], box: Box) -> Num:
    """Return the largest of several formulas, most of which are plainly below others."""
    left: list[Num] = []
    for option in dict.fromkeys(options):
        while left and _plainly_below(left[-1], option):
            left.pop()
        if not left or not _plainly_below(option, left[-1]):
            left.append(option)
    best = [x for x in left if not any(_plainly_below(x, other) for other in left if other is not x)]
    return maximum(best, box)


def _plainly_below(x: Num, other: Num) -> bool:
    """Tell whether another formula exceeds x by a sum of products of sizes."""
    gap = simplest(other - x)
    return all(c > 0 for c in terms_of(gap).values()) and not any(isinstance(atom, Max) for atom in atoms_of(gap))
