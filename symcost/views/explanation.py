"""One node explained: the law of its op, what it is applied to, and what that costs, as formulas and as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from inspect import cleandoc
from typing import Any

from symcost.algebra.atoms import Env
from symcost.algebra.poly import Num, evaluate
from symcost.architecture import Architecture
from symcost.cost import Cost, Row
from symcost.errors import UsageError, did_you_mean
from symcost.graph.model import Node, over_loops
from symcost.metrics.metric import metric
from symcost.ops.facts import Kept, Shape, Work
from symcost.ops.op import shown
from symcost.table import Column, Table
from symcost.views.answer import Answer, heading, wrapped
from symcost.views.conditions import conditions
from symcost.views.plain import sizes

PASSES = {"forward": "work", "grad_input": "grad_input", "grad_weight": "grad_weight"}


def explain(architecture: Architecture, cost: Cost, env: Env, name: str) -> Answer:
    """Return what a node does and costs.

    Raises:
        UsageError: there is no such node.
    """
    nodes = {node.name: node for node in cost.graph.nodes}
    if name not in nodes:
        hint = (
            did_you_mean(name, nodes) or f"; the first is '{next(iter(nodes), '')}', and `report --by node` lists all"
        )
        raise UsageError(f"{architecture.name}: there is no node '{name}'{hint}")
    row = next(row for row in cost.by_node() if row.name == name)
    found = _Explanation(architecture, cost, env, nodes[name], row)
    return Answer(found.parts(), found.data())


@dataclass(frozen=True)
class _Explanation:
    architecture: Architecture
    cost: Cost
    env: Env
    node: Node
    row: Row

    def parts(self) -> tuple[str | Table, ...]:
        """Return the explanation for people."""
        head = f"{self.node.name}: {self.node.op.tag}{self._times()}"
        place = [f"declared at {self.place}"] if self.place else []
        title = "\n".join([head, *place, heading(self.architecture, self.cost, self.env)])
        work = [self._work_table()] if self._kinds() else []
        return title, self.law, "\n".join(map(wrapped, self._instance())), self._metric_table(), *work

    @property
    def law(self) -> str:
        """The law of the op, as its documentation states it."""
        return cleandoc(type(self.node.op).__doc__ or "")

    @cached_property
    def place(self) -> str:
        """Where the spec says so."""
        (problem,) = self.architecture.spec.problem("", self.node.path).problems
        return problem.text().removesuffix(": ")

    def _times(self) -> str:
        if not self.node.loops:
            return ""
        each = ", ".join(f"{loop.index} from 0 to {loop.count - 1}" for loop in self.node.loops)
        return f", {self.node.count} times ({each})"

    def _instance(self) -> list[str]:
        """Return lines on what this application is made of."""
        facts = self.node.facts
        fields = ", ".join(f"{key} = {_written(value)}" for key, value in self._fields().items())
        lines = [f"reads    {shown(t.shape)} of {self._maker(t.source)}" for t in self.node.ins]
        lines += [f"writes   {shown(shape)}{' (a view)' if facts.view else ''}" for shape in facts.outs]
        lines += [f"fields   {fields}"] if fields else []
        lines += [f"weight   {key} {shown(shape)}" for key, shape in facts.weights.items()]
        lines += [f"shared   as '{self.node.shared}'; shared tensors count once"] if self.node.shared else []
        lines += [f"buffer   {key} {shown(shape)}" for key, shape in facts.buffers.items()]
        lines += [f"keeps    {_kept(kept)} for the backward pass" for kept in facts.keeps]
        return lines + [f"needs    {text}" for text in self._conditions()]

    def _maker(self, source: int) -> str:
        graph = self.cost.graph
        return f"'{graph.nodes[source].name}'" if source >= 0 else f"input '{list(graph.inputs)[-1 - source]}'"

    def _fields(self) -> dict[str, Any]:
        return {key: v for key, v in self.node.op.fields().items() if v is not None and key != "op"}

    def _conditions(self) -> list[str]:
        return [c.text for c in conditions(self.cost.graph) if c.node == self.node.name]

    def _number(self, amount: Num) -> Num:
        return evaluate(amount, self.env)

    def _metric_table(self) -> Table:
        rows = tuple((name, metric(name).unit, value, self._number(value)) for name, value in self.row.values.items())
        columns = (
            Column("metric", kind="text"), Column("unit", kind="text"), Column("formula", kind="formula"),
            Column("here"),
        )  # fmt: skip
        return Table(columns, rows)

    def _kinds(self) -> list[str]:
        return list(
            dict.fromkeys(kind for attribute in PASSES.values() for kind in getattr(self.node.facts, attribute))
        )

    def _work(self, attribute: str) -> dict[str, Num]:
        """Return the work of a pass by kind, over all rounds."""
        work: Work = getattr(self.node.facts, attribute)
        return {kind: over_loops(amount, self.node.loops) for kind, amount in work.items()}

    def _work_table(self) -> Table:
        """Return work by kind: forward, and of the gradients."""
        works = [self._work(attribute) for attribute in PASSES.values()]
        rows = tuple((kind, *(self._number(work.get(kind, 0)) for work in works)) for kind in self._kinds())
        columns = (Column("work", kind="text"), Column("forward"), Column("grad_input"), Column("grad_weight"))
        return Table(columns, rows, "operations by kind, of the forward pass and of the gradients")

    def data(self) -> dict[str, Any]:
        """Return the explanation for programs."""
        node, facts = self.node, self.node.facts
        return {
            "schema": 1,
            "name": self.architecture.name,
            "node": node.name,
            "op": node.op.tag,
            "place": self.place,
            "law": self.law,
            "convention": self.cost.convention.name,
            "bindings": sizes(self.env),
            "count": str(node.count),
            "fields": {key: _json(value) for key, value in self._fields().items()},
            "inputs": [{"from": self._maker(t.source).strip("'"), "shape": _texts(t.shape)} for t in node.ins],
            "outputs": [_texts(shape) for shape in facts.outs],
            "view": facts.view,
            "weights": _shapes(facts.weights),
            "shared": node.shared,
            "buffers": _shapes(facts.buffers),
            "keeps": [_kept(kept) for kept in facts.keeps],
            "conditions": self._conditions(),
            "metrics": self._amounts(self.row.values, {name: metric(name).unit for name in self.row.values}),
            "work": {name: self._amounts(self._work(attribute), {}) for name, attribute in PASSES.items()},
        }

    def _amounts(self, values: Mapping[str, Num], units: Mapping[str, str]) -> dict[str, Any]:
        unit = {name: {"unit": units[name]} if name in units else {} for name in values}
        return {n: {**unit[n], "formula": str(v), "value": str(self._number(v))} for n, v in values.items()}


def _kept(kept: Kept) -> str:
    what = f"{kept.what} {kept.index}" if kept.index else kept.what
    kind = "" if kept.dtype == "float" else f" of {kept.dtype}"
    return f"{what}{f' {shown(kept.shape)}' if kept.shape else ''}{kind}"


def _written(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_json(part) for part in value]
    return value if isinstance(value, (bool, int, str)) else str(value)


def _texts(shape: Shape) -> list[str]:
    return [str(part) for part in shape]


def _shapes(tensors: Mapping[str, Shape]) -> dict[str, list[str]]:
    return {name: _texts(shape) for name, shape in tensors.items()}
