"""Whose memory a tensor is: what stands behind views."""

from __future__ import annotations

from typing import NamedTuple

from symcost.algebra.poly import Num
from symcost.graph.model import Graph, Tensor
from symcost.ops.facts import numel


class Stored(NamedTuple):
    """What a tensor looks at.

    Attributes:
        tensor: the one whose memory it is.
        sizes: elements of it and of the views on the way, where they are others than the tensor's own.
        cached: whether it is a cache that is held from pass to pass.
    """

    tensor: Tensor
    sizes: tuple[Num, ...]
    cached: bool


def stored(graph: Graph, tensor: Tensor) -> Stored:
    """Return what a tensor looks at: itself, or through views of one input what these are views of.

    A value that a repetition hands on stands for itself.
    """
    own, sizes = numel(tensor.shape), list[Num]()
    while tensor.carried is None and tensor.source >= 0:
        node = graph.nodes[tensor.source]
        if not node.facts.view or node.facts.cached:
            return Stored(tensor, tuple(sizes), bool(node.facts.cached))
        tensor = node.ins[0]
        size = numel(tensor.shape)
        if size != own:
            sizes.append(size)
    return Stored(tensor, tuple(sizes), cached=False)
