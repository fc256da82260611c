"""The conditions that formulas assume, in words, without those that others imply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from symcost.algebra.atoms import Number
from symcost.algebra.implied import essential
from symcost.algebra.needs import AtLeast, Divides, Need
from symcost.algebra.poly import symbol
from symcost.graph.model import Graph
from symcost.spec.symbols import Symbol


class Condition(NamedTuple):
    """What must hold, and the node that asks for it; no node where a symbol's declaration does."""

    text: str
    node: str = ""


def conditions(graph: Graph) -> list[Condition]:
    """Return the conditions under which the formulas of a graph hold."""
    box = {name: (s.least, s.max) for name, s in graph.symbols.items()}
    declared = [need for name, s in graph.symbols.items() for need in _declared(name, s)]
    kept = essential([*declared, *graph.needs], box)
    most = [Condition(f"{name} <= {s.max}") for name, s in graph.symbols.items() if s.max is not None]
    return [*most, *(Condition(need.phrase(box), graph.needs.get(origin, "")) for need, origin in kept.items())]


def _declared(name: str, declared: Symbol) -> list[Need]:
    """Return what the declaration of a symbol asks for."""
    size = symbol(name, declared.kind)
    least = [AtLeast(size, declared.min)] if declared.min is not None and declared.min > 1 else []
    return [*least, *([Divides(declared.step, size)] if declared.step > 1 else [])]


def listed(values: Mapping[str, Number | bool]) -> str:
    """Return values of symbols in words."""
    return ", ".join(f"{name} = {str(v).lower() if isinstance(v, bool) else v}" for name, v in values.items())
