"""A break-down as a picture: shares of several metrics as bars, or one metric as areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, evaluate
from symcost.errors import UsageError, did_you_mean, quoted
from symcost.picture.bars import Part, bars
from symcost.picture.treemap import Leaf, treemap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

KINDS = ("bars", "treemap")


class RowLike(Protocol):
    """A line of a break-down."""

    @property
    def name(self) -> str:
        """Return what it stands for."""

    @property
    def values(self) -> Mapping[str, Num]:
        """Return the amount of each metric."""


def check_kind(kind: str) -> None:
    """Refuse a kind of picture that there is not.

    Raises:
        UsageError: it is none.
    """
    if kind not in KINDS:
        hint = did_you_mean(kind, KINDS, f"; there are {' and '.join(KINDS)}")
        raise UsageError(f"there is no picture {quoted(kind)} of a break-down{hint}")


def draw(
    rows: Sequence[RowLike],
    units: Mapping[str, str],
    env: Mapping[str, Number],
    *,
    kind: str,
    by: str,
    depth: int,
    title: str,
    ax: Axes | None,
) -> Axes:
    """Draw rows that add up to their totals, and return the axes drawn on.

    Args:
        rows: in order.
        units: of the metrics to show; areas show the first.
        env: values of all symbols.
        kind: one of ``KINDS``.
        by: what a row stands for.
        depth: how many levels of a row's name make the block that its area is in.
        title: above.
        ax: what to draw on, new axes by default.

    Raises:
        UsageError: some amount is below zero, so that shares of it have no meaning.
    """
    parts = [Part(row.name, {name: Fraction(evaluate(row.values[name], env)) for name in units}) for row in rows]
    for part in parts:
        for name, amount in part.amounts.items():
            if amount < 0:
                raise UsageError(f"{part.name} has {amount} {name}, and shares of what is below 0 are not drawn")
    if kind == "bars":
        return bars(parts, units, title, by, ax)
    metric, unit = next(iter(units.items()))
    return treemap(_leaves(parts, metric, depth), unit, title, ax)


def _leaves(parts: Sequence[Part], metric: str, depth: int) -> list[Leaf]:
    """Return the parts as leaves of blocks; what the names of all leaves of a block begin with is in the block's."""
    blocks: dict[tuple[str, ...], list[Part]] = {}
    for part in parts:
        blocks.setdefault(tuple(part.name.split(".")[:depth]), []).append(part)
    found = []
    for block, own in blocks.items():
        paths = [part.name.split(".") for part in own]
        lead = len(block) if len(own) == 1 else _alike(paths)
        for part, path in zip(own, paths, strict=True):
            name = "" if len(own) == 1 else ".".join(path[lead:])
            found.append(Leaf(".".join(path[:lead]), name, part.amounts[metric]))
    return found


def _alike(paths: Sequence[Sequence[str]]) -> int:
    """Return how many steps several paths begin with alike."""
    steps = zip(*paths, strict=False)
    return next((i for i, step in enumerate(steps) if len(set(step)) > 1), min(map(len, paths)))
