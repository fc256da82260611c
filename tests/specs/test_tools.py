"""Conventions of tools against what the tools print: every shipped network that they were run on.

``tests/data/models.jsonl`` holds the totals. Tools that look at modules do not see what code calls otherwise, so the
same network costs differently in two libraries: ``CALLS`` says how each is written. Some of its lines were read in the
libraries' code; most of timm's were inferred from what a tool's total lacks, which is then the exact size of an op, and
several tools have to come out even by the same line. So the rules of tools are checked here, and those lines less so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import product

import pytest

import symcost
from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate
from symcost.cost import Cost
from symcost.graph import Graph
from symcost.metrics.convention import convention
from tests.specs.test_truth import counterparts, sizes, truth

TOOLS = {
    "fvcore": ("fvcore", "macs_fvcore", 1),
    "thop": ("thop", "macs_thop", 1),
    "ptflops": ("ptflops", "macs_ptflops", 1),
    "ptflops_aten": ("ptflops_aten", "macs_ptflops_aten", 1),
    "deepspeed": ("deepspeed:elementwise=left_out", "macs_deepspeed", 2),
    "calflops": ("deepspeed", "flops_calflops", 1),
}
"""By tool: a convention, the field of its totals, and how many of the convention's units one of them is. calflops has
the rules of DeepSpeed, without that for fused attention."""

CALLS = (
    # transformers: attention of two products; Conv1D, by torch.addmm; a function that is bound before it can be patched
    ("*", "transformers/*", "composed", "scaled_dot_product_attention"),
    ("calflops", "transformers/*", "composed", "gelu"),
    ("*", "transformers/*", "own", "gelu"),
    ("*", "transformers/*gpt2*", "composed", "/repeat.*linear*"),
    # torchvision: functions, means, LayerNorm2d, attention by functions or MultiheadAttention, products by @
    ("*", "torchvision/densenet*", "function", "/relu"),
    ("*", "torchvision/densenet* torchvision/mobilenet_v2", "function", "global_avg_pool"),
    ("*", "torchvision/googlenet torchvision/inception_v3", "function", "relu"),
    ("*", "torchvision/inception_v3", "function", "avg_pool2d"),
    ("*", "torchvision/inception_v3", "function", "/*shrink*.max_pool2d"),
    ("*", "torchvision/fcn* torchvision/deeplab* torchvision/lraspp*", "function", "upsample"),
    ("*", "torchvision/mnasnet* torchvision/shufflenet*", "composed", "global_avg_pool"),
    ("*", "torchvision/convnext*", "own", "/*norm.layer_norm"),
    ("*", "torchvision/convnext*", "own", "/layer_norm"),
    ("*", "torchvision/swin*", "function", "/*attention*linear*"),
    ("*", "torchvision/swin* torchvision/maxvit*", "function", "softmax"),
    ("*", "torchvision/swin_v2*", "own", "/*attention.matmul"),
    ("*", "torchvision/swin*", "function", "/*attention.matmul_2"),
    ("*", "torchvision/swin_[bst]", "function", "matmul"),
    ("thop", "torchvision/vit*", "own", "/*attention*linear*"),
    # timm: means, also inside attention over channels; fused attention in place of two products
    ("*", "timm/*", "composed", "/*squeeze*pool*"),
    ("*", "timm/*eca*", "composed", "/*efficient_attention*pool*"),
    ("*", "timm/resnest*", "composed", "/*split_attention*pool*"),
    ("*", "timm/ese_vovnet* timm/hgnet* timm/rdnet*", "composed", "/*branch_2.global_avg_pool"),
    ("*", "timm/swin* timm/pvt* timm/twins* timm/mvitv2*", "composed", "global_avg_pool"),
    ("*", "timm/maxvit* timm/coatne*", "fused", "matmul"),
    ("*", "timm/maxvit* timm/coatne*", "fused", "softmax"),
    ("*", "timm/visformer*", "composed", "scaled_dot_product_attention"),
    ("ptflops", "timm/visformer*", "own", "scaled_dot_product_attention"),  # by @
    ("*", "timm/crossvit*", "composed", "/*mixed.scaled_dot_product_attention"),
    ("ptflops", "timm/crossvit*", "own", "/*mixed.scaled_dot_product_attention"),
    ("ptflops", "timm/crossvit*", "own", "/*.layer.linear"),
    ("*", "timm/volo*", "composed", "/*.class_layer.*scaled_dot_product_attention"),
    ("*", "timm/volo*", "own", "/*.outlook.shares"),
    ("*", "timm/repvit*", "composed", "/global_avg_pool"),
    # timm: modules of its own, such as BatchNormAct2d, GroupNormAct, LayerNorm, Linear, Conv2dSame, GELU
    (
        "*",
        "timm/*efficientnet* timm/mobilenetv[34]* timm/lcnet* timm/spnasnet* timm/regnet* timm/mixnet*",
        "own",
        "batch_norm",
    ),
    ("*", "timm/resnetv2* timm/*vovnet* timm/*darknet* timm/cspres* timm/repvgg* timm/maxvit*", "own", "batch_norm"),
    ("*", "timm/coatnet* timm/densenet* timm/dpn* timm/halonet* timm/inception_resnet*", "own", "batch_norm"),
    ("*", "timm/gcresnet* timm/resnet51q", "own", "/*unit.batch_norm"),
    ("*", "timm/resnetv2*", "own", "group_norm"),
    ("*", "timm/vit* timm/deit* timm/convnext* timm/maxvit* timm/naflexvit* timm/caformer*", "own", "layer_norm"),
    ("*", "timm/coatne* timm/mvitv2* timm/hiera* timm/mambaout* timm/nest* timm/rdnet*", "own", "layer_norm"),
    ("*", "timm/gcresnet*", "own", "/*context.layer_norm"),
    ("*", "timm/pvt* timm/edgenext*", "own", "/*norm.layer_norm"),
    ("*", "timm/edgenext*", "own", "/layer_norm"),
    ("*", "timm/edgenext*", "own", "softmax"),  # of a tensor
    ("ptflops_aten", "timm/edgenext*", "apart", "/*.attention.linear_2"),
    ("*", "timm/pvt*", "own", "/*attention.x"),
    ("*", "timm/pvt*", "own", "/*feed_forward.layer_norm"),
    ("*", "timm/mobilenetv3* timm/lcnet*", "own", "/linear_2"),
    ("*", "timm/mobilenetv4* timm/fasternet*", "own", "linear"),
    ("*", "timm/tf_*", "own", "conv2d[stride=2]"),
    ("*", "timm/convnext* timm/dm_nfnet* timm/coatne*", "function", "gelu"),
    ("*", "timm/vitamin*", "function", "/*bottleneck.gelu*"),
    ("*", "timm/densenetblur*", "own", "/stem.conv2d"),  # BlurPool2d
    ("*", "timm/halonet* timm/efficientvit_m*", "own", "softmax"),  # of a tensor
    # timm: functions
    ("*", "timm/resnest* timm/gcresnet* timm/mvitv2*", "function", "softmax"),
    ("*", "timm/hgnet*", "function", "mul"),
    ("*", "timm/crossvit* timm/ghostnet*", "function", "upsample"),
    ("*", "timm/ghostnet*", "function", "avg_pool2d"),
    ("*", "timm/ghostnet*", "own", "/linear_2"),
    ("*", "timm/ghostnet*", "own", "/unit_2.batch_norm"),
    ("*", "timm/pvt* timm/twins* timm/hiera* timm/nest* timm/volo*", "function", "scaled_dot_product_attention"),
    # what one tool does: ptflops leaves out what is inside timm's Attention, fvcore convolutions with padding in words
    ("ptflops", "timm/vit* timm/deit* timm/naflexvit*", "own", "/*attention*linear*"),
    ("fvcore", "transformers/siglip*", "composed", "conv2d"),
    ("fvcore", "timm/convmixer*", "composed", "/*.layer.conv2d"),
    ("ptflops_aten", "timm/mixer*", "apart", "/*.mix.linear"),  # of a tensor that is not in order in memory
    ("ptflops_aten", "timm/resmlp*", "apart", "/*.linear_2"),
    ("ptflops_aten", "transformers/mamba*", "apart", "/*.mixer.linear_3"),
)
"""By tool, and networks in a library: how the code calls an op, and which op, or the node with it."""

OPEN = "not determined"
EXCEPTIONS = (
    ("fvcore calflops", "torchvision/maxvit_t", "of einsum they read the work that numpy prints, to four digits"),
    ("fvcore", "timm/maxvit_tiny_tf_224", "122,832 more: its position biases are had by einsum"),
    ("thop", "timm/maxvit_tiny_tf_224", OPEN),
    ("ptflops ptflops_aten", "timm/coatnet_rmlp*", "a network makes its position biases, which it sees in part"),
    ("ptflops", "timm/maxvit_tiny_tf_224 timm/maxvit_tiny_rw_224", OPEN),
    ("ptflops", "timm/cspresnet50 timm/caformer* timm/rdnet* timm/vitamin*", OPEN),
    ("ptflops", "timm/mixnet*", "75,264 more: not determined"),
    (
        "fvcore deepspeed ptflops",
        "timm/mvitv2*",
        "of einsum it reads the work that numpy prints, or has no MACs, or no rule",
    ),
    ("ptflops_aten", "timm/volo*", "some biases are added apart, not known which"),
    ("calflops", "timm/crossvit* timm/mvitv2* timm/volo* timm/efficientvit_m*", "fused attention"),
    ("thop ptflops calflops", "timm/coat_lite* timm/nasnet*", OPEN),
    (
        "thop ptflops",
        "timm/ghostnetv3*",
        "10,784,704 elements of batch norms that are a module of its own, not known which",
    ),
    ("calflops", "timm/ghostnet*", "the bias of a linear layer that is a convolution there"),
    ("ptflops", "timm/naflexvit*", "442,368 more: its table of positions is resampled, to 24 x 24"),
    ("ptflops", "timm/resnetv2_50x1_bit", "it pools an image that is padded before, to 114 x 114"),
    ("ptflops_aten", "transformers/*-mlm", "the bias of the head, which the spec has as an op of its own"),
    ("ptflops_aten", "transformers/segformer* timm/pvt* timm/twins*", "some biases are added apart, not known which"),
    ("deepspeed", "torchvision/maxvit_t timm/maxvit_tiny_tf_224", "einsum has FLOPs there, and no MACs"),
    ("deepspeed", "timm/sequencer2d*", "recurrent layers have FLOPs there, and no MACs"),
    (
        "calflops",
        "timm/vit_* timm/deit* timm/swin* timm/twins* timm/pvt* timm/maxvit* torchvision/vit*",
        "fused attention",
    ),
    (
        "calflops",
        "timm/coatne* timm/halonet* timm/hiera* timm/nest* timm/visformer* timm/caformer* timm/vitamin*",
        "fused attention",
    ),
    ("calflops", "timm/naflexvit*", "fused attention, and a table of positions that is resampled"),
    ("calflops", "torchvision/swin_v2*", "a product by @"),
    ("calflops", "timm/edgenext*", "10,968,608 less: two products by @ and a softmax of a tensor"),
    ("calflops", "transformers/falcon*", "linear layers by @"),
    ("calflops", "timm/mobilenetv3* timm/lcnet*", "the bias of a linear layer that is a convolution there"),
    ("calflops", "timm/resnetv2_50 timm/dpn92", "the bias of a linear layer that is a convolution there"),
    ("calflops", "timm/hgnet_*", "1,292,032 more: by torch.mul"),
    ("calflops", "torchvision/fcn* torchvision/deeplab* torchvision/lraspp*", OPEN),
    ("calflops", "timm/convnext* timm/cspresnet50 timm/darknet53 timm/resnetv2_50x1_bit timm/efficientvit_b0", OPEN),
    ("calflops", "timm/gcresnet* timm/rdnet*", OPEN),
    ("calflops", "transformers/dinov2* transformers/mamba* transformers/siglip* transformers/whisper*", OPEN),
    ("calflops", "transformers/segformer*", OPEN),
)
"""What is not the tool's total, by tools and networks, and why."""


def meant(other: str, models: str) -> bool:
    """Tell whether a network is one of some patterns."""
    return any(fnmatchcase(other, model) for model in models.split())


def excepted(tool: str, other: str) -> bool:
    return any(tool in tools.split() and meant(other, models) for tools, models, _ in EXCEPTIONS)


def turned(tool: str, other: str) -> str:
    """Return a convention for the network as a library has it."""
    ways: dict[str, list[str]] = {}
    for counter, models, way, called in CALLS:
        if fnmatchcase(tool, counter) and meant(other, models):
            ways.setdefault(way, []).append(called)
    counted = TOOLS[tool][0]
    said = [f"{way}={'+'.join(called)}" for way, called in ways.items()]
    return f"{counted}{',' if ':' in counted else ':'}{', '.join(said)}" if said else counted


def counters(other: str) -> list[str]:
    """Return the tools that a network was counted by."""
    return [tool for tool, (_, field, _) in TOOLS.items() if any(field in row for row in truth()[other])]


def counted() -> list[tuple[str, str]]:
    """Return every tool and network in a library that it counted."""
    return [(tool, other) for _, other in counterparts() for tool in counters(other)]


def totals(graph: Graph, tool: str, other: str) -> Iterator[tuple[Number, Number]]:
    """Yield our total and the tool's, at every size that it was run at."""
    _, field, unit = TOOLS[tool]
    cost = Cost(graph, convention(turned(tool, other)))
    for row in truth()[other]:
        if field in row:
            yield evaluate(cost.poly("flops"), cost.bindings(sizes(row))), unit * row[field]


@pytest.mark.parametrize(("name", "other"), [(name, other) for name, other in counterparts() if counters(other)])
def test_totals_are_those_of_the_tools(name: str, other: str) -> None:
    graph = symcost.load(name).graph()
    for tool in counters(other):
        for ours, theirs in totals(graph, tool, other):
            assert (ours != theirs) if excepted(tool, other) else (ours == theirs), tool


def test_every_line_of_the_tables_is_used() -> None:
    pairs = set(counted())
    for tool, models, *_ in CALLS:
        for model in models.split():
            assert any(fnmatchcase(t, tool) and fnmatchcase(other, model) for t, other in pairs), (tool, model)
    for tools, models, _ in EXCEPTIONS:
        for tool, model in product(tools.split(), models.split()):
            assert any(t == tool and fnmatchcase(other, model) for t, other in pairs), (tool, model)


def test_most_totals_are_compared() -> None:
    """At least as many as when this was written, of each tool."""
    equal = Counter(tool for tool, other in set(counted()) if not excepted(tool, other))
    assert equal >= Counter(fvcore=135, thop=117, ptflops=106, ptflops_aten=147, deepspeed=113, calflops=106)
