"""Work of a training step: a forward pass, and the backward pass that finds the gradients of all that is trained."""

from symcost.algebra.poly import Num
from symcost.graph.model import Graph, Node, over_loops
from symcost.graph.segments import run_again
from symcost.metrics.basis import Basis
from symcost.metrics.metric import Metric


def _train_flops(graph: Graph, node: Node, basis: Basis) -> Num:
    """Return FLOPs over all rounds: of gradients where one comes back, those of inputs where some before is trained.

    A convention may say instead how many forward passes a step comes to.
    """
    trained = basis.convention.trained
    forward = trained.flops(node)
    if trained.training is not None and trained.training.passes is not None:
        return over_loops(forward * trained.training.passes, node.loops)
    to_weights = trained.gradient(node, node.facts.grad_weight)
    to_inputs = trained.gradient(node, node.facts.grad_input)
    backward = graph.gradients.to_weights(node, to_weights) + graph.gradients.over_rounds(node, to_inputs)
    return over_loops(forward, node.loops) + backward


def _again(graph: Graph, node: Node, basis: Basis) -> Num:
    """Return FLOPs over all rounds: nothing is run again twice, though checkpointing and a switch both ask for it."""
    which = basis.setup.checkpointing.again
    checkpointed = which is not None and node.name in run_again(graph, which)
    return over_loops(basis.convention.trained.again(node, checkpointed=checkpointed), node.loops)


METRICS = (
    Metric("train_flops", "FLOPs", "forward pass, and gradients of weights and of what they depend on, as the "
           "convention counts them; nothing twice", priced=True, shown=False, trained=True, over_rounds=_train_flops),
    Metric("recompute_flops", "FLOPs", "forward work that the backward pass does again because its result is not kept, "
           "as in fused attention and between checkpoints", priced=True, shown=False, trained=True,
           over_rounds=_again, under=("checkpointing",)),
)  # fmt: skip
