"""Numbers as JSON takes them: sizes as they are, amounts as exact text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from symcost.algebra.atoms import Number
from symcost.algebra.expression import Expr
from symcost.cost import Cost
from symcost.solver.amounts import unit_of
from symcost.spec.symbols import Symbol


def size(value: Number | bool | Expr) -> int | bool | str:
    """Return the value of a symbol; a fraction is text such as ``3/4``, and so is an expression in constants."""
    return value if isinstance(value, int) else str(value)


def sizes(values: Mapping[str, Number | bool]) -> dict[str, int | bool | str]:
    """Return the values of symbols."""
    return {name: size(value) for name, value in values.items()}


def amounts(values: Mapping[str, Any]) -> dict[str, str]:
    """Return amounts as text, every digit of them."""
    return {name: str(value) for name, value in values.items()}


def units(cost: Cost, names: Iterable[str]) -> dict[str, str]:
    """Return the units of metrics; an expression in them says itself what it counts."""
    return {name: unit for name in names if (unit := unit_of(name, cost.convention))}


def symbol(declared: Symbol) -> dict[str, Any]:
    """Return what is declared of a symbol, without what is not."""
    facts: dict[str, Any] = {"kind": declared.kind}
    for key in ("default", "min", "max"):
        value = getattr(declared, key)
        facts |= {} if value is None else {key: size(value)}
    if declared.multiple_of != 1:
        facts["multiple_of"] = declared.step if declared.step > 1 else str(declared.multiple_of)
    return facts | ({"about": declared.about} if declared.about else {})


def symbols(declared: Mapping[str, Symbol]) -> dict[str, Any]:
    """Return what is declared of symbols."""
    return {name: symbol(s) for name, s in declared.items()}
