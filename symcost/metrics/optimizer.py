"""What the optimizer keeps, and the work of one update, which comes once in a step however many examples that sees."""

from __future__ import annotations

from collections.abc import Iterator

from symcost.algebra.poly import Num, total
from symcost.graph.model import Node
from symcost.graph.roles import LOGITS
from symcost.metrics.basis import Basis, Ledger
from symcost.metrics.convention import convention
from symcost.metrics.metric import Metric
from symcost.ops.facts import Work, numel
from symcost.optimizers.optimizer import Update, Weight


def weights(node: Node) -> Iterator[Weight]:
    """Yield the trained tensors of a node as an optimizer sees them.

    Hidden are those called weights that activations are multiplied with, but for the layer of the logits.
    """
    multiplied = "mac" in node.facts.work and LOGITS not in node.roles
    for name, shape in node.facts.weights.items():
        yield Weight(shape, len(node.experts), multiplied and "weight" in name)


def _updates(node: Node, basis: Basis) -> Iterator[Update]:
    yield from map(basis.setup.optimizing.each, weights(node))


def priced(work: Work) -> Num:
    """Return the FLOPs of work: 2 for a MAC and 1 for any other operation."""
    price = convention("symcost").price
    return total((amount, price(kind)) for kind, amount in work.items())


def _once(ledger: Ledger) -> Update:
    return ledger.setup.optimizing.once(ledger.poly("params_updated"))


def _params(node: Node, _: Basis) -> Num:
    return total((numel(shape), 1) for shape in node.facts.weights.values())


def _tensor_state(node: Node, basis: Basis) -> Num:
    return total((update.elements, 1) for update in _updates(node, basis))


def _experts_state(node: Node, basis: Basis) -> Num:
    return _tensor_state(node, basis) if node.experts else 0


def _tensor_flops(node: Node, basis: Basis) -> Num:
    return total((priced(update.work), 1) for update in _updates(node, basis))


def _state(ledger: Ledger) -> Num:
    return ledger.poly("optimizer_state.tensors") + _once(ledger).elements


def _all_flops(ledger: Ledger) -> Num:
    return ledger.poly("optimizer_flops.tensors") + priced(_once(ledger).work)


def _passes(ledger: Ledger) -> Num:
    return ledger.setup.optimizing.passes(ledger.poly("params_updated"))


UNDER = ("optimizing",)
METRICS = (
    Metric("params_updated", "params", "trainable elements of what runs in training: those that an optimizer changes",
           _params, tied=True, trained=True, shown=False),
    Metric("optimizer_state", "elements", "elements that the optimizer keeps from step to step, of averages too",
           whole=_state, shown=False, under=UNDER),
    Metric("optimizer_state.tensors", "elements", "of optimizer_state, what is kept for each tensor apart",
           _tensor_state, tied=True, trained=True, shown=False, under=UNDER),
    Metric("optimizer_state.experts", "elements", "of optimizer_state, what is kept for weights of experts",
           _experts_state, tied=True, trained=True, shown=False, under=UNDER),
    Metric("optimizer_flops", "FLOPs", "one update of all weights: 2 for a MAC and 1 for any other operation, under "
           "every convention, as none speaks of updates", whole=_all_flops, shown=False, under=UNDER),
    Metric("optimizer_flops.tensors", "FLOPs", "of optimizer_flops, what is done to each tensor apart", _tensor_flops,
           tied=True, trained=True, shown=False, under=UNDER),
    Metric("optimizer_passes", "passes", "how often a step runs the network forward and backward: once, but for line "
           "searches and Hessians", whole=_passes, shown=False, under=UNDER),
)  # fmt: skip
