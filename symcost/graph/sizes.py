"""The sizes of a value: of all axes of all its tensors, as they are compared and changed from round to round."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from symcost.algebra.poly import Num, substitute
from symcost.graph.recurrence import NotClosed
from symcost.graph.scope import Value
from symcost.ops.facts import Shape

Sizes = tuple[Shape, ...]


def matching(before: Sizes, after: Sizes) -> Sizes:
    """Return the sizes after a round if they are as many as before it."""
    if list(map(len, before)) != list(map(len, after)):
        raise NotClosed("a round changes the number of tensors or axes")
    return after


def each(act: Callable[[Num, Num], Num], before: Sizes, after: Sizes) -> Sizes:
    """Return what is made of every size and the one in its place after a round."""
    pairs = zip(before, matching(before, after), strict=True)
    return tuple(tuple(act(a, b) for a, b in zip(s, t, strict=True)) for s, t in pairs)


def put(sizes: Sizes, values: Mapping[str, Num]) -> Sizes:
    """Return the sizes with values put in for some symbols."""
    return tuple(tuple(substitute(size, values) for size in shape) for shape in sizes)


def flat(sizes: Sizes) -> list[Num]:
    """Return the sizes one after the other."""
    return [size for shape in sizes for size in shape]


def sizes_of(value: Value) -> Sizes:
    """Return the shapes of all tensors of a value."""
    return tuple(tensor.shape for tensor in value)


def resized(value: Value, sizes: Sizes) -> Value:
    """Return the value with other shapes."""
    return tuple(tensor._replace(shape=shape) for tensor, shape in zip(value, sizes, strict=True))
