"""A formula written down: in notations for people, and as programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from symcost.errors import UsageError, did_you_mean, quoted
from symcost.notation.c import c
from symcost.notation.form import plain
from symcost.notation.function import Argument, Function
from symcost.notation.identifiers import comments
from symcost.notation.js import js
from symcost.notation.latex import latex, latex_terms
from symcost.notation.lines import WIDTH, formula_lines, one_line
from symcost.notation.mathml import math, mathml, mathml_terms
from symcost.notation.python import python
from symcost.notation.tree import tree
from symcost.views.formula import Formula
from symcost.views.plain import symbols


def write(formula: Formula, notation: str) -> str:
    """Return a formula in a notation.

    Raises:
        UsageError: there is no such notation, or a program is asked for in a form for people.
    """
    if notation not in NOTATIONS:
        known = f"; there are {', '.join(NOTATIONS)}"
        raise UsageError(f"there is no notation {quoted(notation)}{did_you_mean(notation, NOTATIONS, known)}")
    return NOTATIONS[notation](formula)


def _text(formula: Formula) -> str:
    name = formula.metric
    lines = formula_lines(formula.form, WIDTH - len(name) - 3)
    body = f"\n{' ' * (len(name) + 1)}".join(lines)
    return comments(formula.notes(), "#") + f"{name} = {body}\n"


def _latex(formula: Formula) -> str:
    left = r"\mathrm{" + formula.metric.replace("_", r"\_") + "}"
    first, *rest = latex_terms(formula.form)
    body = " \\\\\n".join([f"{left} &= {first}", *(rf"&\quad {term}" for term in rest)])
    return comments(formula.notes(), "%") + f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n"


def _mathml(formula: Formula) -> str:
    first, *rest = mathml_terms(formula.form)
    rows = [_row(f"<mi>{formula.metric}</mi>", "<mo>=</mo>", first), *(_row("", "", term) for term in rest)]
    spoken = f"{formula.metric} = {one_line(formula.form)}"
    notes = "\n".join(formula.notes()).replace("--", "- -")
    return f"<!-- {notes} -->\n" + math("<mtable>\n" + "\n".join(rows) + "\n</mtable>", spoken, display=True) + "\n"


def _row(*cells: str) -> str:
    return "<mtr>" + "".join(f'<mtd style="text-align: left">{cell}</mtd>' for cell in cells) + "</mtr>"


def _code(write: Callable[[Function], str]) -> Callable[[Formula], str]:
    def written(formula: Formula) -> str:
        view = formula.view
        if formula.form != plain(view.value):
            raise UsageError("a program has no use for collected or factored terms; they are for people to read")
        arguments = {key: Argument(s.kind, s.default) for key, s in formula.cost.symbols.items()}
        whole = ("computes in whole numbers: the result is rounded down",) if view.name == "smooth" else ()
        return write(Function(view.metric, view.value, arguments, (*formula.notes(), *whole)))

    return written


def _json(formula: Formula) -> str:
    return json.dumps(formula.to_json(), indent=2) + "\n"


def data(formula: Formula) -> dict[str, Any]:
    """Return a formula as data: text, LaTeX, MathML, and terms with factors."""
    cost, form = formula.cost, formula.form
    return {
        "schema": 1,
        "name": cost.name,
        "convention": cost.convention.name,
        "symbols": symbols(cost.symbols),
        **formula.view.to_json(),
        "text": one_line(form),
        "latex": latex(form),
        "mathml": mathml(form),
        "terms": tree(form),
    }


NOTATIONS: dict[str, Callable[[Formula], str]] = {
    "text": _text,
    "latex": _latex,
    "mathml": _mathml,
    "python": _code(python),
    "c": _code(c),
    "js": _code(js),
    "json": _json,
}
