"""What is asked: one unknown size, the values it may take, and formulas with all other sizes put in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from symcost.algebra.atoms import Number, exact
from symcost.algebra.needs import Need, put
from symcost.algebra.poly import Num, constant, evaluate, substitute, symbol, symbols_of
from symcost.cost import Cost
from symcost.errors import UsageError, did_you_mean
from symcost.metrics.convention import Convention
from symcost.solver.amounts import formula_of
from symcost.solver.budget import Budget, as_budgets
from symcost.solver.choices import Choices, read_choices, unit
from symcost.solver.domain import Domain, Range, ends_of, natural_steps, ratio_step, whole_step
from symcost.solver.following import declared_needs, open_needs, sizes_over
from symcost.solver.interval import Interval
from symcost.solver.plateau import Plateaus
from symcost.solver.track import K
from symcost.spec.symbols import Symbol


class Offered(NamedTuple):
    """The values among which ``solve`` is to choose, as its arguments say."""

    multiple_of: int | None = None
    step: Number | str | None = None
    between: Range | None = None
    allowed: Choices | None = None


@dataclass(frozen=True)
class Question:
    """A question with one unknown.

    Attributes:
        cost: what the formulas come from.
        unknown: name of the unknown.
        at: values of the other sizes.
        following: sizes that follow the unknown, such as ``W`` given as ``H``, as formulas in it.
        budgets: what is to be met.
        domain: the values step * k that the unknown may take.
        smallest: whether the least value is asked for, not the greatest.
    """

    cost: Cost
    unknown: str
    at: Mapping[str, Number]
    following: Mapping[str, Num]
    budgets: tuple[Budget, ...]
    domain: Domain
    smallest: bool

    @property
    def declared(self) -> Symbol:
        """What is known of the unknown."""
        return self.cost.symbols[self.unknown]

    @cached_property
    def open_needs(self) -> list[Need]:
        """The conditions that speak of the unknown, those of sizes that follow it among them."""
        sizes: dict[str, Num] = {**self.at, **self.following}
        of_network = open_needs(self.cost, [self.unknown], sizes)
        return [*(put(need, self.following) for need in of_network), *declared_needs(self.cost, [self.unknown], sizes)]

    def metric(self, name: str) -> Num:
        """Return a metric as a formula in the unknown and the other sizes, without those that follow it."""
        return substitute(formula_of(name, self.cost), self.following)

    @property
    def pinned(self) -> bool:
        """Whether a budget holds its metric from both sides."""
        return any(b.pinned for b in self.budgets)

    def formula(self, metric: str) -> Num:
        """Return a metric as a formula in k."""
        return substitute(self.metric(metric), self._in_k)

    def needs(self) -> list[Need]:
        """Return the open conditions on the unknown, in k."""
        return [put(need, self._in_k) for need in self.open_needs]

    def in_ratio(self, metric: str) -> Num:
        """Return a metric as a formula in the unknown itself, a ratio, under the name k."""
        return substitute(self.metric(metric), self.others_in_ratio)

    def values(self, x: Number) -> dict[str, Number]:
        """Return the metrics of the budgets at a value of the unknown."""
        env = {**self.at, self.unknown: x}
        return {b.metric: evaluate(self.metric(b.metric), env) for b in self.budgets}

    def x(self, k: int, *, least: bool = False) -> Number:
        """Return the unknown's value; of a cell the greatest value that gives the same, or the least."""
        alike = self.domain.interval(k)
        return exact(self.domain.step * k) if alike is None else alike.utmost(least=least)

    def alike(self, x: Number) -> Interval | None:
        """Return all values of a ratio that give the same network as one does; None where it is alone, or not known."""
        if self.declared.kind != "ratio" or self.domain.flowing:
            return None
        found = self.domain.plateaus or Plateaus.of(self.sizes())
        low, high = (self.domain.low, self.domain.high) if found is self.domain.plateaus else (1, None)
        alike = None if found is None else found.around(found.cell(x), low, high)
        return None if alike is None or alike.single else alike

    def sizes(self) -> list[Num]:
        """Return all that a network is made of and that depends on the unknown, a ratio, under the name k."""
        graph = self.cost.graph
        shapes = [shape for node in graph.nodes for shape in (*node.facts.outs, *node.facts.weights.values())]
        counts = [loop.count for node in graph.nodes for loop in node.loops]
        found = {size for shape in (*graph.inputs.values(), *shapes) for size in shape}
        found |= {*counts, *(formula_of(b.metric, self.cost) for b in self.budgets)}
        tied = {substitute(x, self.following) for x in found}
        return [substitute(x, self.others_in_ratio) for x in tied if self.unknown in symbols_of(x)]

    @property
    def others_in_ratio(self) -> dict[str, Num]:
        """The values to put in for a formula in the unknown itself, a ratio, under the name k."""
        return {**self.at, self.unknown: symbol(K, "ratio")}

    @property
    def _in_k(self) -> dict[str, Num]:
        return {**self.at, self.unknown: symbol(K, "index") * self.domain.step}


def ask(
    cost: Cost,
    unknown: str,
    budgets: str | Budget | Iterable[str | Budget],
    at: Mapping[str, Number | str],
    offered: Offered,
    *,
    smallest: bool,
) -> Question:
    """Check and read the arguments of ``solve``.

    Raises:
        UsageError: they have no meaning, or contradict each other.
        SpecError: a value of another size is refused.
    """
    declared = declared_unknown(cost, unknown, at)
    read = read_budgets(budgets, cost.convention)
    sizes = sizes_over(cost, [unknown], at)
    others = {name: x for name, size in sizes.items() if name != unknown and (x := constant(size)) is not None}
    following = {name: size for name, size in sizes.items() if name not in others and name != unknown}
    if declared.kind == "ratio" and offered.multiple_of is not None:
        raise UsageError(f"{unknown} is a ratio: give step, such as '1/8', in place of multiple_of")
    if declared.kind != "ratio" and offered.step is not None:
        raise UsageError(f"{unknown} is a whole number: give multiple_of in place of step")
    unasked = Question(cost, unknown, others, following, read, Domain(1, 1, None, (1, None)), smallest)
    if offered.allowed is not None:
        if offered[:3] != (None, None, None):
            raise UsageError("a set of allowed values is all there is: leave out multiple_of, step and between")
        return replace(unasked, domain=_chosen(unasked, read_choices(unknown, offered.allowed, declared)))
    if declared.kind != "ratio":
        step = whole_step(unknown, declared, offered.multiple_of)
        return replace(unasked, domain=Domain.of(unknown, declared, step, offered.between))
    return replace(unasked, domain=_of_ratio(unasked, offered.step, offered.between))


def _chosen(q: Question, values: Sequence[Number]) -> Domain:
    """Return a set of values, without those that the declaration or a condition refuses."""
    left_out: dict[Number, str] = {}
    for x in values:
        reason = q.declared.refusal(x, q.unknown) or _broken(q, x)
        left_out |= {x: reason} if reason else {}
    return Domain.of_points(unit(values), values, left_out)


def _broken(q: Question, x: Number) -> str | None:
    """Return in words which condition on the unknown a value breaks."""
    broken = (need for need in q.open_needs if not need.holds({**q.at, q.unknown: x}))
    return next((f"breaks the condition that {need.phrase({})}" for need in broken), None)


def _of_ratio(q: Question, step: Number | str | None, between: Range | None) -> Domain:
    """Return the values of a ratio: multiples of a step, or the pieces between the jumps of the network."""
    needs = [put(need, q.others_in_ratio) for need in q.open_needs]
    if step is not None or q.declared.step > 1 or natural_steps(needs):
        return Domain.of(q.unknown, q.declared, ratio_step(q.declared, step, needs), between)
    low, high = ends_of(q.unknown, q.declared, between)
    found = Plateaus.of(q.sizes(), needs, [end for end in (low, high) if end is not None])
    if found is None:
        return replace(Domain.of(q.unknown, q.declared, ratio_step(q.declared, step, needs), between), flowing=True)
    last = None if high is None else found.cell(high)
    return Domain(found.step, max(1, found.cell(low)), last, (low, high), plateaus=found)


def declared_unknown(cost: Cost, unknown: str, at: Mapping[str, object], article: str = "the") -> Symbol:
    """Return what is declared of an unknown, the only one or one of several.

    Raises:
        UsageError: there is no such free symbol, or it has a value too.
    """
    if unknown not in cost.symbols:
        if unknown in cost.graph.idle:
            raise UsageError(f"nothing depends on {unknown} {cost.graph.idle[unknown]}; change that")
        free = ", ".join(cost.symbols) or "none"
        raise UsageError(f"there is no free symbol '{unknown}'{did_you_mean(unknown, cost.symbols)}; free are {free}")
    if unknown in at:
        raise UsageError(f"{unknown} is {article} unknown, and is given as {at[unknown]} too; leave one out")
    return cost.symbols[unknown]


def read_budgets(budgets: str | Budget | Iterable[str | Budget], counted: Convention | str) -> tuple[Budget, ...]:
    """Return budgets as they are, and texts as the budgets they mean.

    Raises:
        UsageError: there is none, or a text is not one, or is not in the unit of the convention.
    """
    read = as_budgets(budgets, counted)
    if not read:
        raise UsageError("give at least one budget, such as 'macs <= 2G'")
    return read
