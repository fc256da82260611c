"""The conditions that formulas assume, in words, without those that others imply."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from symcost.algebra.atoms import Box
from symcost.algebra.implied import essential
from symcost.algebra.needs import AtLeast, Divides, Need
from symcost.algebra.poly import Poly, symbol
from symcost.graph.model import Graph
from symcost.spec.symbols import Symbol


class Condition(NamedTuple):
    """What must hold, and the node that asks for it; no node where none does, such as for a symbol's declaration."""

    text: str
    node: str = ""


def conditions(graph: Graph, more: Iterable[Need] = ()) -> list[Condition]:
    """Return the conditions under which the formulas of a graph hold, and more of them."""
    box = box_of(graph)
    declared = [need for name, s in graph.symbols.items() for need in _declared(name, s)]
    kept = essential([*declared, *graph.needs, *more], box)
    most = [Condition(f"{name} <= {s.max}") for name, s in graph.symbols.items() if s.max is not None]
    return [*most, *(Condition(need.phrase(box), graph.needs.get(origin, "")) for need, origin in kept.items())]


def box_of(graph: Graph) -> Box:
    """Return the declared ranges of the symbols."""
    return {name: (s.least, s.max) for name, s in graph.symbols.items()}


def narrow_box(graph: Graph) -> Box:
    """Return ranges of the symbols that hold all values allowed: those declared, less what least sizes rule out."""
    box = dict(box_of(graph))
    for need in essential(graph.needs, box):
        match need:
            case AtLeast(Poly() as size, least) if len(need.symbols) == 1:
                (name,) = need.symbols
                low, high = box[name]
                if size == symbol(name, graph.symbols[name].kind):
                    box[name] = (max(low, least), high)
    return box


def _declared(name: str, declared: Symbol) -> list[Need]:
    """Return what the declaration of a symbol asks for."""
    size = symbol(name, declared.kind)
    least = [AtLeast(size, declared.min)] if declared.min is not None and declared.min > 1 else []
    return [*least, *([Divides(declared.step, size)] if declared.step > 1 else [])]
