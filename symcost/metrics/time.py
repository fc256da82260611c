"""Time: how long passes take on a device, each kernel the longer of computing and moving, one after the other.

A kernel is a node, or nodes that are joined where the setup says so. What it computes is what the convention counts, at
the peak of products; what it moves is ``symcost.graph.traffic``. Of several workers it is the time of one, without what
they send each other. The backward pass of a node is one kernel for the
gradients of its weights and one for those of its inputs, which does again what is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from symcost.algebra.poly import Num, total
from symcost.errors import NoAnswer
from symcost.graph.assumptions import narrow_box
from symcost.graph.model import Graph, Node, over_loops
from symcost.graph.segments import run_again
from symcost.graph.traffic import Moved
from symcost.hardware.roof import Roof
from symcost.metrics.basis import Basis
from symcost.metrics.convention import Convention
from symcost.metrics.metric import Metric
from symcost.metrics.traffic import in_bytes, traffic

UNDER = ("precision", "hardware", "workers")


class Clock:
    """How long the kernels of a graph take under a convention and a setup.

    Raises:
        NoAnswer: the convention does not count FLOPs.
        UsageError: the setup names no device, or one without a peak for the precision.
    """

    def __init__(self, graph: Graph, basis: Basis) -> None:
        setup, convention = basis.setup, basis.convention
        if convention.unit != "FLOPs":
            raise NoAnswer(f"time is of FLOPs, and convention '{convention.name}' counts {convention.unit}")
        self.graph, self.basis = graph, basis
        self.roof: Roof = setup.hardware.roof(setup.precision.precision.computes)
        self.traffic = traffic(graph, basis)
        self._box = narrow_box(graph)
        self._known: dict[tuple[Num, Num, tuple[str, ...]], Num] = {}

    def forward(self, node: Node, *, training: bool = False) -> Num:
        """Return the seconds of the kernel that begins with a node, once; 0 where it is joined to another.

        In a training step the convention prices the pass as it says of training.
        """
        convention = self.basis.convention.trained if training else self.basis.convention
        return self.seconds(*self.amounts(self.members(node), convention, training=training), node)

    def amounts(
        self, members: tuple[Node, ...], convention: Convention | None = None, *, training: bool = False
    ) -> tuple[Num, Num]:
        """Return the FLOPs and the bytes of nodes that run as one in a forward pass, once."""
        counted = convention or self.basis.convention
        work = [(counted.flops(each), 1) for each in members]
        moved = [(self._bytes(each, self.traffic.forward(each, training=training)), 1) for each in members]
        return total(work), total(moved)

    def to_weights(self, node: Node) -> Num:
        """Return the seconds for the gradients of a node's weights, once."""
        work = self.basis.convention.trained.gradient(node, node.facts.grad_weight)
        return self.seconds(work, self._bytes(node, self.traffic.to_weights(node)), node)

    def to_inputs(self, node: Node) -> Num:
        """Return the seconds for the gradients of a node's inputs, once, with what is done again for them."""
        trained = self.basis.convention.trained
        work = trained.gradient(node, node.facts.grad_input) + trained.gradient(node, node.facts.again)
        return self.seconds(work, self._bytes(node, self.traffic.to_inputs(node)), node)

    def members(self, node: Node) -> tuple[Node, ...]:
        """Return the nodes of the kernel that begins with a node: it alone, or those joined to it."""
        fusion = self.traffic.fusion
        return (node,) if fusion is None else fusion.members(node)

    def seconds(self, work: Num, moved: Num, node: Node) -> Num:
        """Return the seconds of a kernel of a node that does some work and moves some bytes."""
        indices = tuple(loop.index for loop in node.loops)
        key = (work, moved, indices)
        if key not in self._known:
            self._known[key] = self.roof.seconds(work, moved, {**self._box, **dict.fromkeys(indices, (0, None))})
        return self._known[key]

    def _bytes(self, node: Node, moved: Iterator[Moved]) -> Num:
        return in_bytes(node, moved, self.basis)


@lru_cache(maxsize=4)
def clock(graph: Graph, basis: Basis) -> Clock:
    """Return the clock of a graph; the last few are kept, as nodes ask one after the other."""
    return Clock(graph, basis)


def _forward(graph: Graph, node: Node, basis: Basis) -> Num:
    return over_loops(clock(graph, basis).forward(node), node.loops)


def _train(graph: Graph, node: Node, basis: Basis) -> Num:
    times, which = clock(graph, basis), basis.setup.checkpointing.again
    forward = times.forward(node, training=True)
    again = forward if which is not None and node.name in run_again(graph, which) else 0
    back = graph.gradients.to_weights(node, times.to_weights(node))
    return over_loops(forward + again, node.loops) + back + graph.gradients.over_rounds(node, times.to_inputs(node))


def _computing(graph: Graph, node: Node, basis: Basis) -> Num:
    return over_loops(clock(graph, basis).roof.computing(basis.convention.flops(node)), node.loops)


def _moving(graph: Graph, node: Node, basis: Basis) -> Num:
    times = clock(graph, basis)
    return over_loops(times.roof.moving(in_bytes(node, times.traffic.forward(node), basis)), node.loops)


METRICS = (
    Metric("forward_s", "seconds", "seconds of a forward pass, each kernel the longer of computing and moving",
           priced=True, shown=False, under=UNDER, over_rounds=_forward),
    Metric("computing_s", "seconds", "seconds that the FLOPs of a forward pass take at the peak that is reached",
           priced=True, shown=False, under=UNDER, over_rounds=_computing),
    Metric("moving_s", "seconds", "seconds that the bytes of a forward pass take at the bandwidth that is reached",
           shown=False, under=UNDER, over_rounds=_moving),
    Metric("pass_s", "seconds", "seconds of the forward and backward pass of one micro-batch on one device; "
           "what is run again is in it", priced=True, shown=False, trained=True, over_rounds=_train,
           under=(*UNDER, "checkpointing")),
)  # fmt: skip
