"""Which metrics a page shows where none are asked for: the usual ones, and peaks whose formulas are not long."""

from __future__ import annotations

from symcost.algebra.poly import Num, atoms_of, symbols_of, terms_of
from symcost.algebra.rounding import Rounded
from symcost.cost import Cost
from symcost.errors import NoAnswer
from symcost.graph.model import Graph

USUAL = ("params", "params_active", "macs", "flops", "activations", "kv_cache")
MEMORY = ("infer_bytes", "train_bytes")
LONGEST = 160
"""A peak with more terms in its options is not shown unless asked for: it would be most of a page."""
MANIFOLD = 450
"""Shapes times atoms beyond which the peak of a training step takes seconds to find; three times as many are well
where no repetition is counted by a symbol and nothing is rounded to channels."""


def chosen(cost: Cost, asked: tuple[str, ...]) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """Return the metrics to show, and those left out with the reason.

    Args:
        cost: of a network.
        asked: the metrics that were asked for; where there are none, the usual ones are shown.
    """
    if asked:
        return tuple(dict.fromkeys(asked)), []
    left_out: dict[str, str] = {}
    for name in MEMORY:
        if reason := _unshown(cost, name):
            left_out[name] = reason
    usual = [name for name in USUAL if name in cost.metrics]
    shown = (*usual, *(name for name in MEMORY if name not in left_out))
    return shown, [{"name": name, "why": why} for name, why in left_out.items()]


def _unshown(cost: Cost, name: str) -> str:
    """Return why a peak is not shown by default; empty where it is."""
    if name == "train_bytes" and _manifold(cost):
        return "its formula takes long to find, as many sizes compete; ask for it by name"
    try:
        size = _length(cost.poly(name))
    except NoAnswer as error:
        return str(error)
    return f"its formula has {size:,} terms; ask for it by name" if size > LONGEST else ""


def _manifold(cost: Cost) -> bool:
    """Tell whether tensors of so many sizes may be the largest that comparing them takes seconds."""
    shapes = {shape for node in cost.graph.nodes for shape in node.facts.outs}
    atoms = atoms_of(cost.poly("activations"))
    depths = _depths(cost.graph)
    plain = not depths and not any(isinstance(atom, Rounded) for atom in atoms)
    return len(depths) > 1 or len(shapes) * len(atoms) > (3 * MANIFOLD if plain else MANIFOLD)


def _depths(graph: Graph) -> list[str]:
    """Return the symbols that count rounds of repetitions."""
    return sorted({name for node in graph.nodes for loop in node.loops for name in symbols_of(loop.count)})


def _length(x: Num) -> int:
    """Return how many terms a formula has, those of a largest's options included."""
    options = (option for atom in atoms_of(x) for option in getattr(atom, "options", ()))
    return len(terms_of(x)) + sum(len(terms_of(option)) for option in options)
