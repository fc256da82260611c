"""What zeros in weights and inputs save: work that is skipped, and what storage takes."""

from __future__ import annotations

from collections.abc import Callable

from symcost.algebra.division import div
from symcost.algebra.extent import ceil_div
from symcost.algebra.poly import NotExact, Num, substitute, total
from symcost.algebra.power import raised
from symcost.errors import NoAnswer
from symcost.graph.model import Graph, Node, Tensor, over_loops
from symcost.graph.roles import LOGITS
from symcost.metrics.basis import Basis
from symcost.metrics.metric import Metric
from symcost.metrics.state_bytes import held
from symcost.ops.facts import Shape, numel
from symcost.sparsity.pruning import prunable, rows
from symcost.sparsity.storing import Matrix, storages

Amount = Callable[[Graph, Node, Basis], Num]


def _skipping(graph: Graph, node: Node, basis: Basis, amount: Num) -> Num:
    """Return what is left of a number of MACs that a node's weights and inputs take, zeros skipped.

    Each weight of a prunable tensor is used equally often, so it is the share of those left; as it is the share of the
    inputs, where zeros lie evenly.

    Raises:
        NoAnswer: a part of the MACs is of other tensors.
    """
    sparsity = basis.setup.sparsity
    if sparsity.of(graph, node) != 1:
        amount = _of_left(node, total((n, 1) for n in sparsity.left(graph, node).values()), amount)
    if sparsity.input_density != 1 and any(_is_input(graph, tensor) for tensor in node.ins):
        amount = amount * sparsity.input_density
    return amount


def _of_left(node: Node, nonzeros: Num, amount: Num) -> Num:
    if node.op.contracts == "both":
        raise NoAnswer(
            f"node '{node.name}': the attention of {node.op.tag} is not told apart from its projections; "
            f"leave it dense with densities={node.op.tag}=1"
        )
    every = total((numel(shape), 1) for shape in prunable(node).values())
    try:
        return div(amount, every) * nonzeros
    except NotExact:
        raise NoAnswer(
            f"node '{node.name}': the work of {node.op.tag} is not of all its weights alike; leave it dense "
            f"with densities={node.op.tag}=1"
        ) from None


def _is_input(graph: Graph, tensor: Tensor) -> bool:
    """Tell whether a value is an input of the network, or a view of one."""
    if tensor.carried is not None or tensor.source < 0:
        return tensor.carried is None
    node = graph.nodes[tensor.source]
    return node.facts.view and all(_is_input(graph, source) for source in node.ins)


def _macs(graph: Graph, node: Node, basis: Basis) -> Num:
    macs = node.facts.work.get("mac", 0)
    return _skipping(graph, node, basis, macs) if macs != 0 else 0


def _flops(graph: Graph, node: Node, basis: Basis) -> Num:
    terms = basis.convention.terms(node)
    contracted = total((terms[what], 1) for what in ("mac", "window") if what in terms)
    rest = total((amount, 1) for what, amount in terms.items() if what not in ("mac", "window"))
    return rest + (_skipping(graph, node, basis, contracted) if contracted != 0 else 0)


def _nonzeros(graph: Graph, node: Node, basis: Basis) -> Num:
    pruned = basis.setup.sparsity.left(graph, node)
    return total((pruned.get(name, numel(shape)), 1) for name, shape in node.facts.weights.items())


def _stored(graph: Graph, node: Node, basis: Basis) -> Num:
    sparsity, recipe = basis.setup.sparsity, basis.setup.precision.precision
    special = sparsity.codebook_bits is not None or sparsity.of(graph, node) != 1
    pruned = sparsity.left(graph, node) if special else {}
    return total(
        (_stored_matrix(node, shape, pruned[name], basis) if name in pruned else held(node, shape, recipe), 1)
        for name, shape in node.facts.weights.items()
    )


def _stored_matrix(node: Node, shape: Shape, nonzeros: Num, basis: Basis) -> Num:
    """Return the whole bytes of a tensor in its storage, with its shared values, and the scales of a quantised one."""
    sparsity, recipe = basis.setup.sparsity, basis.setup.precision.precision
    value = recipe.bits("matrix" if _hidden(node, shape) else "weight")
    scales = held(node, shape, recipe) - div(numel(shape) * value, 8)
    bits, book = (value, 0) if sparsity.codebook_bits is None else _codebook(sparsity.codebook_bits, value)
    storage = storages()["dense" if nonzeros == numel(shape) else sparsity.storage]
    matrix = Matrix(*rows(node, shape), nonzeros, bits, sparsity.index_bits)
    return ceil_div(storage.bits(matrix) + book, 8) + scales


def _hidden(node: Node, shape: Shape) -> bool:
    """Tell whether a recipe holds a tensor as a matrix of a hidden layer: the logits' layer is held as weights are."""
    return LOGITS not in node.roles and len(shape) - len(node.experts) >= 2


def _codebook(bits: Num, value: int) -> tuple[Num, Num]:
    """Return the bits of a number that is one of 2**bits shared values, and those of the values."""
    return bits, raised(2, bits) * value


def _over(amount: Amount, *, tied: bool = False) -> Amount:
    """Return an amount over all rounds, of a network whose widths are what structured pruning leaves."""

    def over(graph: Graph, node: Node, basis: Basis) -> Num:
        loops = node.loops[node.tied :] if tied else node.loops
        return substitute(over_loops(amount(graph, node, basis), loops), basis.setup.sparsity.narrowed(graph))

    return over


METRICS = (
    Metric("sparse_macs", "MACs", "multiply-adds of a forward pass that skips weights and inputs that are zero",
           shown=False, over_rounds=_over(_macs), under=("sparsity",)),
    Metric("sparse_flops", "FLOPs", "a forward pass whose contractions skip weights and inputs that are zero",
           priced=True, shown=False, over_rounds=_over(_flops), under=("sparsity",)),
    Metric("nonzero_params", "params", "trainable elements that are not pruned; shared tensors count once",
           tied=True, state=True, shown=False, over_rounds=_over(_nonzeros, tied=True), under=("sparsity",)),
    Metric("stored_bytes", "bytes", "trained parameters as they are stored, with indices and shared values; shared "
           "tensors count once", tied=True, state=True, shown=False, over_rounds=_over(_stored, tied=True),
           under=("sparsity", "precision")),
)  # fmt: skip
