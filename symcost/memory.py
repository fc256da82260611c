"""Peak memory at given sizes: how much, while which node runs, what is held then, and where another branch takes over.

The peak is the largest of a few formulas, its branches. Each is a polynomial with floors, so that a branch can be
differentiated and solved as any other metric; which of them is the largest depends on the sizes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symcost.algebra.atoms import Number, exact
from symcost.algebra.maximum import Max
from symcost.algebra.poly import Num, evaluate, substitute, terms_of
from symcost.algebra.printing import text
from symcost.architecture import Architecture, cost_of
from symcost.calculus.axis import Axis
from symcost.calculus.crossing import crossover
from symcost.calculus.gradient import derivative
from symcost.cost import Cost
from symcost.errors import NoAnswer
from symcost.graph.live import Event, Held
from symcost.graph.schedule import schedule
from symcost.metrics.metric import metric
from symcost.metrics.peak import Moment as Most
from symcost.metrics.peak import moments
from symcost.picture.memory import Moment
from symcost.picture.words import listed
from symcost.solver.condition import GaveUp
from symcost.solver.domain import Range
from symcost.table import Column, Table, Tabled
from symcost.table.model import Share

if TYPE_CHECKING:
    from matplotlib.axes import Axes

METRIC = "peak_activations"
MOST_REACHES = 200
ROLES = {"later": "held for later nodes", "read": "read here for the last time", "made": "made here"}
"""What a tensor in memory is to the node that runs, by the word that stands for it."""


@dataclass(frozen=True)
class Live:
    """A tensor in memory: the node that made it, and its elements."""

    node: str
    elements: Number


@dataclass(frozen=True)
class Branch:
    """One of the formulas that the peak is the largest of.

    Attributes:
        formula: elements.
        value: at the sizes given.
        nodes: while which nodes just this is in memory.
        active: whether it is the largest at these sizes.
    """

    formula: Num
    value: Number
    nodes: tuple[str, ...]
    active: bool

    def derivative(self, size: str) -> Num:
        """Return the derivative of the branch's smooth form by a size.

        Raises:
            UsageError: it has none.
        """
        return derivative(self.formula, size)


@dataclass(frozen=True)
class Reach:
    """Values of a size, from first to last (None without end), for which a branch is the largest."""

    first: Number
    last: Number | None
    branch: Num


@dataclass(frozen=True)
class Peak(Tabled):
    """The peak at given sizes.

    Attributes:
        name: of the network.
        at: the value of every size.
        value: elements.
        node: the first node while which they are in memory.
        rounds: of the repetitions around it, by index; the first is 0.
        live: what is in memory then, in the order in which it was made.
        branches: the formulas of which the peak is the largest, the largest here first.
    """

    name: str
    at: Mapping[str, Number]
    value: Number
    node: str
    rounds: Mapping[str, Number]
    live: tuple[Live, ...]
    branches: tuple[Branch, ...]
    cost: Cost = field(repr=False, compare=False)

    def along(self, size: str, between: Range | None = None) -> tuple[Reach, ...]:
        """Return which branch is the largest for which values of a size, all others as they are here.

        Args:
            size: the size that grows.
            between: least and greatest value to look at, None for no such end.

        Raises:
            UsageError: there is no such size, or the range is none.
            NoAnswer: the branches change places more often than can be listed, or no value was found that is allowed.
        """
        axis = Axis.of_cost(self.cost, size, self.at, between)
        low, high, step = axis.domain.low, axis.domain.high, axis.domain.step
        end = None if high is None else exact(step * high)
        try:
            here = axis.after(exact(step * (low - 1)))
        except GaveUp:
            raise NoAnswer(f"gave up on the least value of {size} that is allowed; give a range") from None
        found: list[Reach] = []
        while here is not None:
            branch = self._largest({**self.at, size: here})
            ends = [self._overtaken(branch, other.formula, size, here, between) for other in self.branches]
            last, after = min(ends, key=lambda end: (end[1] is None, end[1] or 0))
            found.append(Reach(here, end if after is None else last, branch))
            here = after
            if len(found) > MOST_REACHES:
                raise NoAnswer(f"the largest branch changes more than {MOST_REACHES} times; give a range")
        return tuple(found)

    def _largest(self, env: Mapping[str, Number]) -> Num:
        return max((branch.formula for branch in self.branches), key=lambda formula: evaluate(formula, env))

    def _overtaken(
        self, branch: Num, other: Num, size: str, start: Number, between: Range | None
    ) -> tuple[Number | None, Number | None]:
        """Return the last value from a start on before another branch is larger, and the first where it is."""
        if other == branch:
            return None, None
        top = None if between is None else between[1]
        met = crossover(branch, other, size, of=self.cost, at=self.at, between=(start, top))
        last: Number | None = None
        for span in met.spans or ():
            if span.relation == "<":
                return last, span.first
            last = span.last
        return None, None

    def __str__(self) -> str:
        rounds = ", ".join(f"{index} = {value}" for index, value in self.rounds.items())
        where = f"{self.node}{f' ({rounds})' if rounds else ''}"
        held = ", ".join(f"{live.elements:,} of {live.node}" for live in self.live)
        return f"{self.value:,} elements at most, first while {where} runs: {held or 'nothing'}"

    def table(self) -> Table:
        """Return a row for each tensor that is in memory at the peak."""
        columns = (Column("tensor of", kind="text"), Column("elements"), Column("share of the peak", kind="share"))
        rows = tuple((live.node, live.elements, self._share(live)) for live in self.live)
        return Table(columns, rows, "", ("total", self.value, None))

    def moments(self) -> list[Moment]:
        """Return for every node that runs, round by round, the elements in memory by their role, one of ``ROLES``.

        Raises:
            NoAnswer: too many nodes run to be played one by one.
        """
        plan = schedule(self.cost.graph, one_by_one=True, at=self.at)
        found = []
        for now, (event, live) in enumerate(zip(plan.events, plan.live(), strict=True)):
            held: dict[str, Number] = {}
            for tensor in live:
                role = _role(tensor, now)
                held[role] = held.get(role, 0) + evaluate(tensor.size, {})
            found.append(Moment("forward", f"{_named(event, self.at)} runs", held))
        return found

    def draw(self, ax: Axes | None = None) -> Axes:
        """Draw what is in memory while one node after the other runs, and return the axes drawn on; needs matplotlib.

        Args:
            ax: what to draw on, new axes by default.

        Raises:
            NoAnswer: too many nodes run to be played one by one.
        """
        from symcost.picture.memory import draw

        given = listed(self.at)
        title = f"{self.name}, evaluated{given}: activations, without weights and inputs"
        return draw(self.moments(), ROLES, metric(METRIC).unit, title, ax)

    def branches_table(self, size: str = "") -> Table:
        """Return a row for each branch, with its derivative by a size where one is named."""
        columns = [Column("branch", kind="formula"), Column("here"), Column("while", kind="text")]
        rows = [(branch.formula, branch.value, _few(branch.nodes)) for branch in self.branches]
        if not size:
            return Table(tuple(columns), tuple(rows))
        slopes = [(*row, branch.derivative(size)) for row, branch in zip(rows, self.branches, strict=True)]
        return Table((*columns, Column(f"by {size}", kind="formula")), tuple(slopes))

    def to_json(self) -> dict[str, Any]:
        """Return the peak as JSON takes it."""
        return {
            "metric": METRIC,
            "unit": metric(METRIC).unit,
            "value": str(self.value),
            "node": self.node,
            "rounds": {index: str(value) for index, value in self.rounds.items()},
            "live": [{"node": live.node, "elements": str(live.elements)} for live in self.live],
            "branches": [
                {"formula": text(b.formula), "value": str(b.value), "active": b.active, "nodes": list(b.nodes)}
                for b in self.branches
            ],
        }

    def _share(self, live: Live) -> Share:
        return Share(Fraction(live.elements) / Fraction(self.value or 1))


def peak(cost: Cost | Architecture, at: Mapping[str, Number | str] | None = None) -> Peak:
    """Return the peak memory of an evaluation at given sizes, and what makes it.

    Args:
        cost: of a network, or the network itself.
        at: values of sizes, exact; defaults fill the rest.

    Raises:
        SpecError: a value is refused.
        NoAnswer: the peak has no form, for a reason said.
    """
    cost = cost_of(cost)
    env, whole = cost.bindings(at), cost.poly(METRIC)
    found = list(moments(cost.graph))
    top = max(found, key=lambda moment: evaluate(moment.size, env), default=None)
    return Peak(
        name=cost.name or cost.graph.name,
        at=env,
        value=evaluate(whole, env),
        node=top.node if top else "",
        rounds={index: evaluate(value, env) for index, value in top.rounds.items() if index} if top else {},
        live=tuple(_live(top, env)) if top else (),
        branches=tuple(sorted(_branches(whole, found, env), key=lambda branch: -branch.value)),
        cost=cost,
    )


def _live(moment: Most, env: Mapping[str, Number]) -> list[Live]:
    sizes = ((held.node.name, evaluate(substitute(held.size, moment.rounds), env)) for held in moment.live)
    return [Live(node, elements) for node, elements in sizes]


def _branches(whole: Num, found: list[Most], env: Mapping[str, Number]) -> list[Branch]:
    value = evaluate(whole, env)
    made = []
    for formula in options(whole):
        here = evaluate(formula, env)
        nodes = tuple(dict.fromkeys(moment.node for moment in found if moment.size == formula))
        made.append(Branch(formula, here, nodes, here == value))
    return made


def options(x: Num) -> tuple[Num, ...]:
    """Return the options of a formula that is a maximum, or the formula itself."""
    match list(terms_of(x).items()):
        case [(((Max() as atom, 1),), 1)]:
            return atom.options
    return (x,)


def _role(tensor: Held, now: int) -> str:
    return "made" if tensor.born == now else "read" if tensor.last == now else "later"


def _named(event: Event, at: Mapping[str, Number]) -> str:
    """Return the node that runs, and in which round of each repetition around it."""
    rounds = ", ".join(f"{index} = {value}" for index, value in event.at.items() if index not in at)
    return f"{event.node.name} ({rounds})" if rounds else event.node.name


def _few(nodes: tuple[str, ...]) -> str:
    return nodes[0] + (f" and {len(nodes) - 1} more" if len(nodes) > 1 else "") if nodes else ""
