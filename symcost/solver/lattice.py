"""The whole numbers that the conditions on a size allow, as residue classes along which formulas are smooth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

from symcost.algebra.needs import AtLeast, Equal, Need
from symcost.algebra.poly import Num
from symcost.solver.condition import Bound, Condition, Test
from symcost.solver.curve import Curve
from symcost.solver.period import candidates, gcd_period, modulus
from symcost.solver.track import K, Track

MOST_TESTED = 4096
MOST_CLASSES = 64


@dataclass(frozen=True)
class Lattice:
    """Residue classes, and the conditions that they do not take care of.

    Attributes:
        tracks: all of the same modulus, or all single numbers.
        needs: conditions in k to be met besides.
    """

    tracks: tuple[Track, ...]
    needs: tuple[Need, ...]

    @classmethod
    def of(cls, needs: Sequence[Need], formulas: Sequence[Num], points: Sequence[int] | None = None) -> Lattice:
        """Turn every condition that repeats into residues, every finite one into its numbers, and split by gcd.

        Args:
            needs: conditions in k.
            formulas: of the budgets, in k.
            points: all numbers there are, where these are listed.
        """
        if points is None:
            points = next((found for need in needs if (found := candidates(need)) is not None), None)
        if points is not None:
            allowed = (point for point in points if all(need.holds({K: point}) for need in needs))
            return cls(tuple(Track(0, point) for point in allowed), ())
        tracks, rest = [Track()], []
        for need in needs:
            finer = _split(tracks, modulus(need), MOST_TESTED)
            rest += [] if finer else [need]
            tracks = [t for t in finer if need.holds({K: t.k(1)})] if finer else tracks
        for formula in formulas:
            tracks = _split(tracks, gcd_period(formula), MOST_CLASSES) or tracks
        return cls(tuple(tracks), tuple(rest))

    def conditions(self, track: Track) -> list[Condition]:
        """Return what the conditions besides ask along a class."""
        return [_condition(need, track) for need in self.needs]


def _split(tracks: list[Track], shift: int | None, most: int) -> list[Track]:
    """Return the classes of these numbers by what they are modulo a shift too; empty where these are too many."""
    if shift is None or not tracks:
        return []
    old = tracks[0].modulus
    new = lcm(old, shift)
    if new // old * len(tracks) > most:
        return []
    return [Track(new, residue) for t in tracks for residue in range(t.residue, new, old)]


def _condition(need: Need, track: Track) -> Condition:
    match need:
        case AtLeast():
            return Bound(Curve(need.a, track), ">=", need.least)
        case Equal():
            return Bound(Curve(need.a - need.b, track), "==", 0)
    return Test(lambda j: need.holds({K: track.k(j)}))
