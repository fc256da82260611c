"""Random points of the shipped networks: what symcost says of them, and what the plain interpreter does.

A point is a value for every symbol. Points come in batches that share what decides how the interpreter runs: the
variant, the structure, and how often bodies repeat.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path

import numpy as np
import numpy.typing as npt

import symcost
from symcost.algebra.atoms import Env, Number, Symbol
from symcost.algebra.implied import essential
from symcost.algebra.needs import Divides, Need
from symcost.algebra.poly import NotExact, Num, atoms_of, evaluate, symbol, symbols_of
from symcost.bindings import bind
from symcost.catalog import names
from symcost.cost import Cost
from symcost.errors import NoAnswer, SpecError
from symcost.graph.assumptions import narrow_box
from symcost.spec.symbols import Symbol as Declared
from tests.specs.naive.columns import Column, Split
from tests.specs.naive.terms import Misfit, Totals
from tests.specs.naive.walk import count
from tests.specs.test_naive import draw

Point = dict[str, Number | bool]
Sums = dict[str, Number]
Structure = tuple[tuple[str, Number | bool], ...]
METRICS = tuple(asdict(Totals()))
DEEPEST, STRUCTURES = 12, 6


@dataclass
class Tally:
    """What came out for one network.

    Attributes:
        admitted: points that both take, each with equal totals or among the ``wrong``.
        refused: points that both refuse.
        even: points on which the divisible view holds, by chance or since they were made to.
        between: points at which the exact value was looked for between the polynomials of the smooth view.
        wrong: points with what went wrong there.
    """

    admitted: int = 0
    refused: int = 0
    even: int = 0
    between: int = 0
    wrong: list[tuple[str, Point]] = field(default_factory=list)


class Views:
    """The views of every metric that the interpreter counts and that has a form, for one cost."""

    def __init__(self, cost: Cost) -> None:
        self.cost = cost
        metrics = [metric for metric in METRICS if has_form(cost, metric)]
        self.exact = {metric: cost.view(metric).value for metric in metrics}
        self.divisible = {metric: cost.view(metric, "divisible") for metric in metrics}
        self.between = {metric: cost.view(metric, "smooth").envelope for metric in metrics}
        even = (need for view in self.divisible.values() for need in view.even)
        self.parts = in_parts(essential(even, narrow_box(cost.graph)))

    def compare(self, points: list[Point], expected: list[Sums | None], tally: Tally) -> None:
        """Compare all views with what loops counted."""
        for point, sums in zip(points, expected, strict=True):
            env = admitted(self.cost, point)
            if env is None or sums is None:
                tally.refused += env is None and sums is None
                tally.wrong += [("one of the two refuses", point)] if (env is None) != (sums is None) else []
                continue
            tally.admitted += 1
            for wrong in (*self._exact(env, sums), *self._even(env, sums, tally), *self._between(env, sums, tally)):
                tally.wrong.append((wrong, point))

    def _exact(self, env: Env, sums: Sums) -> Iterator[str]:
        if any(evaluate(value, env) != sums[metric] for metric, value in self.exact.items()):
            yield "exact"

    def _even(self, env: Env, sums: Sums, tally: Tally) -> Iterator[str]:
        if not all(need.holds(env) for view in self.divisible.values() for need in view.even):
            return
        tally.even += 1
        if any(evaluate(view.value, env) != sums[metric] for metric, view in self.divisible.items()):
            yield "divisible"

    def _between(self, env: Env, sums: Sums, tally: Tally) -> Iterator[str]:
        if not all(need.holds(env) for envelope in self.between.values() for need in envelope.needs):
            return
        tally.between += 1
        for metric, (below, above, _) in self.between.items():
            if not evaluate(below, env) <= sums[metric] <= evaluate(above, env):
                yield f"smooth, {metric}"


def has_form(cost: Cost, metric: str) -> bool:
    """Tell whether a metric has a formula: a sum over rounds, or a peak, may be without one."""
    try:
        cost.poly(metric)
    except (NoAnswer, NotExact):
        return False
    return True


def specs() -> dict[str, list[str]]:
    """Return the names of each spec file's network and variants."""
    found: dict[str, list[str]] = {}
    for name, path in names().items():
        found.setdefault(path.stem, []).append(name)
    return found


def batches(family: str, size: int, chance: random.Random) -> Iterator[Batch]:
    """Yield batches of points without end, of the network and its variants in turn; in each third all sizes divide."""
    built: dict[tuple[str, Structure], Views] = {}
    for turn, name in enumerate(cycle(specs()[family])):
        try:
            (name, structure), seen = viewed(name, built, chance)  # noqa: PLW2901 - one seen before in its stead
        except SpecError:  # such a structure is refused at all sizes
            continue
        same = shallow(draw(chance, {key: seen.cost.symbols[key] for key in rounds(seen.cost)}), seen.cost.symbols)
        drawn = [{**dict(structure), **draw(chance, seen.cost.symbols), **same} for _ in range(size)]
        points = [evened(seen, point) for point in drawn] if turn % 3 == 2 else drawn
        yield Batch(names()[name], None if name == names()[name].stem else name, seen, points)


def viewed(
    name: str, built: dict[tuple[str, Structure], Views], chance: random.Random
) -> tuple[tuple[str, Structure], Views]:
    """Return a network with a structure drawn at random and its views; one seen before once there are several."""
    network = symcost.load(name)
    structural = {key: s for key, s in network.symbols.items() if s.structural}
    key = (name, tuple(draw(chance, structural).items()))
    if key not in built and len(built) >= STRUCTURES:
        key = chance.choice(list(built))
    if key not in built:
        built[key] = Views(network.cost("torch", **dict(key[1])))
    return key, built[key]


def rounds(cost: Cost) -> list[str]:
    """Return the symbols that say how often bodies repeat."""
    found = frozenset().union(*(symbols_of(loop.count) for node in cost.graph.nodes for loop in node.loops))
    return [name for name in cost.symbols if name in found]


def shallow(depths: Point, symbols: Mapping[str, Declared]) -> Point:
    """Return numbers of rounds that loops are through with soon: patterns of layers come round in fewer than these."""
    most = {name: max(DEEPEST // symbols[name].step, 1) * symbols[name].step for name in depths}
    return {name: (int(depth) - 1) % most[name] + 1 for name, depth in depths.items()}


def evened(views: Views, point: Point) -> Point:
    """Return a point on which the divisible view holds, made of another one."""
    return {**point, **{name: evaluate(part, {name: 1 + int(point[name]) % 60}) for name, part in views.parts.items()}}


def in_parts(needs: Iterable[Need]) -> dict[str, Num]:
    """Return what puts assumptions on parts of sizes into a formula: H = 32 H + 1 for ``H modulo 32 is 1``."""
    parts: dict[str, Num] = {}
    for need in needs:
        if not isinstance(need, Divides):  # a size at or above a bound, as where a width only grows
            continue
        assert isinstance(need.n, int), need
        for letter in sorted(atoms_of(need.a)):
            assert isinstance(letter, Symbol)
            alone = len(need.symbols) == 1
            rest = -int(evaluate(need.a, dict.fromkeys(need.symbols, 0))) % need.n if alone else 0
            period = 1 if letter.kind == "ratio" and not alone else need.n
            parts[letter.name] = symbol(letter.name) * period + rest
    return parts


@dataclass(frozen=True)
class Batch:
    """Points of one network that have its structure and its depth in common."""

    path: Path
    variant: str | None
    views: Views
    points: list[Point]

    def tally(self, tally: Tally) -> None:
        """Add to a tally what comes out."""
        self.views.compare(self.points, of_loops(self.path, self.variant, self.points), tally)


def of_loops(path: Path, variant: str | None, points: list[Point]) -> list[Sums | None]:
    """Return the plain interpreter's totals at each point, None where it refuses."""
    if not points:
        return []
    columns = {name: _column([point[name] for point in points]) for name in points[0]}
    try:
        totals = count(path, variant, **columns)
    except Misfit:
        return [None] * len(points)
    except Split as split:
        return _apart(path, variant, points, split.mask)
    return [{metric: _at(getattr(totals, metric), i) for metric in METRICS} for i in range(len(points))]


def _column(values: list[Number | bool]) -> object:
    return values[0] if isinstance(values[0], bool) or len(set(values)) == 1 else Column(values)


def _at(total: object, i: int) -> Number:
    value: Number = total.values[i] if isinstance(total, Column) else total  # type: ignore[assignment]
    return value


def _apart(path: Path, variant: str | None, points: list[Point], mask: npt.NDArray[np.bool_]) -> list[Sums | None]:
    parts = [[point for point, way in zip(points, mask, strict=True) if way == side] for side in (True, False)]
    found = [iter(of_loops(path, variant, part)) for part in parts]
    return [next(found[0] if way else found[1]) for way in mask]


def admitted(cost: Cost, point: Mapping[str, Number | bool]) -> dict[str, Number] | None:
    """Return values of the free symbols, None where they break a bound or a condition."""
    try:
        env = bind(cost.graph, {name: value for name, value in point.items() if name in cost.symbols}, check=False)
    except SpecError:
        return None
    return env if all(need.holds(env) for need in cost.graph.needs) else None
