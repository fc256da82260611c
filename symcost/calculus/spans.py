"""Which values of a size make one formula less than, equal to or greater than another: every range of them, proved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from symcost.algebra.atoms import Number, exact
from symcost.algebra.needs import Need
from symcost.algebra.poly import Num
from symcost.calculus.signs import MOST_RUNS, Run, runs
from symcost.solver.condition import GaveUp, narrowed
from symcost.solver.curve import Curve
from symcost.solver.lattice import Lattice
from symcost.solver.track import Track

RELATIONS = {-1: "<", 0: "=", 1: ">"}


@dataclass(frozen=True)
class Span:
    """Allowed values of a size, ``step`` apart, where one relation holds.

    Attributes:
        first: the least of them.
        last: the greatest of them, None where they have no end.
        relation: of the first formula to the second: ``<``, ``=`` or ``>``.
        step: their distance; conditions on the size may leave out some of them.
    """

    first: Number
    last: Number | None
    relation: str
    step: Number = 1

    def __str__(self) -> str:
        return f"{self.relation} {self.where()}"

    def where(self, name: str = "") -> str:
        """Return the values in words, such as ``T from 1 to 40``."""
        lead = f"{name} " if name else ""
        if self.first == self.last:
            return f"{lead}{'= ' if name else ''}{self.first}"
        end = "on" if self.last is None else f"to {self.last}"
        return f"{lead}from {self.first} {end}" + (f" in steps of {self.step}" if self.step != 1 else "")


def spans(gap: Num, needs: Sequence[Need], step: Number, low: int, high: int | None) -> tuple[Span, ...]:
    """Return the signs of a formula in the whole number k, for the values step * k from low to high, in order.

    Values between which a condition leaves out others are in one span. Where the sign goes from class to class of k
    (as with gcds), there is a span for each class.

    Raises:
        GaveUp: there are more spans than can be listed, or not all signs are decided with the work allowed.
    """
    lattice = Lattice.of(needs, [gap])
    classes = [(track, list(_of_track(gap, lattice, track, low, high))) for track in lattice.tracks]
    return tuple(_put_together([(track, found) for track, found in classes if found], step))


def _of_track(gap: Num, lattice: Lattice, track: Track, low: int, high: int | None) -> Iterator[Run]:
    """Yield the runs of a class, in k."""
    places = track.places(low, high)
    conditions = lattice.conditions(track)
    inside = places and narrowed(conditions, *places)
    if not inside:
        return
    if inside.open:
        raise GaveUp
    for run in runs(Curve(gap, track), inside.first, inside.last):
        yield Run(track.k(run.first), None if run.last is None else track.k(run.last), run.sign)


def _put_together(classes: list[tuple[Track, list[Run]]], step: Number) -> Iterator[Span]:
    """Yield the spans of all classes: one where they agree between neighbouring changes, else one for each."""
    together: list[tuple[Span, bool]] = []
    for low, high in _pieces([found for _, found in classes]):
        parts = [part for track, found in classes for part in _within(track, found, low, high)]
        alike = {run.sign for _, run in parts}
        if len(alike) == 1:
            parts = [_hull(parts)]
        for track, run in sorted(parts, key=lambda part: part[1].first):
            apart = step * (track.modulus or 1)
            last = None if run.last is None else exact(step * run.last)
            _append(together, Span(exact(step * run.first), last, RELATIONS[run.sign], apart), joined=len(alike) == 1)
        if len(together) > MOST_RUNS:
            raise GaveUp
    yield from (span for span, _ in together)


def _append(together: list[tuple[Span, bool]], span: Span, *, joined: bool) -> None:
    if together and joined and together[-1][1] and together[-1][0].relation == span.relation:
        first = together.pop()[0].first
        span = Span(first, span.last, span.relation, span.step)
    together.append((span, joined))


def _pieces(classes: list[list[Run]]) -> Iterator[tuple[int, int | None]]:
    """Yield ranges in which no class has a change, in order."""
    changes = {run.first for found in classes for run in found[1:]}
    starts = sorted({min(found[0].first for found in classes), *changes}) if classes else []
    for low, after in pairwise([*starts, None]):
        if low is not None:
            yield low, None if after is None else after - 1


def _within(track: Track, found: list[Run], low: int, high: int | None) -> Iterator[tuple[Track, Run]]:
    """Yield the part of a class in a range."""
    for run in found:
        top = high if run.last is None else run.last if high is None else min(run.last, high)
        places = track.places(max(run.first, low), top)
        if places:
            yield track, Run(track.k(places[0]), None if places[1] is None else track.k(places[1]), run.sign)


def _hull(parts: list[tuple[Track, Run]]) -> tuple[Track, Run]:
    """Return neighbouring values of one sign as one run."""
    lasts = [run.last for _, run in parts if run.last is not None]
    endless = len(lasts) < len(parts)
    whole = Run(min(run.first for _, run in parts), None if endless else max(lasts), parts[0][1].sign)
    return Track(), whole
