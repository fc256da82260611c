"""Shapes that stretch to each other: axes are aligned at the end, and a size of 1 repeats.

Source: NumPy's and torch's broadcasting rule.
"""

from symcost.algebra.needs import Equal, Need
from symcost.algebra.poly import Num, constant
from symcost.ops.facts import Shape
from symcost.ops.op import Refused, shown


def broadcast(a: Shape, b: Shape) -> tuple[Shape, tuple[Need, ...]]:
    """Return the shape that both stretch to; sizes not proved equal and not 1 must be equal.

    Raises:
        Refused: two sizes differ and neither is 1.
    """
    rank = max(len(a), len(b))
    needs: list[Need] = []
    out: list[Num] = []
    for x, y in zip(padded(a, rank), padded(b, rank), strict=True):
        if x not in (1, y) and y != 1:
            if constant(x - y) is not None:
                raise Refused(f"{shown(a)} and {shown(b)} do not broadcast: {x} and {y} differ and neither is 1")
            needs.append(Equal(x, y))
        out.append(y if x == 1 else x)
    return tuple(out), tuple(needs)


def stretched(shape: Shape, out: Shape) -> Shape:
    """Return the sizes of ``out`` that a shape has itself, and 1 where it repeats."""
    return tuple(1 if own == 1 else size for own, size in zip(padded(shape, len(out)), out, strict=True))


def padded(shape: Shape, rank: int) -> Shape:
    """Return the shape with ones in front, to this many axes."""
    return (1,) * (rank - len(shape)) + shape
