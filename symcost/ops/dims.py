"""Axes by number: counted from either end, as torch does, and checked."""

from collections.abc import Iterable

from symcost.algebra.poly import Num
from symcost.ops.facts import Shape
from symcost.ops.op import Refused, shown
from symcost.ops.window import fixed


def axis(dim: int, shape: Shape, field: str = "dim", extra: int = 0) -> int:
    """Return the place of an axis, where -1 is the last; ``extra`` allows places past the end.

    Raises:
        Refused: the shape has no such axis.
    """
    number, rank = fixed(dim, field), len(shape) + extra
    if not -rank <= number < rank:
        raise Refused(f"{field} is {number}, got {shown(shape)}; give {-rank} to {rank - 1}")
    return number % rank


def axes(dims: Iterable[int], shape: Shape, field: str = "dims") -> tuple[int, ...]:
    """Return the places of several axes, in the order given.

    Raises:
        Refused: the shape has no such axis, or one is named twice.
    """
    places = tuple(axis(dim, shape, field) for dim in dims)
    repeated = next((place for i, place in enumerate(places) if place in places[:i]), None)
    if repeated is not None:
        raise Refused(f"{field} names axis {repeated} twice; name each axis once")
    return places


def resized(shape: Shape, place: int, *sizes: Num) -> Shape:
    """Return the shape with one axis replaced by others, or by none."""
    return (*shape[:place], *sizes, *shape[place + 1 :])
