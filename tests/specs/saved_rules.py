"""Why torch keeps other bytes for the backward pass than a graph says: rules, each with torch's reason.

A rule changes what nodes keep, or says how many bytes more are kept, as a formula of the graph. Those of ``RULES`` are
for counterparts whose name starts as its key does, all that fit together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from symcost.algebra.poly import Num, evaluate, symbol, total
from symcost.graph import Graph
from symcost.graph.model import Node
from symcost.ops.facts import Facts, Kept
from symcost.ops.window import same


def nothing(_: Graph) -> Num:
    return 0


def as_is(_: Graph, node: Node) -> Facts:
    return node.facts


class Rule(NamedTuple):
    """Why torch keeps more or less.

    Attributes:
        reason: torch's, or the library's.
        more: how many bytes more are kept.
        facts: what a node keeps instead.
    """

    reason: str
    more: Callable[[Graph], Num] = nothing
    facts: Callable[[Graph, Node], Facts] = as_is

    def applied(self, graph: Graph) -> Graph:
        """Return the graph with what its nodes keep by this rule."""
        if self.facts is as_is:
            return graph
        return replace(graph, nodes=tuple(replace(node, facts=self.facts(graph, node)) for node in graph.nodes))


def stored(graph: Graph, tag: str, what: str) -> Num:
    """Return the elements that ops of some kind keep of something that they make for the purpose."""
    kept = (storage for storage in graph.kept if storage.row.op.tag == tag and storage.what == what)
    return total((storage.total, 1) for storage in kept)


def joins(graph: Graph, names: str = "") -> Num:
    """Return how many residual joins a network has, in what has names that start so."""
    return total((node.count, 1) for node in graph.nodes if node.op.tag == "add" and node.name.startswith(names))


FLOAT_MASKS = Rule(
    "on a CPU dropout multiplies by numbers, 0 or 1/(1 - p), which it keeps in 32 bits; a GPU keeps truth values",
    lambda graph: 3 * stored(graph, "dropout", "mask"),
)


def stochastic_depth(sure: int, names: str = "") -> Rule:
    """Return the rule of residual paths that are dropped, all but some whose probability is 0."""
    return Rule(
        "stochastic depth, which has no part in evaluation, multiplies each example by a number that it keeps",
        lambda graph: 4 * symbol("B") * (joins(graph, names) - sure),
    )


def _no_dropout(_: Graph, node: Node) -> Facts:
    if not node.op.tag.startswith("dropout"):
        return node.facts
    return replace(node.facts, keeps=(), copies=False)


NO_DROPOUT = Rule("timm builds a network with drop_rate = 0 unless it is told otherwise", facts=_no_dropout)


def _same_apart(*tags: str, strides: tuple[int, ...] = (2,)) -> Callable[[Graph, Node], Facts]:
    """Return what windows keep that are padded apart so that ceil(size/stride) places come out."""

    def facts(_: Graph, node: Node) -> Facts:
        fields = node.op.fields()
        if node.op.tag not in tags or not fields["padding"] or _both(fields.get("dilation", 1)) != (1, 1):
            return node.facts
        kernels, steps = _both(fields["kernel_size"]), _both(fields["stride"] or fields["kernel_size"])
        if steps[0] not in strides or not kernels[0] > steps[0]:
            return node.facts
        sizes = zip(node.ins[0].shape[2:], kernels, steps, strict=True)
        return with_padding(node, [(same(size, s) - 1) * s + k for size, k, s in sizes])

    return facts


def _both(field: Num | tuple[Num, ...]) -> tuple[int, ...]:
    """Return a field of a window for both axes, in plain numbers."""
    return tuple(int(evaluate(size, {})) for size in (field if isinstance(field, tuple) else (field, field)))


def with_padding(node: Node, sizes: list[Num]) -> Facts:
    """Return the facts of a node that keeps a padded copy in place of its input."""
    padded = Kept("padded", shape=(*node.ins[0].shape[:2], *sizes))
    keeps = (padded if one.what == "input" else one for one in node.facts.keeps)
    return replace(node.facts, keeps=tuple(keeps))


PADDED = "TensorFlow's padding of a window with a stride is uneven, which torch does apart: the padded copy is kept"
SAME_APART = Rule(PADDED, facts=_same_apart("conv2d", "std_conv2d"))
SAME_POOLS_APART = Rule(PADDED, facts=_same_apart("conv2d", "max_pool2d", "avg_pool2d"))


def _encoder_apart(*dilated: str) -> Callable[[Graph, Node], Facts]:
    """Return what an encoder keeps that pads all windows apart, but for those in parts that are dilated."""
    padded = _same_apart("conv2d", strides=(1, 2))

    def facts(graph: Graph, node: Node) -> Facts:
        apart = node.name.startswith(ENCODER) and not node.name.startswith(dilated)
        return padded(graph, node) if apart else node.facts

    return facts


ENCODER = "map.of_efficientnet."
ENCODER_APART = Rule("smp's EfficientNet pads all windows apart: the padded copies are kept", facts=_encoder_apart())
DILATED_APART = Rule(
    "smp's EfficientNet pads windows apart unless they are dilated, as those from the second block of stage 5 on",
    facts=_encoder_apart(f"{ENCODER}net.stage_5.repeat", f"{ENCODER}net.stage_6", f"{ENCODER}net.stage_7"),
)


def _pool_apart(_: Graph, node: Node) -> Facts:
    return (
        with_padding(node, [size + 2 for size in node.ins[0].shape[2:]]) if node.op.tag == "max_pool2d" else node.facts
    )


POOL_APART = Rule("the stem pads with zeros apart before it pools: the padded copy is kept", facts=_pool_apart)


def _shifted(_: Graph, node: Node) -> Facts:
    return with_padding(node, [*node.ins[0].shape[2:]]) if node.name.endswith("branch_2.avg_pool2d") else node.facts


SHIFTED = Rule("the second half of a path reads a copy of the image moved by a place, which is kept", facts=_shifted)


def _after_join(graph: Graph, node: Node) -> Facts:
    joined = node.op.tag == "leaky_relu" and graph.nodes[node.ins[0].source].op.tag == "add"
    return replace(node.facts, keeps_over=()) if joined else node.facts


NOT_INPLACE = Rule("the activation after a join is made without inplace", facts=_after_join)
SCALED_GAIN = Rule(
    "timm multiplies the gain of a filter by a constant before it standardises, and keeps the product",
    lambda graph: (
        4
        * total((node.facts.weights["gain"][0] * node.count, 1) for node in graph.nodes if "gain" in node.facts.weights)
    ),
)

EVERYWHERE = (FLOAT_MASKS,)
RULES: dict[str, tuple[Rule, ...]] = {
    "torchvision/efficientnet_b": (stochastic_depth(0),),
    "torchvision/efficientnet_v2": (stochastic_depth(1),),
    "torchvision/convnext": (stochastic_depth(1),),
    "timm/efficientnet_": (NO_DROPOUT,),
    "timm/tf_efficientnet": (NO_DROPOUT, SAME_APART),
    "timm/mobilenetv3_": (NO_DROPOUT,),
    "timm/cspresnet": (NOT_INPLACE,),
    "timm/dm_nfnet": (SCALED_GAIN, SAME_APART),
    "timm/eca_nfnet": (SCALED_GAIN,),
    "timm/nasnet": (SAME_POOLS_APART, SHIFTED),
    "timm/resnetv2_50x1_bit": (POOL_APART,),
    **dict.fromkeys(
        (f"smp/{decoder}/efficientnet" for decoder in ("FPN", "Linknet", "MAnet", "Unet")),
        (ENCODER_APART, stochastic_depth(0, ENCODER)),
    ),
    **dict.fromkeys(
        (f"smp/{decoder}/efficientnet" for decoder in ("DeepLabV3Plus", "PAN")),
        (DILATED_APART, stochastic_depth(0, ENCODER)),
    ),
}
OPEN: tuple[str, ...] = ()
"""Counterparts whose bytes are others still."""
