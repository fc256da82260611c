"""The values an unknown may take, searched class by class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, evaluate
from symcost.solver.budget import Budget
from symcost.solver.condition import Bound, Condition, Narrowed, narrowed
from symcost.solver.curve import Curve
from symcost.solver.lattice import Lattice
from symcost.solver.question import Question
from symcost.solver.search import Endless, Search
from symcost.solver.track import K, Track


class Space:
    """All k that a question allows, and the formulas of its budgets over them.

    Attributes:
        question: what is asked.
        formulas: the metrics of the budgets, in k.
        search: what finds numbers, and knows how much it had to do.
    """

    def __init__(self, question: Question) -> None:
        self.question = question
        self.formulas: dict[str, Num] = {b.metric: question.formula(b.metric) for b in question.budgets}
        self.search = Search()
        self._curves: dict[tuple[str, Track], Curve] = {}

    @cached_property
    def lattice(self) -> Lattice:
        """The classes of numbers that the conditions allow."""
        return Lattice.of(self.question.needs(), list(self.formulas.values()), self.question.domain.points)

    def values(self, k: int) -> dict[str, Number]:
        """Return every metric's value at k."""
        return {metric: evaluate(formula, {K: k}) for metric, formula in self.formulas.items()}

    def greatest(self, budgets: Sequence[Budget], low: int, high: int | None) -> int | None:
        """Return the greatest allowed k from low to high that meets the budgets, or None.

        Raises:
            Endless: there is no greatest; from ``start`` on all do, where that is so in every class.
            GaveUp: the work allowed is used up.
        """
        found, starts = None, []
        for track in self.lattice.tracks:
            places = track.places(low if found is None else found + 1, high)
            try:
                j = places and self.search.greatest(self._conditions(track, budgets), *places)
            except Endless as endless:
                starts.append(track.k(endless.start or 0))
                continue
            found = found if j is None else track.k(j)
        if starts:
            raise Endless(max(starts) if len(starts) == len(self.lattice.tracks) else None)
        return found

    def least(self, budgets: Sequence[Budget], low: int, high: int | None) -> int | None:
        """Return the least allowed k from low to high that meets the budgets, or None.

        Raises:
            GaveUp: the work allowed is used up.
        """
        found = None
        for track in self.lattice.tracks:
            places = track.places(low, high if found is None else found - 1)
            j = places and self.search.least(self._conditions(track, budgets), *places)
            found = found if j is None else track.k(j)
        return found

    def extreme(self, metric: str, sign: int) -> tuple[Number, int] | None:
        """Return the least (sign 1) or greatest (sign -1) value of a metric over all allowed k, and where it is taken.

        None where there is none, or where conditions that are met here and there only leave it unsure.

        Raises:
            GaveUp: the work allowed is used up.
        """
        found = [self._extreme(self._curve(metric, track), track, inside, sign) for track, inside in self._allowed()]
        sure = [pair for pair in found if pair is not None]
        return min(sure, key=lambda pair: pair[0] * sign) if sure and len(sure) == len(found) else None

    def monotone(self) -> bool:
        """Tell whether every metric is proved never to turn back along any class of what is allowed."""
        return all(
            self._curve(metric, track).trend(inside.first, inside.last) is not None
            for track, inside in self._allowed()
            for metric in self.formulas
        )

    def in_one_piece(self) -> bool:
        """Tell whether all that is allowed between two values which meet the budgets is proved to meet them."""
        q = self.question
        curves = (self._curve(metric, Track()) for metric in self.formulas)
        return all(curve.trend(q.domain.low, q.domain.high) is not None for curve in curves)

    def _allowed(self) -> Iterator[tuple[Track, Narrowed]]:
        """Yield every class with the range of its places that the conditions leave."""
        for track in self.lattice.tracks:
            places = track.places(self.question.domain.low, self.question.domain.high)
            inside = places and narrowed(self.lattice.conditions(track), *places)
            if inside:
                yield track, inside

    def _extreme(self, curve: Curve, track: Track, inside: Narrowed, sign: int) -> tuple[Number, int] | None:
        best = self.search.minimum(curve if sign > 0 else curve.negated(), inside.first, inside.last)
        if best is None or not all(condition.met(best[1]) for condition in inside.open):
            return None
        return best[0] * sign, track.k(best[1])

    def _curve(self, metric: str, track: Track) -> Curve:
        key = (metric, track)
        if key not in self._curves:
            self._curves[key] = Curve(self.formulas[metric], track)
        return self._curves[key]

    def _conditions(self, track: Track, budgets: Sequence[Budget]) -> list[Condition]:
        asked: list[Condition] = [
            Bound(self._curve(b.metric, track), relation, limit) for b in budgets for relation, limit in b.ends
        ]
        return self.lattice.conditions(track) + asked
