"""One node explained: the law of its op, what it is applied to, and what that costs, as formulas and as numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any

from symcost.algebra.atoms import Env
from symcost.algebra.poly import Num, evaluate
from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.errors import NoAnswer, UsageError, did_you_mean, quoted
from symcost.graph.model import Node, over_loops
from symcost.metrics.convention import conventions
from symcost.metrics.rows import Row
from symcost.ops.facts import Work
from symcost.table import Column, Table
from symcost.table.model import WIDTH
from symcost.views.answer import Answer, heading, wrapped
from symcost.views.instance import instance_data, instance_text
from symcost.views.plain import sizes

PASSES = {"forward": "work", "grad_input": "grad_input", "grad_weight": "grad_weight", "again": "again"}
"""Name of a pass -> the fact that holds its work."""
_FEW = 3


def explain(architecture: Architecture, cost: Cost, env: Env, name: str) -> Answer:
    """Return what a node does and costs, over all of its rounds.

    Raises:
        UsageError: there is no such node.
    """
    nodes = {node.name: node for node in cost.graph.nodes}
    if name not in nodes:
        raise UsageError(f"{architecture.name}: there is no node {quoted(name)}{_instead(name, list(nodes))}")
    row = next(row for row in cost.by_node() if row.name == name)
    found = _Explanation(architecture, cost, env, nodes[name], row)
    return Answer(found.parts(), found.data())


def _instead(name: str, nodes: list[str]) -> str:
    """Return the way out where no node has a name: a block is not one, but has some."""
    inside = [node for node in nodes if node.startswith(f"{name}.")]
    if inside:
        return f", but a block; its nodes are {', '.join(inside[:_FEW])}{', ...' if len(inside) > _FEW else ''}"
    return did_you_mean(name, nodes, "; `symcost report SPEC --by node` lists them")


@dataclass(frozen=True)
class _Explanation:
    architecture: Architecture
    cost: Cost
    env: Env
    node: Node
    row: Row

    def parts(self) -> tuple[str | Table, ...]:
        """Return the explanation for people."""
        place = [f"declared at {self.place}"] if self.place else []
        head = [f"{self.node.name}: {self.node.op.tag}{self._times()}", *place]
        title = "\n".join([*map(wrapped, head), heading(self.architecture, self.cost, self.env)])
        work = self._work_table()
        parts = (title, _fitting(self.law), instance_text(self.cost.graph, self.node), self._metric_table())
        return (*parts, *([work] if work.rows else []), self._convention_table())

    @property
    def law(self) -> str:
        """The law of the op, as its documentation states it."""
        return cleandoc(type(self.node.op).__doc__ or "")

    @property
    def place(self) -> str:
        """Where the spec says so."""
        (problem,) = self.architecture.spec.problem("", self.node.path).problems
        return problem.text().removesuffix(": ")

    def _times(self) -> str:
        if not self.node.loops:
            return ""
        each = ", ".join(f"{loop.index} from 0 to {loop.count - 1}" for loop in self.node.loops)
        return f", {self.node.count} times ({each})"

    def _number(self, amount: Num) -> Num:
        return evaluate(amount, self.env)

    def _metric_table(self) -> Table:
        rows = tuple(
            (name, self.cost.units(name), value, self._number(value)) for name, value in self.row.values.items()
        )
        words = (Column("metric", kind="text"), Column("unit", kind="text"))
        return Table((*words, Column("formula", kind="formula"), Column("here")), rows)

    def _work(self, attribute: str) -> dict[str, Num]:
        """Return the work of a pass by kind, over all rounds."""
        work: Work = getattr(self.node.facts, attribute)
        return {kind: over_loops(amount, self.node.loops) for kind, amount in work.items()}

    def _work_table(self) -> Table:
        """Return work by kind: forward, of the gradients, and what is done again where that is anything."""
        passes = [name for name, attribute in PASSES.items() if name != "again" or self._work(attribute)]
        works = [self._work(PASSES[name]) for name in passes]
        kinds = dict.fromkeys(kind for work in works for kind in work)
        rows = tuple((kind, *(self._number(work.get(kind, 0)) for work in works)) for kind in kinds)
        columns = (Column("work", kind="text"), *map(Column, passes))
        without = "; what it reads wants no gradient, so grad_input is not done" if self._first else ""
        return Table(columns, rows, f"operations by kind, of the forward pass and of the gradients{without}")

    @property
    def _first(self) -> bool:
        """Whether a step of training does without the gradient of what it reads."""
        return bool(self._work("grad_input")) and self.cost.graph.gradients.over_rounds(self.node, 1) == 0

    def _convention_table(self) -> Table:
        """Return what every convention counts of the node, over all rounds, and what it charges."""
        names = ("convention", "counts", "in", "by")
        columns = tuple(Column(name, kind="number" if name == "counts" else "text") for name in names)
        rows = tuple(
            (name, None if count is None else self._number(count), unit, rule)
            for name, (count, unit, rule) in self._counts().items()
        )
        return Table(columns, rows, "forward work as conventions count it")

    def _counts(self) -> dict[str, tuple[Num | None, str, str]]:
        """Return amount, unit and rule by convention; no amount where a convention does not say."""
        found: dict[str, tuple[Num | None, str, str]] = {}
        for name, one in conventions().items():
            try:
                count = over_loops(one.flops(self.node), self.node.loops) if self.node.evaluated else 0
                found[name] = (count, one.unit, one.explain(self.node))
            except NoAnswer:
                found[name] = (None, "", "does not say")
        return found

    def data(self) -> dict[str, Any]:
        """Return the explanation for programs."""
        return {
            "schema": 1,
            "name": self.architecture.name,
            "node": self.node.name,
            "op": self.node.op.tag,
            "place": self.place,
            "law": self.law,
            "convention": self.cost.convention.name,
            "bindings": sizes(self.env),
            **instance_data(self.cost.graph, self.node),
            "metrics": self._amounts(self.row.values, {name: self.cost.units(name) for name in self.row.values}),
            "conventions": {name: self._count(*found) for name, found in self._counts().items()},
            "work": {name: self._amounts(self._work(attribute), {}) for name, attribute in PASSES.items()},
        }

    def _count(self, count: Num | None, unit: str, rule: str) -> dict[str, Any]:
        if count is None:
            return {"rule": rule}
        return {"unit": unit, "formula": str(count), "value": str(self._number(count)), "rule": rule}

    def _amounts(self, values: Mapping[str, Num], units: Mapping[str, str]) -> dict[str, Any]:
        unit = {name: {"unit": units[name]} if name in units else {} for name in values}
        return {n: {**unit[n], "formula": str(v), "value": str(self._number(v))} for n, v in values.items()}


def _fitting(law: str) -> str:
    """Return a law with its long paragraphs broken anew, what continues a line standing below its text."""
    paragraphs: list[list[str]] = []
    for line in law.splitlines():
        if paragraphs and paragraphs[-1][-1] and line.startswith(" "):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return "\n".join(map(_paragraph, paragraphs))


def _paragraph(lines: list[str]) -> str:
    if max(map(len, lines)) <= WIDTH:
        return "\n".join(lines)
    label = re.match(r"\s*(\w+:\s+)?", lines[0])
    return wrapped(" ".join([lines[0], *map(str.strip, lines[1:])]), label.end() if label else 0)
