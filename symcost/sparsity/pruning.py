"""Which tensors of a node can be pruned, and how many of their numbers are left."""

from __future__ import annotations

from collections.abc import Mapping

from symcost.algebra.extent import ceil
from symcost.algebra.needs import Divides
from symcost.algebra.poly import Num, simplest
from symcost.graph.model import Node
from symcost.ops.facts import Shape, numel


def prunable(node: Node) -> Mapping[str, Shape]:
    """Return the weights that a node contracts its input with, each of which is used equally often: matrices, kernels.

    Biases, norms and tables of tokens stay dense. So do tensors of other names, such as the two of a kernel that is
    normalised, whose product is the kernel.
    """
    if "mac" not in node.facts.work or node.op.contracts == "activations":
        return {}
    held = {**node.facts.weights, **node.facts.buffers}
    return {name: shape for name, shape in held.items() if _is_matrix(name) and len(shape) - len(node.experts) >= 2}


def _is_matrix(name: str) -> bool:
    return name.startswith("weight") or name.endswith("_weight")


def left(shape: Shape, density: Num, *, in_fours: bool = False) -> Num:
    """Return the numbers of a tensor that are not zero: a share of them, rounded up; half where 4 divides a side."""
    if density == 1 or in_fours:
        return simplest(density * numel(shape))
    return simplest(ceil(density * numel(shape)))


def rows(node: Node, shape: Shape) -> tuple[Num, Num]:
    """Return a tensor as a matrix: rows of output channels (of every expert), columns of what each contracts."""
    split = len(node.experts) + 1
    return numel(shape[:split]), numel(shape[split:])


def fits_two_four(node: Node) -> tuple[Divides, ...]:
    """Return what 2:4 asks of a node: four input channels lie side by side (as apex's ASP has them)."""
    place = len(node.experts) + 1
    return tuple(Divides(4, shape[place]) for shape in prunable(node).values())
