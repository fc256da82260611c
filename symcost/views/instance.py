"""One application of an op: what it reads and writes, its fields, its tensors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symcost.graph.assumptions import conditions
from symcost.graph.model import Graph, Node
from symcost.ops.facts import Kept, Shape
from symcost.ops.op import Only, shown
from symcost.views.answer import wrapped

_RUNS: dict[Only | None, str] = {
    "training": "in training only",
    "evaluation": "in evaluation only",
    "never": "never; its weights are held",
}


def instance_text(graph: Graph, node: Node) -> str:
    """Return lines on what an application is made of."""
    facts = node.facts
    given = ", ".join(f"{key} = {_written(value)}" for key, value in fields(node).items())
    lines = [f"runs     {_RUNS[node.only]}"] if node.only else []
    lines += [f"reads    {shown(t.shape)} of {_quoted(graph, t.source)}" for t in node.ins]
    lines += [f"writes   {shown(shape)}{' (a view)' if facts.view else ''}" for shape in facts.outs]
    lines += [f"fields   {given}"] if given else []
    lines += [f"experts  {c.count}, of which each of {c.tokens} tokens meets {c.top_k}" for c in node.experts]
    lines += [f"weight   {key} {shown(shape)}" for key, shape in facts.weights.items()]
    lines += [f"shared   as '{node.shared}'; shared tensors count once"] if node.shared else []
    lines += [f"buffer   {key} {shown(shape)}" for key, shape in facts.buffers.items()]
    lines += [f"holds    {shown(shape)} for the next pass" for shape in facts.cached]
    lines += [f"keeps    {_kept(kept)} for the backward pass" for kept in facts.keeps]
    lines += [f"needs    {text}" for text in _needs(graph, node)]
    return "\n".join(wrapped(line, 9) for line in lines)


def instance_data(graph: Graph, node: Node) -> dict[str, Any]:
    """Return the same for programs."""
    facts = node.facts
    return {
        "count": str(node.count),
        "only": node.only,
        "fields": {key: _plain(value) for key, value in fields(node).items()},
        "inputs": [{"from": maker(graph, t.source), "shape": _texts(t.shape)} for t in node.ins],
        "outputs": [_texts(shape) for shape in facts.outs],
        "view": facts.view,
        "experts": [{"count": str(c.count), "top_k": str(c.top_k), "tokens": str(c.tokens)} for c in node.experts],
        "weights": _shapes(facts.weights),
        "shared": node.shared,
        "buffers": _shapes(facts.buffers),
        "cached": [_texts(shape) for shape in facts.cached],
        "keeps": [_kept(kept) for kept in facts.keeps],
        "conditions": _needs(graph, node),
    }


def fields(node: Node) -> dict[str, Any]:
    """Return the fields of an op that have a value."""
    return {key: value for key, value in node.op.fields().items() if value is not None and key != "op"}


def maker(graph: Graph, source: int) -> str:
    """Return the name of the node or input that makes a tensor."""
    return graph.nodes[source].name if source >= 0 else list(graph.inputs)[-1 - source]


def _quoted(graph: Graph, source: int) -> str:
    return f"{'' if source >= 0 else 'input '}'{maker(graph, source)}'"


def _needs(graph: Graph, node: Node) -> list[str]:
    return [condition.text for condition in conditions(graph) if condition.node == node.name]


def _kept(kept: Kept) -> str:
    what = f"{kept.what} {kept.index}" if kept.index else kept.what
    kind = "" if kept.dtype == "float" else f" of {kept.dtype}"
    return f"{what}{f' {shown(kept.shape)}' if kept.shape else ''}{kind}"


def _written(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value if isinstance(value, (bool, int, str)) else str(value)


def _texts(shape: Shape) -> list[str]:
    return [str(size) for size in shape]


def _shapes(tensors: Mapping[str, Shape]) -> dict[str, list[str]]:
    return {name: _texts(shape) for name, shape in tensors.items()}
