"""A cost as data: all that a page or a notebook's sliders need to show, move and invert it, without Python.

``model(...)`` returns what JSON takes::

    schema      1
    name        of the network; title: of its family; source: where it is described (the last two may be "")
    convention  {name, about, said}
    setup       what amounts stand under besides, in words: [line, ...]
    fixed       {name: text} of symbols that are not free
    symbols     [{name, kind, default, min, max, step, about, low, high, notch}]
                kind is "dimension" or "ratio"; numbers are text, default, min and max null where there is none.
                step divides every value of a dimension; a slider goes from low to high by notch
    at          {symbol: text}, where to start
    atoms, products    what formulas are made of, see ``symcost.explorer.expressions``
    metrics     [{name, unit, units, about, value: sum, total: "sum" | "max", rises: [symbol]}]
                total says how rows come to the total. In what it rises, the metric is proved never to fall as that
                symbol alone grows, everywhere in the declared ranges. units are those that a budget may be written
                in, each with what one of it counts, as text: {"FLOPs": "1"}
    rows        [{name, op, count: sum, times: sum | absent, values: [sum for each metric]}]
                the break-down by block; times is how often the block is repeated, as in "layer x L"
    needs       [{is: ["equal", sum, sum] | ["at_least", sum, least] | ["divides", n, sum], names, by, text}]
                the conditions of the network, those that others imply left out; text says it, by says who asks
    left_out    [{name, why}]: metrics that are shown usually and have no formula here

A number at a point is ``core.js``'s to find: it loads this, and has the same words as Python for what is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symcost.algebra.atoms import Number
from symcost.algebra.needs import AtLeast, Divides, Equal, Need
from symcost.algebra.poly import symbols_of
from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.explorer.chosen import chosen
from symcost.explorer.expressions import Expressions, coefficient
from symcost.explorer.proofs import rises
from symcost.explorer.sliders import slider
from symcost.graph.assumptions import box_of
from symcost.graph.listing import telling_depth
from symcost.graph.model import Graph
from symcost.metrics.metric import metric, set_up
from symcost.metrics.rows import Row
from symcost.setup import SETTING
from symcost.solver.budget import spellings


def model(
    cost_or_architecture: Cost | Architecture,
    metrics: Sequence[str] = (),
    at: Mapping[str, Number | str] | None = None,
    *,
    convention: str = "symcost",
) -> dict[str, Any]:
    """Return a cost as data for a page or a widget.

    Args:
        cost_or_architecture: a cost, or a network, which is costed under its own setup.
        metrics: names of the metrics; where none are given, those of a report, the cache of keys and values where there
            is one, and the memory of a pass and of a training step where their formulas are not long.
        at: where to start; defaults fill the rest.
        convention: by which FLOPs of a network are counted; a cost has its own.

    Raises:
        NoAnswer: a metric that was asked for has no formula.
        SpecError: the spec describes no network, or a value is refused or missing.
        UsageError: there is no such metric, or convention.
    """
    network = cost_or_architecture if isinstance(cost_or_architecture, Architecture) else None
    cost = network.cost(convention) if network is not None else cost_or_architecture
    assert isinstance(cost, Cost)
    return model_of(cost, network, metrics, at)


def model_of(
    cost: Cost, network: Architecture | None, metrics: Sequence[str] = (), at: Mapping[str, Number | str] | None = None
) -> dict[str, Any]:
    """Return a cost as ``model`` does, under the heading of the network that it is the cost of."""
    env = cost.bindings(at)
    names, left_out = chosen(cost, tuple(metrics))
    rows = cost.rows("block", telling_depth(cost.graph), names)
    written = Expressions(tuple(cost.symbols))
    data = {
        "metrics": [_metric(written, cost, name) for name in names],
        "rows": [_row(written, row, names) for row in rows],
        "needs": [_need(written, cost.graph, need, origin) for need, origin in cost.graph.essential.items()],
    }
    return {
        "schema": 1,
        **_heading(cost, network, names),
        "symbols": [_symbol(cost, name, env) for name in cost.symbols],
        "at": {name: str(value) for name, value in env.items()},
        "atoms": written.atoms,
        "products": written.products,
        **data,
        "left_out": left_out,
    }


def _heading(cost: Cost, network: Architecture | None, names: Sequence[str]) -> dict[str, Any]:
    fixed = {} if network is None else network.fixed
    said = set_up(cost.setup, names)
    return {
        "name": cost.name or cost.graph.name,
        "title": "" if network is None or network.spec.name == network.name else network.spec.name,
        "source": "" if network is None else network.source,
        "convention": {"name": cost.convention.name, "about": cost.convention.about, "said": cost.convention.said},
        "setup": said.split("; ") if said else [],
        "fixed": {name: str(v).lower() if isinstance(v, bool) else str(v) for name, v in fixed.items()},
    }


def _symbol(cost: Cost, name: str, env: Mapping[str, Number]) -> dict[str, Any]:
    declared = cost.symbols[name]
    low, high, notch = slider(name, declared, cost.graph.needs, env)
    return {
        "name": name,
        "kind": declared.kind,
        **{key: None if (end := getattr(declared, key)) is None else str(end) for key in ("default", "min", "max")},
        "step": str(declared.step),
        "about": declared.about,
        "low": str(low),
        "high": str(high),
        "notch": str(notch),
    }


def _metric(written: Expressions, cost: Cost, name: str) -> dict[str, Any]:
    m, value, box = metric(name), cost.poly(name), box_of(cost.graph)
    letters = symbols_of(value)
    return {
        "name": name,
        "unit": cost.units(name),
        "units": {word: str(one) for word, one in spellings(cost.units(name)).items()},
        "about": m.about,
        "value": written.sum(value),
        "total": "sum" if m.peaks is None else "max",
        "rises": [symbol for symbol in cost.symbols if symbol in letters and rises(value, symbol, box)],
    }


def _row(written: Expressions, row: Row, names: Sequence[str]) -> dict[str, Any]:
    values = [written.sum(row.values[name]) for name in names]
    times = {} if row.times == 1 else {"times": written.sum(row.times)}
    return {"name": row.name, "op": row.op, "count": written.sum(row.count), **times, "values": values}


def _need(written: Expressions, graph: Graph, need: Need, origin: Need) -> dict[str, Any]:
    asker = graph.needs[origin]
    return {
        "is": _condition(written, need),
        "names": sorted(need.symbols),
        "by": f"by {asker}" if asker.startswith(SETTING) else f"at node '{asker}'",
        "text": need.phrase(box_of(graph)),
    }


def _condition(written: Expressions, need: Need) -> list[object]:
    match need:
        case Equal():
            return ["equal", written.sum(need.a), written.sum(need.b)]
        case AtLeast():
            return ["at_least", written.sum(need.a), coefficient(need.least)]
        case Divides():
            return ["divides", written.sum(need.n), written.sum(need.a)]
