"""The parts of two networks side by side: by name, and where names differ by what they are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from symcost.algebra.poly import Num, total
from symcost.comparison.sides import Sides

Key = Callable[["Part"], str]


@dataclass(frozen=True)
class Part:
    """A node of one side.

    Attributes:
        path: its name, in parts.
        op: the tag of its op.
        amount: what it adds to the metric.
    """

    path: tuple[str, ...]
    op: str
    amount: Num

    @property
    def name(self) -> str:
        """Its name."""
        return ".".join(self.path)


@dataclass(frozen=True)
class Pair:
    """A row: what a part comes to on both sides.

    Attributes:
        name: of the part; ``x = y`` where the sides name it differently.
        amounts: of both sides, None where a side has no such part.
    """

    name: str
    amounts: tuple[Num | None, Num | None]

    @property
    def difference(self) -> Num:
        """The second side minus the first."""
        return (self.amounts[1] or 0) - (self.amounts[0] or 0)


def parts(sides: Sides, side: int, metric: str) -> list[Part]:
    """Return the nodes of one side, with what they add to a metric."""
    rows = sides.costs[side].rows("node", names=[metric])
    return [Part(tuple(row.name.split(".")), row.op, sides.put(side, row.values[metric])) for row in rows]


def pairs(left: Sequence[Part], right: Sequence[Part], key: Key) -> list[Pair]:
    """Return the parts of both sides in rows, in the order of the first side; their amounts add up to the totals."""
    sides = (_grouped(left, key), _grouped(right, key))
    matched = {name: name for name in sides[0] if name in sides[1]}
    matched |= _alike(sides[0], sides[1], matched)
    found = []
    for name in _order(sides[0], sides[1], matched):
        other = matched.get(name) if name in sides[0] else name
        shown = name if other in (None, name) else f"{name} = {other}"
        found.append(Pair(shown, (_sum(sides[0].get(name)), _sum(sides[1].get(other) if other else None))))
    return found


def _grouped(found: Sequence[Part], key: Key) -> dict[str, list[Part]]:
    groups: dict[str, list[Part]] = {}
    for part in found:
        groups.setdefault(key(part), []).append(part)
    return groups


def _sum(group: Sequence[Part] | None) -> Num | None:
    return None if group is None else total((part.amount, 1) for part in group)


def _alike(
    left: Mapping[str, list[Part]], right: Mapping[str, list[Part]], matched: Mapping[str, str]
) -> dict[str, str]:
    """Return pairs of parts with other names that consist of the same ops in the same order and amount to the same."""
    free = {name: group for name, group in right.items() if name not in matched}
    found: dict[str, str] = {}
    for name, group in left.items():
        if name in matched:
            continue
        twin = next((other for other, theirs in free.items() if _signature(group) == _signature(theirs)), None)
        if twin is not None:
            found[name] = twin
            del free[twin]
    return found


def _signature(group: Sequence[Part]) -> tuple[tuple[str, Num], ...]:
    return tuple((part.op, part.amount) for part in group)


def _order(left: Mapping[str, object], right: Mapping[str, object], matched: Mapping[str, str]) -> list[str]:
    """Return the names of all rows: those of the left, and each of the right alone after what it follows there."""
    back = {other: name for name, other in matched.items()}
    order = list(left)
    place = 0
    for other in right:
        if other in back:
            place = order.index(back[other]) + 1
        else:
            order.insert(place, other)
            place += 1
    return order
