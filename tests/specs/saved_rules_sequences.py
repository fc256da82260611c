"""Why torch keeps other bytes of networks of tokens than a graph says; see ``saved_rules`` and ``written``."""

from __future__ import annotations

from collections.abc import Mapping

from symcost.algebra.poly import Num, symbol, total
from symcost.graph import Graph
from symcost.graph.model import over_loops
from symcost.ops.facts import numel
from symcost.ops.rotary_embedding import RotaryEmbedding
from tests.specs.saved_rules import SAME_APART, Rule, stochastic_depth
from tests.specs.written import LINEAR, MATMUL, Writings
from tests.specs.written_attention import (
    DROPPED_TABLE,
    JOINT,
    KEYS_SCALED,
    LOGITS,
    OWN_SECOND,
    OWN_VALUES,
    PLACES,
    PRODUCTS,
    PRODUCTS_OF_ONE,
    ROWS,
    SCALED,
    SCALED_OF_ONE,
    SCALED_QUERIES,
)
from tests.specs.written_ops import (
    DUAL,
    FILLED,
    GELU,
    LARGEST,
    LSTM,
    OWN_INPUT,
    RAISED,
    RMS_NORM,
    RMS_NORM_PLUS_ONE,
    SCAN,
)

B, T, U = map(symbol, "BTU")
ATTENTION = "scaled_dot_product_attention"
WRITTEN: dict[str, Writings] = {
    "": {"linear": LINEAR, "matmul": MATMUL, ATTENTION: SCALED},
    "timm/coat_lite": {f"enter_{stage}.conv2d": OWN_INPUT for stage in (2, 3, 4)},
    "timm/coatn": {"attention.matmul": OWN_SECOND, "attention.matmul_2": OWN_SECOND},
    "timm/coatnet_rmlp": {"continuous_position_bias": DROPPED_TABLE},
    "timm/efficientvit": {"attention.div": RAISED},
    "timm/halonet": {"relative_position_logits": LOGITS},
    "timm/hiera": {ATTENTION: OWN_VALUES},
    "timm/maxvit": {"attention.matmul": KEYS_SCALED},
    "timm/maxvit_tiny_tf": {"avg_pool2d": OWN_INPUT},
    "timm/mvitv2": {
        "decomposed_position_bias": ROWS,
        **{f"attention.{part}.conv2d": OWN_INPUT for part in ("q", "pool", "v")},
    },
    "timm/sequencer": {"lstm": LSTM},
    "timm/visformer": {ATTENTION: PRODUCTS},
    "timm/vit_base_patch14_dinov2": {ATTENTION: SCALED_OF_ONE},
    "timm/volo": {"class_layer.found.mix.scaled_dot_product_attention": PRODUCTS, "largest": LARGEST},
    "torchvision/swin3d": {"relative_position_bias": PLACES},
    "torchvision/vit": {ATTENTION: JOINT},
    "transformers/": {ATTENTION: PRODUCTS, "rms_norm": RMS_NORM},
    "transformers/albert": {"gelu": GELU},
    "transformers/distilgpt2": {"gelu": GELU},
    "transformers/gemma": {"rms_norm": RMS_NORM_PLUS_ONE},
    "transformers/gpt2": {"gelu": GELU},
    "transformers/mamba-": {"selective_scan": SCAN},
    "transformers/mamba2": {"state_space_dual": DUAL, "mixer.mul": FILLED},
    "transformers/phi-2": {"gelu": GELU},
    "transformers/phi-3": {ATTENTION: PRODUCTS_OF_ONE},
    "ultralytics/yolo1": {ATTENTION: SCALED_QUERIES},
    "ultralytics/yolov10": {ATTENTION: SCALED_QUERIES},
}
"""How ops are written out by the counterparts whose name starts so; the longest start that fits has the say."""


def writings(other: str, table: Mapping[str, Writings] = WRITTEN) -> Writings:
    """Return how a counterpart writes its ops out."""
    starts = sorted((start for start in table if other.startswith(start)), key=len)
    return {tag: writing for start in starts for tag, writing in table[start].items()}


def angles(graph: Graph) -> Num:
    """Return the elements of a table of sines, or of cosines: those of one node, as all have the same."""
    for node in graph.nodes:
        if isinstance(node.op, RotaryEmbedding):
            shape = node.ins[0].shape
            return shape[-2] * (shape[-1] if node.op.dim is None else node.op.dim)
    return 0


def layers(graph: Graph) -> Num:
    return total((node.count, 1) for node in graph.nodes if node.op.tag == ATTENTION)


def temperatures(graph: Graph) -> Num:
    """Return how many learned numbers scores are multiplied by."""
    nodes = [node for node in graph.nodes if node.op.tag == "layer_scale"]
    return total((over_loops(numel(node.facts.weights["gamma"]), node.loops), 1) for node in nodes)


def positions(reason: str, number: Num) -> Rule:
    return Rule(reason, lambda graph: 8 * number)


TABLES = Rule("rotations keep one table of sines and one of cosines, the same in all layers",
              lambda graph: 4 * 2 * angles(graph))  # fmt: skip
PLACE = Rule(
    "Falcon takes its one key and its one value from the rest by a list of one place", lambda g: 16 * layers(g)
)
TEMPERATURES = Rule("cosine attention multiplies by exp of a learned number for each head, which is kept",
                    lambda graph: 4 * temperatures(graph))  # fmt: skip
LAST = Rule("the last token's features are looked up by two lists, of examples and of places, and copied",
            lambda graph: 16 * B + 4 * (B - B * T) * symbol("e"))  # fmt: skip
TEMPERATURE = Rule("scores are multiplied by exp of a learned number, which is kept", lambda _: 4)
EACH = positions("positions are looked up, of each example anew", B * T)
ONCE = positions("positions are looked up, once for all examples", T)
KINDS = positions("one row of kinds of tokens serves all examples", T - B * T)

RULES: dict[str, tuple[Rule, ...]] = {
    "timm/maxvit_tiny_tf": (SAME_APART,),
    "timm/nest_tiny": (stochastic_depth(2),),
    "timm/swin": (stochastic_depth(2),),
    "torchvision/maxvit": (stochastic_depth(5),),
    "torchvision/swin": (stochastic_depth(2),),
    "torchvision/swin_v2": (TEMPERATURES,),
    "transformers/": (TABLES,),
    "transformers/albert": (KINDS,),
    "transformers/bart": (EACH, positions("positions of the decoder are looked up, once for all examples", U)),
    "transformers/bert": (KINDS,),
    "transformers/clip": (LAST, TEMPERATURE),
    "transformers/distilgpt2": (ONCE,),
    "transformers/falcon": (PLACE,),
    "transformers/gpt2": (ONCE,),
    "transformers/opt": (EACH,),
    "transformers/roberta": (EACH,),
    "transformers/segformer": (stochastic_depth(2),),
    "transformers/whisper": (EACH,),
}
OPEN: tuple[str, ...] = ()
"""Counterparts whose bytes are others still."""
