"""What is whole for a while where states are shared out: of one layer at a time, its parameters and their gradients."""

from __future__ import annotations

from symcost.algebra.atoms import Box
from symcost.algebra.maximum import maximum, minimum
from symcost.algebra.poly import Num, substitute, symbols_of, total
from symcost.algebra.ranges import rises
from symcost.errors import NoAnswer
from symcost.graph.assumptions import narrow_box
from symcost.graph.foretold import least_rounds
from symcost.graph.model import Node
from symcost.metrics.basis import Ledger
from symcost.metrics.metric import Metric
from symcost.metrics.step_peak import how
from symcost.ops.facts import numel


def _gathered(ledger: Ledger) -> Num:
    """Return the bytes of the layer that takes most: parameters from stage 3 on, gradients from stage 2 on.

    A layer is a node. Source: DeepSpeed's estimate of what ZeRO takes (docs/code-docs/source/memory.rst), which adds
    the largest layer's parameters and gradients.

    Raises:
        NoAnswer: which round of a repetition has the largest layer is not known.
    """
    workers, recipe = ledger.setup.workers, ledger.setup.precision.precision
    if workers.zero < 2 or workers.data_parallel == 1:
        return 0
    gradient = 0 if how(ledger).adds_up else recipe.bytes("gradient")  # what is added to others is in the step's peak
    each = gradient + (recipe.bytes("weight") if workers.zero == 3 else 0)
    box = narrow_box(ledger.graph)
    sizes = dict.fromkeys(_largest(node, box) for node in ledger.graph.nodes if node.facts.weights)
    return maximum([0, *sizes], box) * each


def _largest(node: Node, box: Box) -> Num:
    """Return the parameters of a node, in the last round where they grow from round to round; 0 without a round."""
    found = total((numel(shape), 1) for shape in node.facts.weights.values())
    growing = [loop for loop in node.loops if loop.index in symbols_of(found)]
    if growing and not rises(found):
        raise NoAnswer(f"the largest round of {node.name} is not known; fix the number of rounds in the network")
    last = substitute(found, {loop.index: loop.count - 1 for loop in growing})
    for loop in node.loops:
        last = last * (1 if least_rounds(loop.count, box) else minimum([1, loop.count], box))
    return last


METRICS = (
    Metric("gathered_bytes", "bytes", "with zero = 2 gradients of the largest layer before they are shared out, with 3 "
           "its parameters too, put together for a pass", whole=_gathered, shown=False,
           under=("batching", "precision", "workers")),
)  # fmt: skip
