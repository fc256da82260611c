"""The amounts of an application that a convention can put a price on, besides work by kind."""

from __future__ import annotations

from collections.abc import Callable

from symcost.algebra.division import div
from symcost.algebra.poly import Num, total
from symcost.graph.model import Node
from symcost.ops.facts import KINDS, Shape, numel


def _out(node: Node) -> Num:
    return total((numel(shape), 1) for shape in node.facts.outs)


def _in(node: Node) -> Num:
    return total((numel(tensor.shape), 1) for tensor in node.ins)


def tensors(node: Node) -> dict[str, Shape]:
    """Return the state of a node by name, trained or frozen."""
    return {**node.facts.buffers, **node.facts.weights}


def _params(node: Node) -> Num:
    """Return parameters for each place of the output; a row of an expert meets that one's."""
    copies = numel(tuple(choice.count for choice in node.experts))
    return _tokens(node) * div(total((numel(shape), 1) for shape in node.facts.weights.values()), copies)


def _tokens(node: Node) -> Num:
    *places, _ = node.facts.outs[0]
    return numel(tuple(places))


def _window(node: Node) -> Num:
    """Return weights per output channel for each output: of a convolution the cells of its window."""
    weight, channels = tensors(node)["weight"], node.facts.outs[0][1]
    return div(_out(node) * numel(weight), channels)


AMOUNTS: dict[str, tuple[str, Callable[[Node], Num]]] = {
    "out": ("output element", _out),
    "in": ("input element", _in),
    "taps": ("window cell read", lambda node: node.facts.taps),
    "bias": ("output element that has a bias", lambda node: _out(node) if "bias" in tensors(node) else 0),
    "grid": ("place of the output's grid", lambda node: numel(node.facts.outs[0][2:])),
    "filters": ("element of the weight", lambda node: numel(tensors(node).get("weight", (0,)))),
    "biases": ("element of a bias", lambda node: numel(tensors(node).get("bias", (0,)))),
    "affine": ("input element of an op with a weight", lambda node: _in(node) if "weight" in tensors(node) else 0),
    "window": ("output element and weight of its channel", _window),
    "params": ("parameter and token", _params),
}
"""By name: what one of them is, and how many there are in one application."""


def amount(name: str, node: Node) -> Num:
    """Return an amount of one application of a node: of work of a kind, or one of ``AMOUNTS``.

    Raises:
        KeyError: there is none of this name.
    """
    return AMOUNTS[name][1](node) if name in AMOUNTS else node.facts.work.get(_known(name), 0)


def one_of(name: str) -> str:
    """Return in words what one of an amount is."""
    return AMOUNTS[name][0] if name in AMOUNTS else "MAC" if name == "mac" else f"{name} operation"


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise KeyError(f"'{kind}' is not a kind of work")
    return kind
