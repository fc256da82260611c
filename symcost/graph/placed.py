"""How tensors are cut for several workers, and what a worker applies in place of a node."""

from __future__ import annotations

from typing import NamedTuple

from symcost.ops.facts import Facts
from symcost.ops.op import Op

Origin = tuple[str, int, int]
"""Where a cut begins: at a node, at a value that enters a repetition, or at an input of the network."""


class Cut(NamedTuple):
    """How a tensor is cut.

    Attributes:
        axis: along which axis.
        tokens: whether into tokens, of which all may be put together anywhere; otherwise only a sum ends it.
        origins: where it began.
    """

    axis: int
    tokens: bool
    origins: frozenset[Origin]


class Placed(NamedTuple):
    """What a worker applies in place of a node.

    Attributes:
        op: the op with the worker's fields.
        facts: what it costs there.
        cuts: of its outputs.
        axes: along which axis it reads each input, None where it reads all.
        shared: whether workers do a part of the work each, and not all the same.
        summed: whether its outputs are added up between workers.
    """

    op: Op
    facts: Facts
    cuts: tuple[Cut | None, ...]
    axes: tuple[int | None, ...]
    shared: bool = False
    summed: bool = False
