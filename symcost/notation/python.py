"""Formulas as Python functions on exact integers."""

from __future__ import annotations

from keyword import kwlist

from symcost.algebra.atoms import Number
from symcost.notation.code import Dialect, draft
from symcost.notation.function import Argument, Function
from symcost.notation.identifiers import comments

PYTHON = Dialect(
    integer=str,
    power=lambda base, exponent: f"{base}**{exponent}",
    raised=lambda base, exponent: f"{base}**{exponent}",
    largest=lambda names: f"max({', '.join(names)})",
    truncates=False,
    reserved=frozenset((*kwlist, "Fraction", "gcd", "make_divisible", "max")),
)
IMPORTS = {"fraction": "from fractions import Fraction\n", "gcd": "from math import gcd\n"}
ROUND = '''\
def make_divisible(n, d, divisor, least):
    """Round n/d to a multiple of divisor, at least least and 9/10 of n/d."""
    rounded = max(least, (2*n + d*divisor)//(2*d*divisor)*divisor)
    return rounded + divisor if 10*rounded*d < 9*n else rounded
'''


def python(function: Function) -> str:
    """Return the source of a module with one function, exact for integers and, where a symbol is a ratio, fractions."""
    made = draft(PYTHON, function)
    start, end = made.around
    if end == ")" and any(a.kind == "ratio" for a in function.arguments.values()):
        end = ")//1"  # a whole fraction becomes an int
    body = [f"    {step} = {value}" for step, value in made.steps]
    body += [f"    return {start}", *(f"        {line}" for line in made.sum), f"    {end}"]
    head = f"def {made.name}({', '.join(_parameters(function, made.arguments))}):"
    notes = comments(function.notes, "#")
    return notes + _preamble(made.calls, function) + "\n".join([head, *body]) + "\n"


def _parameters(function: Function, names: dict[str, str]) -> list[str]:
    """Return the parameters, those without default first, as Python wants them."""
    given = sorted(function.arguments.items(), key=lambda item: item[1].default is not None)
    return [names[name] + ("" if a.default is None else f"={_default(a)}") for name, a in given]


def _default(argument: Argument) -> str:
    value = argument.default
    return str(value) if isinstance(value, int) else f'Fraction("{value}")'


def _preamble(calls: set[str], function: Function) -> str:
    if any(_fraction(argument.default) for argument in function.arguments.values()):
        calls = calls | {"fraction"}
    imports = "".join(text for name, text in IMPORTS.items() if name in calls)
    defined = f"\n\n{ROUND}" if "make_divisible" in calls else ""
    return f"{imports}{defined}\n\n" if imports or defined else ""


def _fraction(value: Number | None) -> bool:
    return value is not None and not isinstance(value, int)
