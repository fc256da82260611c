"""Where one side overtakes the other as sizes grow, one at a time or some tied together."""

from __future__ import annotations

from collections.abc import Sequence

from symcost.algebra.needs import put
from symcost.algebra.poly import Num, evaluate, substitute, symbol, symbols_of
from symcost.calculus import Crossover, Dominance, crossover, dominance
from symcost.comparison.sides import Sides
from symcost.cost import Cost
from symcost.errors import NoAnswer, UsageError, quoted
from symcost.graph.model import Graph
from symcost.solver.domain import Range

SQUARE = ("H", "W")
WORK = 20_000
"""Terms that the search for a verdict goes through: some tenths of a second."""


def ways(sides: Sides, difference: Num) -> list[str]:
    """Return the sizes along which a difference can change its sign; height and width as one where they are equal."""
    names = [name for name in sides.joint.symbols if name in symbols_of(difference)]
    if all(name in names for name in SQUARE) and len({sides.at[name] for name in SQUARE}) == 1:
        return ["=".join(SQUARE), *(name for name in names if name not in SQUARE)]
    return names


def along(sides: Sides, pair: tuple[Num, Num], way: str, between: Range | None = None) -> Crossover:
    """Compare two formulas along a size, or along several that stay equal, such as ``H=W``.

    Raises:
        UsageError: there is no such size, or sizes of different kinds are to stay equal.
        NoAnswer: where the sign changes is not decided with the work allowed.
    """
    name, *followers = names = [part.strip() for part in way.split("=")]
    strange = next((size for size in names if size not in sides.joint.symbols), None)
    if strange is not None:
        known = ", ".join(sides.joint.symbols)
        raise UsageError(f"there is no size {quoted(strange)} to go along; there are {known}")
    joint, at = sides.joint, dict(sides.at)
    for follower in followers:
        joint, pair = _tied(joint, pair, name, follower)
        del at[follower]
    at.pop(name, None)
    return crossover(*pair, name, of=joint, at=at, between=between, names=sides.names)


def _tied(joint: Cost, pair: tuple[Num, Num], name: str, follower: str) -> tuple[Cost, tuple[Num, Num]]:
    """Return sizes and formulas with one size put in for another."""
    kind = joint.symbols[name].kind
    if joint.symbols[follower].kind != kind:
        raise UsageError(f"{name} and {follower} are of different kinds and cannot stay equal")
    mapping: dict[str, Num] = {follower: symbol(name, kind)}
    symbols = {key: declared for key, declared in joint.symbols.items() if key != follower}
    needs = {put(need, mapping): node for need, node in joint.needs}
    graph = Graph(joint.name, {}, (), (), symbols, needs)
    return Cost(graph, joint.convention, joint.name), (substitute(pair[0], mapping), substitute(pair[1], mapping))


def changes(sides: Sides, pair: tuple[Num, Num]) -> tuple[dict[str, Crossover], tuple[str, ...]]:
    """Return the comparisons along all sizes along which one side overtakes the other, and sizes that are undecided.

    Where there are none, height and width are gone along alone as well.
    """
    todo = ways(sides, pair[1] - pair[0])
    found, undecided = _changes_along(sides, pair, todo)
    if not found and "=".join(SQUARE) in todo:
        found, more = _changes_along(sides, pair, SQUARE)
        undecided += more
    return found, undecided


def _changes_along(
    sides: Sides, pair: tuple[Num, Num], todo: Sequence[str]
) -> tuple[dict[str, Crossover], tuple[str, ...]]:
    found: dict[str, Crossover] = {}
    undecided: list[str] = []
    for way in todo:
        try:
            crossing = along(sides, pair, way)
        except NoAnswer:
            undecided.append(way)
            continue
        if len({span.relation for span in crossing.spans or ()} - {"="}) > 1:
            found[way] = crossing
    return found, tuple(undecided)


def verdict(sides: Sides, pair: tuple[Num, Num]) -> Dominance:
    """Return whether the side that costs more at the sizes of ``at`` costs at least as much at all sizes."""
    first, second = (0, 1) if evaluate(pair[0] - pair[1], sides.at) >= 0 else (1, 0)
    names = (sides.names[first], sides.names[second])
    return dominance(pair[first], pair[second], of=sides.joint, names=names, work=WORK)
