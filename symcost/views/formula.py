"""One metric of a cost as a formula, in a notation for people or for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from symcost.cost import Cost
from symcost.errors import UsageError, did_you_mean
from symcost.metrics.metric import metric
from symcost.notation.c import c
from symcost.notation.function import Argument, Function
from symcost.notation.identifiers import comments
from symcost.notation.js import js
from symcost.notation.latex import latex, latex_terms
from symcost.notation.lines import formula_lines, formula_terms
from symcost.notation.python import python
from symcost.notation.tree import tree
from symcost.views.conditions import conditions, listed
from symcost.views.plain import symbols

WIDTH = 100


def formula(cost: Cost, name: str, notation: str = "text", collect: Sequence[str] = ()) -> str:
    """Return a metric's formula, with its unit, its convention and the conditions it assumes as comments.

    Args:
        cost: of a network.
        name: of the metric.
        notation: ``text``, ``latex``, ``python``, ``c``, ``js`` or ``json``.
        collect: symbols whose powers are factored out, for text and LaTeX.

    Raises:
        UsageError: there is no such metric, notation or symbol.
    """
    if notation not in NOTATIONS:
        raise UsageError(f"there is no notation '{notation}'; there are {', '.join(NOTATIONS)}")
    for symbol in collect:
        if symbol not in cost.symbols:
            hint = did_you_mean(symbol, cost.symbols)
            raise UsageError(f"there is no free symbol '{symbol}' to collect{hint}; free are {', '.join(cost.symbols)}")
    return NOTATIONS[notation](cost, name, collect)


def notes(cost: Cost, name: str) -> tuple[str, ...]:
    """Return what must be known to read a formula: unit, convention, conditions, symbols."""
    m = metric(name)
    held = [condition.text for condition in conditions(cost.graph)]
    lines = [f"{cost.name}: {m.name} in {m.unit}, {m.about}"]
    lines += [f"with {listed(cost.graph.settings)}"] if cost.graph.settings else []
    lines += [f"convention {cost.convention.name}: {cost.convention.about}"] if m.priced else []
    lines += [f"holds for {', '.join(held)}"] if held else []
    about = [f"{symbol}: {s.about}" for symbol, s in cost.symbols.items() if s.about]
    return (*lines, *([f"where {'; '.join(about)}"] if about else []))


def _text(cost: Cost, name: str, collect: Sequence[str]) -> str:
    lines = formula_lines(cost.poly(name), collect, WIDTH - len(name) - 3)
    body = f"\n{' ' * (len(name) + 1)}".join(lines)
    return comments(notes(cost, name), "#") + f"{name} = {body}\n"


def _latex(cost: Cost, name: str, collect: Sequence[str]) -> str:
    first, *rest = latex_terms(cost.poly(name), collect)
    left = r"\mathrm{" + name.replace("_", r"\_") + "}"
    body = " \\\\\n".join([f"{left} &= {first}", *(rf"&\quad {term}" for term in rest)])
    return comments(notes(cost, name), "%") + f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n"


def _code(write: Callable[[Function], str]) -> Callable[[Cost, str, Sequence[str]], str]:
    def written(cost: Cost, name: str, _: Sequence[str]) -> str:
        arguments = {key: Argument(s.kind, s.default) for key, s in cost.symbols.items()}
        return write(Function(name, cost.poly(name), arguments, notes(cost, name)))

    return written


def _json(cost: Cost, name: str, _: Sequence[str]) -> str:
    return json.dumps(to_json(cost, name), indent=2) + "\n"


def to_json(cost: Cost, name: str) -> dict[str, Any]:
    """Return a metric's formula as data: text, LaTeX, and terms with factors."""
    value, m = cost.poly(name), metric(name)
    return {
        "schema": 1,
        "name": cost.name,
        "metric": name,
        "unit": m.unit,
        "convention": cost.convention.name,
        "view": "exact",
        "symbols": symbols(cost.symbols),
        "conditions": [condition._asdict() for condition in conditions(cost.graph)],
        "text": " ".join(formula_terms(value)),
        "latex": latex(value),
        "terms": tree(value),
    }


NOTATIONS: dict[str, Callable[[Cost, str, Sequence[str]], str]] = {
    "text": _text,
    "latex": _latex,
    "python": _code(python),
    "c": _code(c),
    "js": _code(js),
    "json": _json,
}
