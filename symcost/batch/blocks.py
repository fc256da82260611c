"""A grid cut into blocks that fit in a cache, so that its size costs time and no memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

POINTS = 1 << 17
"""Points of a block, at most."""


@dataclass(frozen=True)
class Block:
    """A box of places on the axes of a grid.

    Attributes:
        spans: first place and the place after the last, for each axis.
    """

    spans: tuple[tuple[int, int], ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """How many places each axis has in it."""
        return tuple(end - start for start, end in self.spans)

    def __len__(self) -> int:
        return prod(self.shape)


def blocks(lengths: Sequence[int], points: int = POINTS) -> Iterator[Block]:
    """Cut a grid whose axes have these lengths into blocks of at most so many points, the last axis whole if it fits.

    The first axes go place by place, the last ones are whole, and the one between them is cut into spans.
    """
    inner, axis = 1, len(lengths)
    while axis and inner * lengths[axis - 1] <= points:
        axis -= 1
        inner *= lengths[axis]
    whole = tuple((0, n) for n in lengths[axis:])
    if not axis:
        yield Block(whole)
        return
    step = max(1, points // inner)
    for places in _places(lengths[: axis - 1]):
        for start in range(0, lengths[axis - 1], step):
            yield Block((*places, (start, min(start + step, lengths[axis - 1])), *whole))


def _places(lengths: Sequence[int]) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield every place of a grid; unlike ``itertools.product``, without writing the axes out."""
    if not lengths:
        yield ()
        return
    for places in _places(lengths[:-1]):
        for place in range(lengths[-1]):
            yield (*places, (place, place + 1))
