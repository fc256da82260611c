"""Tensors a network holds: parameters, buffers, activations."""

from symcost.algebra.poly import Num, total
from symcost.graph.model import Node
from symcost.graph.roles import LOGITS
from symcost.metrics.basis import Basis
from symcost.metrics.metric import Metric
from symcost.ops.facts import Shape, numel


def _elements(shapes: tuple[Shape, ...]) -> Num:
    return total((numel(shape), 1) for shape in shapes)


def _params(node: Node, _: Basis) -> Num:
    return _elements(tuple(node.facts.weights.values()))


def _params_without_embeddings(node: Node, basis: Basis) -> Num:
    tables = node.op.tag in ("embedding", "position_embedding") or LOGITS in node.roles
    return 0 if tables else _params(node, basis)


def _buffers(node: Node, _: Basis) -> Num:
    return _elements(tuple(node.facts.buffers.values()))


def _activations(node: Node, _: Basis) -> Num:
    return 0 if node.facts.view else _elements(node.facts.outs)


def _contraction_outputs(node: Node, _: Basis) -> Num:
    if node.facts.contracted is not None:
        return node.facts.contracted
    return _elements(node.facts.outs) if "mac" in node.facts.work else 0


METRICS = (
    Metric("params", "params", "trainable elements; shared tensors count once", _params, tied=True, state=True),
    Metric("params_untied", "params", "trainable elements, as if nothing were shared", _params,
           state=True, shown=False),
    Metric("params_without_embeddings", "params", "params without tables of tokens and positions, nor the layer of the "
           "logits: the N of Kaplan et al. 2020, with biases and norms, which they leave out",
           _params_without_embeddings, tied=True, state=True, shown=False),
    Metric("buffers", "elements", "elements of state that is not trained, such as batch norm's statistics", _buffers,
           tied=True, state=True),
    Metric("activations", "elements", "elements that ops write; views write nothing", _activations),
    Metric("contraction_outputs", "elements", "elements that contractions write (RegNet's activations)",
           _contraction_outputs, shown=False),
)  # fmt: skip
