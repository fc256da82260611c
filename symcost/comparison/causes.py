"""What explains a difference: parts that only one side has, and nodes of both that come to something else.

The paths of two networks are laid over each other. A node below a block that the other side does not have is put down
to that block, the outermost such one; a node of both sides to itself. Repetitions of a block (``stage_2``, ``stage_3``)
are one cause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from symcost.algebra.poly import Num, total
from symcost.comparison.rows import Part

_NUMBER = re.compile(r"_\d+$")
_REPEAT = "repeat"
_NEAR = 2
"""How many of the last names of a path keep their numbers, which tell the convolutions of a block apart."""


@dataclass(frozen=True)
class Cause:
    """A part of a difference.

    Attributes:
        name: the block or node, without the numbers of the blocks around it.
        only: the side that has it alone, 0 or 1; None where both do.
        difference: what it adds to the second side minus the first.
        count: how many nodes there are in it.
    """

    name: str
    only: int | None
    difference: Num
    count: int


def causes(left: Sequence[Part], right: Sequence[Part]) -> list[Cause]:
    """Return what makes up a difference; the causes add up to it, and none is zero."""
    groups: dict[tuple[str, int | None], list[Num]] = {}
    for cause, amount in (*_put_down(left, right, 0), *_put_down(right, left, 1)):
        groups.setdefault(cause, []).append(amount)
    found = [Cause(name, only, total((x, 1) for x in xs), len(xs)) for (name, only), xs in groups.items()]
    return [cause for cause in found if cause.difference != 0]


def _put_down(own: Sequence[Part], other: Sequence[Part], side: int) -> Iterator[tuple[tuple[str, int | None], Num]]:
    """Yield every node of one side as what it is put down to, and what it adds to the difference."""
    known = {part.path[:depth] for part in other for depth in range(1, len(part.path) + 1)}
    for part in own:
        amount = part.amount if side else part.amount * -1
        alone = next((d for d in range(1, len(part.path) + 1) if part.path[:d] not in known), None)
        yield (plain(part.path, _NEAR), None) if alone is None else (_alone(part.path, alone), side), amount


def _alone(path: Sequence[str], depth: int) -> str:
    """Return what a path is called that the other side does not have from a depth on; more rounds say of what."""
    if path[depth - 1] != _REPEAT:
        return plain(path[:depth])
    return ".".join(filter(None, (plain(path[: depth - 1]), _REPEAT, plain(path[depth : depth + 1]))))


def plain(path: Sequence[str], near: int = 0) -> str:
    """Return a path without repetitions and without the numbers of its names, but of the last few."""
    kept = [name for name in path if name != _REPEAT]
    far = len(kept) - near
    return ".".join(_NUMBER.sub("", name) if i < far else name for i, name in enumerate(kept))
