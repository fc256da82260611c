"""One network under several conventions: what each counts, term by term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, evaluate, total
from symcost.architecture import Architecture, cost_of, load
from symcost.cost import Cost
from symcost.errors import UsageError
from symcost.graph.model import Node, over_loops
from symcost.metrics.convention import CONTRACTED, Convention, convention
from symcost.notation.lines import one_line
from symcost.table import Column, Table
from symcost.table.tabled import Tabled

CONTRACTIONS, REST = "contractions", "the rest"
WIDEST = 3
"""Conventions whose differences from the first have room beside them."""


@dataclass(frozen=True)
class Term:
    """What conventions count of one kind of op.

    Attributes:
        name: the op's tag, with which part of its work where conventions count both.
        op: the tag.
        part: its contractions, or the rest: biases, elementwise work, elements charged by size.
        amounts: what each convention counts, in its unit.
        rules: what each charges it by, in words; several where nodes of this op are charged otherwise.
    """

    name: str
    op: str
    part: str
    amounts: tuple[Num, ...]
    rules: tuple[str, ...]

    @property
    def agreed(self) -> bool:
        """Whether all count the same."""
        return all(amount == self.amounts[0] for amount in self.amounts)


@dataclass(frozen=True)
class Pricing(Tabled):
    """A network under several conventions; differences are from the first.

    Attributes:
        name: of the network.
        conventions: the conventions.
        terms: what they count; the amounts of each convention add up to its total, and none is zero for all.
        at: the value of every size.
        totals: what each counts of the whole.
    """

    name: str
    conventions: tuple[Convention, ...]
    terms: tuple[Term, ...]
    at: Mapping[str, Number]
    totals: tuple[Num, ...]

    def values(self, amounts: Sequence[Num]) -> list[Number]:
        """Return amounts at ``at``."""
        return [evaluate(amount, self.at) for amount in amounts]

    def table(self) -> Table:
        """Return a row for each term with what each convention counts and, of a few, the differences from the first."""
        first, *others = self.conventions
        columns = [Column("term", kind="text"), *(Column(c.name, c.unit) for c in self.conventions)]
        if len(self.conventions) <= WIDEST:
            columns += [Column(f"{c.name} - {first.name}") for c in others]
        rows = tuple((term.name, *self._cells(term.amounts)) for term in self.terms)
        given = ", ".join(f"{name} = {value}" for name, value in self.at.items())
        caption = f"what conventions count of {self.name}{f' at {given}' if given else ''}"
        return Table(tuple(columns), rows, caption, ("total", *self._cells(self.totals)))

    def sentences(self) -> list[str]:
        """Return what each convention charges where they do not agree."""
        return list(dict.fromkeys(f"{term.op}: {self._charged(term)}" for term in self.terms if not term.agreed))

    def __str__(self) -> str:
        return "\n".join([str(self.table()), "", *self.sentences()])

    def to_json(self) -> dict[str, Any]:
        """Return the terms as JSON takes them, amounts as exact text."""
        return {
            "conventions": [{"name": c.name, "unit": c.unit, "source": c.source} for c in self.conventions],
            "at": {name: str(value) for name, value in self.at.items()},
            "total": list(map(str, self.values(self.totals))),
            "rows": [self._plain(term) for term in self.terms],
        }

    def _cells(self, amounts: Sequence[Num]) -> list[Number]:
        found = self.values(amounts)
        return [*found, *(x - found[0] for x in found[1:])] if len(found) <= WIDEST else found

    def _charged(self, term: Term) -> str:
        by_rule: dict[str, list[str]] = {}
        for one, rule in zip(self.conventions, term.rules, strict=True):
            by_rule.setdefault(rule, []).append(one.name)
        return "; ".join(f"{', '.join(names)} {rule}" for rule, names in by_rule.items())

    def _plain(self, term: Term) -> dict[str, Any]:
        values = self.values(term.amounts)
        return {
            "op": term.op,
            "part": term.part,
            "amounts": list(map(str, values)),
            "differences": [str(x - values[0]) for x in values],
            "formulas": [one_line(amount) for amount in term.amounts],
            "rules": list(term.rules),
        }


def compare_conventions(
    network: Cost | Architecture | str, names: Sequence[str], at: Mapping[str, Number | str] | None = None
) -> Pricing:
    """Return what conventions count of a network, by kind of op, and what they charge it by.

    Args:
        network: a cost, a network, or the name or path of one.
        names: conventions, such as ``torch`` or ``torch:causal=half``; differences are from the first.
        at: values of sizes; defaults fill the rest.

    Raises:
        UsageError: there is no such convention, or fewer than two.
        NoAnswer: a convention does not say what an op costs.
        SpecError: the network or a value is refused.
    """
    chosen = tuple(convention(name) for name in dict.fromkeys(names))
    if len(chosen) < 2:
        raise UsageError("conventions are compared two or more at a time: torch,fvcore")
    if isinstance(network, str):
        network = load(network)
    cost = cost_of(network)
    costs = [Cost(cost.graph, one, cost.name, cost.setup) for one in chosen]
    terms = tuple(_terms(cost.graph.nodes, chosen))
    return Pricing(cost.name, chosen, terms, cost.bindings(at), tuple(each.poly("flops") for each in costs))


def _terms(nodes: Sequence[Node], chosen: Sequence[Convention]) -> list[Term]:
    """Return the terms, in the order in which their ops come first; ops that none counts are left out."""
    groups: dict[str, list[Node]] = {}
    for node in nodes:
        if node.evaluated:
            groups.setdefault(node.op.tag, []).append(node)
    return [term for op, group in groups.items() for term in _of_op(op, group, chosen)]


def _of_op(op: str, nodes: Sequence[Node], chosen: Sequence[Convention]) -> list[Term]:
    both = [_parts(one, nodes) for one in chosen]
    parts = {part: tuple(amounts[part] for amounts in both) for part in (CONTRACTIONS, REST)}
    counted = {part: amounts for part, amounts in parts.items() if any(amounts)}
    rules = tuple(" or ".join(dict.fromkeys(one.explain(node) for node in nodes)) for one in chosen)
    names = {part: f"{op}, {part}" if len(counted) > 1 else op for part in counted}
    return [Term(names[part], op, part, amounts, rules) for part, amounts in counted.items()]


def _parts(one: Convention, nodes: Sequence[Node]) -> dict[str, Num]:
    """Return what a convention counts of nodes, over all of their rounds: of contractions, and of the rest."""
    found: dict[str, list[Num]] = {CONTRACTIONS: [], REST: []}
    for node in nodes:
        for what, amount in one.terms(node).items():
            found[CONTRACTIONS if what in CONTRACTED else REST].append(over_loops(amount, node.loops))
    return {part: total((amount, 1) for amount in amounts) for part, amounts in found.items()}
