"""Sliders over a cost, in a notebook."""

from __future__ import annotations

from collections.abc import Container, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from symcost.architecture import Architecture, Value, load
from symcost.cost import Cost
from symcost.errors import UsageError, require
from symcost.setup import settings
from symcost.solver.budget import Budget

if TYPE_CHECKING:
    from symcost.explorer.widget import Explorer


def explore(
    network: Cost | Architecture | str | Path,
    /,
    metrics: str | Iterable[str] = (),
    budgets: str | Budget | Iterable[str | Budget] = (),
    solve_for: str = "",
    convention: str = "symcost",
    **sizes: Value,
) -> Explorer:
    """Return sliders for the sizes of a network: they move its totals, their break-down, and the answer within budgets.

        >>> w = symcost.explore("resnet50", budgets="macs <= 2G", solve_for="C")
        >>> w.at  # where the sliders stand
        {'B': 1, 'H': 224, 'W': 224, 'C': 64, 'K': 1000}

    Args:
        network: a cost, or a network, or the name or path of one.
        metrics: names of those to show; the usual ones where none are given. What budgets speak of is added.
        budgets: such as ``"macs <= 2G"``.
        solve_for: the size to solve for within the budgets; a width where none is given.
        convention: by which FLOPs of a network are counted; a cost has its own.
        **sizes: where the sliders start, defaults filling the rest. Of a network also values that decide its structure.

    Raises:
        SpecError: a value is refused, or the spec does not describe a network.
        UsageError: anywidget is missing, or there is no such metric, budget or size.
    """
    require("anywidget", "notebook", "sliders in a notebook need")
    from symcost.explorer.widget import Explorer

    several = (metrics,) if isinstance(metrics, str) else tuple(metrics)
    if isinstance(network, Cost):
        _check(sizes, network.symbols)
        return Explorer(network, None, several, budgets, solve_for, sizes)
    known = network if isinstance(network, Architecture) else load(network)
    _check(sizes, [*known.spec.symbols, *known.symbols])
    decided = {name: value for name, value in sizes.items() if known.decides(name)}
    known = known.fix(**decided)
    free = {name: value for name, value in sizes.items() if name not in decided}
    return Explorer(known.cost(convention), known, several, budgets, solve_for, free)


def _check(sizes: Iterable[str], own: Container[str]) -> None:
    """Refuse settings of a setup, which a network is put under, among the sizes."""
    for name in sizes:
        if name in settings() and name not in own:
            raise UsageError(f"{name} is a setting, not a size: explore network.under({name}=...)")
