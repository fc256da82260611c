"""Why torch keeps other bytes for the backward pass than a graph says: rules, each with torch's reason.

A rule says how many bytes more are kept, as a formula of the graph. Those of ``RULES`` are for counterparts whose name
starts as its key does, all that fit together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from symcost.algebra.poly import Num, symbol, total
from symcost.graph import Graph


class Rule(NamedTuple):
    """Why torch keeps more or less, and how many bytes more."""

    reason: str
    more: Callable[[Graph], Num]


def stored(graph: Graph, tag: str, what: str) -> Num:
    """Return the elements that ops of some kind keep of something that they make for the purpose."""
    kept = (storage for storage in graph.kept if storage.row.op.tag == tag and storage.what == what)
    return total((storage.total, 1) for storage in kept)


def joins(graph: Graph) -> Num:
    """Return how many residual joins a network has."""
    return total((node.count, 1) for node in graph.nodes if node.op.tag == "add")


FLOAT_MASKS = Rule(
    "on a CPU dropout multiplies by numbers, 0 or 1/(1 - p), which it keeps in 32 bits; a GPU keeps truth values",
    lambda graph: 3 * stored(graph, "dropout", "mask"),
)


def stochastic_depth(sure: int) -> Rule:
    """Return the rule of residual paths that are dropped, all but some whose probability is 0."""
    return Rule(
        "stochastic depth, which has no part in evaluation, multiplies each example by a number that it keeps",
        lambda graph: 4 * symbol("B") * (joins(graph) - sure),
    )


EVERYWHERE = (FLOAT_MASKS,)
RULES: dict[str, tuple[Rule, ...]] = {
    "torchvision/efficientnet_b": (stochastic_depth(0),),
    "torchvision/efficientnet_v2": (stochastic_depth(1),),
    "torchvision/convnext": (stochastic_depth(1),),
}
OPEN: tuple[str, ...] = (
    "smp/DeepLabV3Plus/efficientnet-b0",
    "smp/FPN/efficientnet-b0",
    "smp/FPN/mobilenet_v2",
    "smp/FPN/resnet34",
    "smp/FPN/resnet50",
    "smp/Linknet/efficientnet-b0",
    "smp/MAnet/efficientnet-b0",
    "smp/PAN/efficientnet-b0",
    "smp/Unet/efficientnet-b0",
    "timm/coatnext_nano_rw_224",
    "timm/convnextv2_nano",
    "timm/cspresnet50",
    "timm/densenetblur121d",
    "timm/dm_nfnet_f0",
    "timm/eca_nfnet_l0",
    "timm/efficientnet_b4",
    "timm/efficientvit_b0",
    "timm/ghostnetv2_100",
    "timm/ghostnetv3_100",
    "timm/halonet50ts",
    "timm/hgnetv2_b0",
    "timm/mobilenetv3_small_100",
    "timm/nasnetalarge",
    "timm/resnetv2_50x1_bit",
    "timm/tf_efficientnet_b0",
    "timm/tf_efficientnetv2_l",
    "ultralytics/yolo11n",
    "ultralytics/yolo12s",
    "ultralytics/yolov10n",
    "ultralytics/yolov5l",
    "ultralytics/yolov5s",
    "ultralytics/yolov8n",
    "ultralytics/yolov8n-cls",
    "ultralytics/yolov8x",
)
"""Counterparts whose bytes are others still."""
