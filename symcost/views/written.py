"""A formula written down: in notations for people, and as programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from symcost.errors import UsageError, did_you_mean, quoted
from symcost.notation.c import c
from symcost.notation.form import plain
from symcost.notation.function import Argument, Function
from symcost.notation.identifiers import comments
from symcost.notation.js import js
from symcost.notation.latex import aligned as rows_of
from symcost.notation.latex import latex, latex_name
from symcost.notation.lines import WIDTH, formula_lines, one_line
from symcost.notation.mathml import MATHML, math, mathml, mathml_name, mathml_terms
from symcost.notation.naming import Name
from symcost.notation.numpy import numpy
from symcost.notation.python import python
from symcost.notation.tree import tree
from symcost.notation.typeset import typeset
from symcost.views.excerpt import Part
from symcost.views.formula import Formula
from symcost.views.plain import symbols

WITH = r"\text{with }"
EQUALS = "<mo>=</mo>"


def write(formula: Formula, notation: str) -> str:
    """Return a formula in a notation.

    Raises:
        UsageError: there is no such notation, or a program is asked for in a form for people.
    """
    if notation not in NOTATIONS:
        known = f"; there are {', '.join(NOTATIONS)}"
        raise UsageError(f"there is no notation {quoted(notation)}{did_you_mean(notation, NOTATIONS, known)}")
    if notation == "json":
        return json.dumps(formula.to_json(), indent=2) + "\n"
    return PROGRAMS[notation](_program(formula)) if notation in PROGRAMS else PEOPLE[notation](formula)


def _text(formula: Formula) -> str:
    name = formula.metric
    lines = formula_lines(formula.form, WIDTH - len(name) - 3)
    lines += [f"+ ... ({formula.part.rest()})"] if formula.part else []
    body = f"\n{' ' * (len(name) + 1)}".join(lines)
    return comments(formula.notes(), "#") + f"{name} = {body}\n{_with(formula)}"


def _with(formula: Formula) -> str:
    """Return what names stand for, in lines that end between two of them."""
    lines: list[str] = []
    for name in formula.names:
        meaning = f"{name.name} = {one_line(name.value)}"
        if lines and len(lines[-1]) + len(meaning) + 3 <= WIDTH:
            lines[-1] += f", {meaning}"
        else:
            lines[-1:] = [*(f"{line}," for line in lines[-1:]), f"{'    ' if lines else 'with'} {meaning}"]
    return "".join(f"{line}\n" for line in lines)


def _latex(formula: Formula) -> str:
    return comments(formula.notes(), "%") + aligned(formula)


def aligned(formula: Formula) -> str:
    """Return a formula as rows of LaTeX for math mode."""
    rows = [rf"&\quad {_latex_rest(formula.part)}"] if formula.part else []
    for i, name in enumerate(formula.names):
        rows.append(rf"{'' if i else WITH}{latex_name(name.name)} &= {latex(name.value)}")
    return rows_of(formula.metric, formula.form, rows)


def _latex_rest(part: Part) -> str:
    left_out = part.rest().replace("%", r"\%").replace("_", r"\_")
    return rf"+ \cdots \quad \text{{({left_out})}}"


def _mathml(formula: Formula) -> str:
    first, *rest = mathml_terms(formula.form)
    rows = [_row(f"<mi>{formula.metric}</mi>", EQUALS, first), *(_row("", "", term) for term in rest)]
    rows += [_row("", "", _mathml_rest(formula.part))] if formula.part else []
    for i, name in enumerate(formula.names):
        said = "" if i else "<mtext>with\u00a0</mtext>"
        rows.append(_row(f"{said}{mathml_name(name.name)}", EQUALS, typeset(plain(name.value), MATHML)))
    notes = "\n".join(formula.notes()).replace("--", "- -")
    table = "<mtable>\n" + "\n".join(rows) + "\n</mtable>"
    return f"<!-- {notes} -->\n" + math(table, _spoken(formula), display=True) + "\n"


def _mathml_rest(part: Part) -> str:
    return f"<mo>+</mo><mo>…</mo><mtext>\u00a0({part.rest()})</mtext>"


def _row(*cells: str) -> str:
    return "<mtr>" + "".join(f'<mtd style="text-align: left">{cell}</mtd>' for cell in cells) + "</mtr>"


def _spoken(formula: Formula) -> str:
    """Return a formula with what its names stand for as one line."""
    meaning = " ".join(_with(formula).split())
    return f"{formula.metric} = {_line(formula)}{f' {meaning}' if meaning else ''}"


def _line(formula: Formula) -> str:
    return one_line(formula.form) + (f" + ... ({formula.part.rest()})" if formula.part else "")


def compiled(formula: Formula, notation: str) -> Callable[..., Any]:
    """Return a formula as a function of Python.

    Raises:
        UsageError: it is a program of another language, or no program.
    """
    if notation not in ("python", "numpy"):
        raise UsageError(f"a function to call is made in python or numpy, not in {quoted(notation)}")
    function = _program(formula)
    space: dict[str, Any] = {}
    source = PROGRAMS[notation](replace(function, notes=()))
    exec(compile(source, f"<{formula.cost.name}: {formula.metric}>", "exec"), space)  # noqa: S102 - our own program
    found: Callable[..., Any] = next(reversed(space.values()))
    found.__doc__ = "\n".join(function.notes)
    return found


def _program(formula: Formula) -> Function:
    view = formula.view
    if not formula.expanded:
        raise UsageError(
            "a program is the whole formula in the network's own symbols; to collect, factor, name and shorten is "
            "for people: text, latex, mathml and json"
        )
    arguments = {key: Argument(s.kind, s.default) for key, s in formula.cost.symbols.items()}
    whole = ("computes in whole numbers: the result is rounded down",) if view.name == "smooth" else ()
    return Function(view.metric, view.value, arguments, (*formula.notes(), *whole))


def data(formula: Formula) -> dict[str, Any]:
    """Return a formula as data; ``part`` is null where it is the whole."""
    cost, form = formula.cost, formula.form
    return {
        "schema": 1,
        "name": cost.name,
        "convention": cost.convention.name,
        "symbols": symbols(cost.symbols),
        **formula.view.to_json(),
        "text": _line(formula),
        "latex": latex(form),
        "mathml": mathml(form),
        "terms": tree(form),
        "names": [_name(name) for name in formula.names],
        "part": formula.part.to_json() if formula.part else None,
    }


def _name(name: Name) -> dict[str, Any]:
    value = name.value
    return {"name": name.name, "text": one_line(value), "latex": latex(value), "terms": tree(value)}


PROGRAMS: dict[str, Callable[[Function], str]] = {"python": python, "numpy": numpy, "c": c, "js": js}
PEOPLE: dict[str, Callable[[Formula], str]] = {"text": _text, "latex": _latex, "mathml": _mathml}
NOTATIONS = (*PEOPLE, *PROGRAMS, "json")
