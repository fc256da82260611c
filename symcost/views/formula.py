"""One metric of a cost as a formula, in a notation for people or for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

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
from symcost.view import View
from symcost.views.conditions import listed
from symcost.views.plain import symbols

WIDTH = 100


def formula(cost: Cost, name: str, notation: str = "text", collect: Sequence[str] = (), view: str = "exact") -> str:
    """Return a metric's formula, with its unit, its convention and the conditions it assumes as comments.

    Args:
        cost: of a network.
        name: of the metric.
        notation: ``text``, ``latex``, ``python``, ``c``, ``js`` or ``json``.
        collect: symbols whose powers are factored out, for text and LaTeX.
        view: ``exact``, ``divisible`` or ``smooth``.

    Raises:
        NoAnswer: there is no polynomial, as other views than the exact one ask for.
        UsageError: there is no such metric, notation, symbol or view.
    """
    if notation not in NOTATIONS:
        raise UsageError(f"there is no notation '{notation}'; there are {', '.join(NOTATIONS)}")
    for symbol in collect:
        if symbol not in cost.symbols:
            hint = did_you_mean(symbol, cost.symbols)
            raise UsageError(f"there is no free symbol '{symbol}' to collect{hint}; free are {', '.join(cost.symbols)}")
    return NOTATIONS[notation](cost, cost.view(name, view), collect)


def notes(cost: Cost, view: View) -> tuple[str, ...]:
    """Return what must be known to read a formula: unit, convention, conditions, symbols."""
    m = metric(view.metric)
    lines = [f"{cost.name}: {m.name} in {m.unit}, {m.about}"]
    lines += [f"with {listed(cost.graph.settings)}"] if cost.graph.settings else []
    lines += [f"convention {cost.convention.name}: {cost.convention.about}"] if m.priced else []
    lines += view.notes()
    about = [f"{symbol}: {s.about}" for symbol, s in cost.symbols.items() if s.about]
    return (*lines, *([f"where {'; '.join(about)}"] if about else []))


def _text(cost: Cost, view: View, collect: Sequence[str]) -> str:
    lines = formula_lines(view.value, collect, WIDTH - len(view.metric) - 3)
    body = f"\n{' ' * (len(view.metric) + 1)}".join(lines)
    return comments(notes(cost, view), "#") + f"{view.metric} = {body}\n"


def _latex(cost: Cost, view: View, collect: Sequence[str]) -> str:
    first, *rest = latex_terms(view.value, collect)
    left = r"\mathrm{" + view.metric.replace("_", r"\_") + "}"
    body = " \\\\\n".join([f"{left} &= {first}", *(rf"&\quad {term}" for term in rest)])
    return comments(notes(cost, view), "%") + f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n"


def _code(write: Callable[[Function], str]) -> Notation:
    def written(cost: Cost, view: View, _: Sequence[str]) -> str:
        arguments = {key: Argument(s.kind, s.default) for key, s in cost.symbols.items()}
        whole = ("computes in whole numbers: the result is rounded down",) if view.name == "smooth" else ()
        return write(Function(view.metric, view.value, arguments, (*notes(cost, view), *whole)))

    return written


def _json(cost: Cost, view: View, _: Sequence[str]) -> str:
    return json.dumps(to_json(cost, view), indent=2) + "\n"


def to_json(cost: Cost, view: View) -> dict[str, Any]:
    """Return a metric's formula as data: text, LaTeX, and terms with factors."""
    return {
        "schema": 1,
        "name": cost.name,
        "convention": cost.convention.name,
        "symbols": symbols(cost.symbols),
        **view.to_json(),
        "text": " ".join(formula_terms(view.value)),
        "latex": latex(view.value),
        "terms": tree(view.value),
    }


Notation: TypeAlias = Callable[[Cost, View, Sequence[str]], str]
NOTATIONS: dict[str, Notation] = {
    "text": _text,
    "latex": _latex,
    "python": _code(python),
    "c": _code(c),
    "js": _code(js),
    "json": _json,
}
