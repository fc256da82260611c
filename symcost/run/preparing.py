"""What preparing data costs: work by kind in rows and columns, as polynomials."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from symcost.algebra.poly import Num
from symcost.defined import defined_in
from symcost.errors import UsageError, did_you_mean, quoted
from symcost.ops.facts import Work


class Data(NamedTuple):
    """A table of numbers.

    Attributes:
        rows: N, the examples.
        columns: D, the numbers in each.
        categories: K, how many values a column takes, where a step asks.
    """

    rows: Num
    columns: Num
    categories: Num | None = None


@dataclass(frozen=True)
class Preparation:
    """A step that prepares data.

    Attributes:
        name: what it is asked for by.
        about: one line: what it does, and by which algorithm.
        source: where the algorithm, or the count, is from.
        work: work by kind.
        moves: numbers written to a new place.
        growth: order of growth of work and moves together, in N, D and K: what they come to as N, and then D, grow.
        every_epoch: whether it is done anew in every epoch, as random augmentation is.
        at_most: whether the counts are bounds, which some data reach and other data do not.
    """

    name: str
    about: str
    source: str
    work: Callable[[Data], Work]
    growth: str
    moves: Callable[[Data], Num] = lambda _: 0
    every_epoch: bool = False
    at_most: bool = False


@cache
def preparations() -> dict[str, Preparation]:
    """Return every step by name: each is a file of ``symcost.run.preparation``."""
    from symcost.run import preparation as package

    return {found.name: found for found in defined_in(package, "STEP")}


def read_preparation(text: str) -> tuple[Preparation, ...]:
    """Return the steps that ``normalize+fill_missing`` names, in order; none for an empty text.

    Raises:
        UsageError: there is none of a name.
    """
    return tuple(map(_step, _names(text)))


def _names(text: str) -> Iterable[str]:
    return (word.strip() for word in text.split("+")) if text.strip() else ()


def _step(name: str) -> Preparation:
    known = preparations()
    if name not in known:
        raise UsageError(
            f"there is no preparation {quoted(name)}{did_you_mean(name, known)}; there are {', '.join(known)}"
        )
    return known[name]
