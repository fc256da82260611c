"""How an op works on parts of its tensors, one part for each of several workers.

An op is asked with some of its inputs cut along an axis into equal parts, or with none: then it may cut its weights. It
answers what each worker applies in place of it, itself with other fields. What it costs there its own law says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from symcost.algebra.division import div
from symcost.algebra.extent import ceil
from symcost.algebra.poly import Num, constant
from symcost.ops.facts import Shape, numel


class Cuts(NamedTuple):
    """What an op is asked.

    Attributes:
        ins: shapes of the inputs, uncut.
        outs: shapes of the outputs, uncut.
        axes: along which axis each input is cut, counted from the first; None where every worker has all of it.
        workers: how many parts there are.
        padded: whether parts of what is made need not be equal: the network gives it out as it is.
    """

    ins: tuple[Shape, ...]
    outs: tuple[Shape, ...]
    axes: tuple[int | None, ...]
    workers: Num
    padded: bool = False

    def part(self, size: Num) -> Num:
        """Return the size of a part; of the largest where parts need not be equal."""
        return ceil(div(size, self.workers)) if self.padded else div(size, self.workers)

    @property
    def at(self) -> int | None:
        """The axis along which the first input that is cut is cut, None where none is."""
        return next((axis for axis in self.axes if axis is not None), None)


@dataclass(frozen=True, slots=True)
class Shard:
    """What an op answers.

    Attributes:
        outs: along which axis each output is cut, None where it is whole.
        fields: fields of the op that each worker applies, where they are others.
        summed: whether whole outputs are sums of what the workers make, which is added up between them.
        around: inputs that are cut and of which a worker needs all: they go around.
        evenly: sizes that the number of workers divides, besides those of axes that are cut.
    """

    outs: tuple[int | None, ...]
    fields: Mapping[str, Any] = field(default_factory=dict)
    summed: bool = False
    around: tuple[int, ...] = ()
    evenly: tuple[Num, ...] = ()


def by_letters(cuts: Cuts, patterns: tuple[str, ...], apart: str) -> Shard | None:
    """Answer for an op that works on each index of some axes by itself, which its signature names.

    Every input that has the axis is cut along it, or has a single index there that serves all; outputs have it where
    the first input has it.
    """
    found = {axis_name(p, s, a) for p, s, a in zip(patterns, cuts.ins, cuts.axes, strict=True) if a is not None}
    if len(found) != 1 or cuts.at is None:
        return None
    ((letter, place),) = found
    if letter not in apart.split():
        return None
    for pattern, shape, cut in zip(patterns, cuts.ins, cuts.axes, strict=True):
        there = next((a for a in range(len(shape)) if axis_name(pattern, shape, a) == (letter, place)), None)
        if cut is None and there is not None and constant(shape[there]) != 1:
            return None
    return Shard((cuts.at,) * len(cuts.outs))


def axis_name(pattern: str, shape: Shape, axis: int) -> tuple[str, int]:
    """Return the letter of an axis in a signature; of those in ``...`` also which one."""
    before, _, after = pattern.partition("...")
    head, tail = before.split(), after.split()
    if axis < len(head):
        return head[axis], 0
    from_end = len(shape) - axis
    return (tail[-from_end], 0) if from_end <= len(tail) else ("...", axis - len(head))


def aligned(cuts: Cuts) -> Shard | None:
    """Answer for an op that joins its inputs element by element, their axes aligned at the end."""
    ends = {len(shape) - axis for shape, axis in zip(cuts.ins, cuts.axes, strict=True) if axis is not None}
    if len(ends) != 1:
        return None
    (end,) = ends
    for shape, axis in zip(cuts.ins, cuts.axes, strict=True):
        if axis is None and len(shape) >= end and constant(shape[-end]) != 1:
            return None
    return Shard(tuple(len(shape) - end for shape in cuts.outs))


def outer(before: Shape, axis: int | None, after: Shape) -> int | None:
    """Return the axis of a reshaped tensor whose parts are those of an axis before, None where there is none.

    Axes of size 1 start where the one after them starts, which is the one with parts.
    """
    if axis is None:
        return None
    start = numel(before[:axis])
    return next((place for place in reversed(range(len(after))) if numel(after[:place]) == start), None)
