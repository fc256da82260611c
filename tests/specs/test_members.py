"""Members that the truth does not hold: parameters of the libraries' own networks, and figures as printed.

Counted on meta tensors: timm 1.0.31 and transformers 5.23.0 (MambaForCausalLM, FNetForPreTraining, and so on).
"""

from __future__ import annotations

import pytest

import symcost
from symcost.algebra.poly import evaluate

COUNTED = {
    "mamba_1_4b": 1_372_178_432,
    "mamba_2_8b": 2_768_345_600,
    "mamba2_370m": 368_346_624,
    "mamba2_780m": 780_161_280,
    "mamba2_1_3b": 1_343_757_312,
    "mamba2_2_7b": 2_702_599_680,
    "sequencer2d_m": 38_307_688,
    "sequencer2d_l": 54_298_216,
    "fnet_base": 83_486_722,
    "fnet_large": 238_031_106,
    "minimax_01": 456_089_655_296 - 6_144,  # the code norms the tokens before the first layer, its paper does not
}
PRINTED = {"sequencer2d_s": 28, "sequencer2d_m": 38, "sequencer2d_l": 54}
"""Millions of parameters: the README of the authors' code, github.com/okojoalg/sequencer."""
TIED = {
    "t5_v1_1_small": 60_511_616,
    "t5_v1_1_large": 750_251_008,
    "t5_v1_1_xl": 2_783_959_040,
    "t5_v1_1_xxl": 11_003_736_064,
    "mt5_small": 172_119_424,
    "mt5_base": 390_315_264,
}
"""In transformers 5.23.0, where the head of every T5 shares the token table; that of the published weights does not."""
FLOPS = {
    "fnet_base": ({"B": 2, "m": 6}, 21_091_325_952, 63_273_977_856),
    "fnet_large": ({"B": 2, "m": 6}, 60_469_288_960, 181_407_866_880),
    "minimax_01": ({"B": 2, "T": 512, "L": 1}, 12_033_961_492_480, None),
    "t5_v1_1_small": ({"B": 2, "T": 64, "U": 9}, 7_138_861_056, 21_416_583_168),
    "mt5_small": ({"B": 2, "T": 64, "U": 9}, 11_156_742_144, 33_470_226_432),
    "mixtral_8x22b": ({"B": 2, "T": 64}, 9_984_892_993_536, 29_954_678_980_608),
    "gpt_oss_120b": ({"B": 2, "T": 64}, 1_318_393_479_168, 3_955_180_437_504),
    "falcon_180b": ({"B": 2, "T": 64}, 45_748_313_915_392, 137_244_941_746_176),
}
"""By torch's FlopCounterMode: sizes, forward, forward and backward. MiniMax's backward is left out: torch finds no
gradient of the state before the first chunk and after the last, where the spec has the same work for all chunks."""

SEGMENTED = {
    "linknet_resnet50": (31_178_437, 19_193_266_176),
    "linknet_mobilenet_v2": (4_320_519, 1_570_114_560),
    "pan_resnet34": (21_481_596, 19_592_898_424),
    "pan_mobilenet_v2": (2_422_332, 2_058_248_056),
    "pspnet_resnet18": (11_422_005, 4_012_605_440),
    "pspnet_resnet50": (24_393_173, 7_900_430_336),
    "pspnet_resnet101": (43_385_301, 7_900_430_336),
    "unet_resnet50": (32_524_005, 28_405_923_840),
    "segformer_on_mobilenet_v2": (2_929_429, 4_943_662_080),
    "unet_plus_plus_efficientnet_b0": (6_572_481, 14_980_168_448),
    "unet_plus_plus_mobilenet_v2": (6_827_621, 12_155_931_648),
    "upernet_resnet34": (29_604_821, 47_237_300_224),
    "upernet_resnet50": (37_289_813, 50_288_656_384),
    "upernet_efficientnet_b0": (11_618_161, 35_647_961_856),
}
"""Parameters, and FLOPs of 2 images of 224 x 192 in 21 classes: segmentation-models-pytorch 0.6.0."""


@pytest.mark.parametrize(("name", "params"), COUNTED.items())
def test_parameters_are_those_of_the_library(name: str, params: int) -> None:
    assert symcost.load(name).cost().at().params == params


@pytest.mark.parametrize(("name", "printed"), PRINTED.items())
def test_parameters_print_as_the_authors_do(name: str, printed: int) -> None:
    assert round(symcost.load(name).cost().at().params / 10**6) == printed


@pytest.mark.parametrize(("name", "tied"), TIED.items())
def test_parameters_with_a_head_of_its_own(name: str, tied: int) -> None:
    cost = symcost.load(name).cost()
    sizes = cost.bindings()
    assert cost.at().params == tied + sizes["E"] * sizes["V"]


@pytest.mark.parametrize("name", FLOPS)
def test_flops_are_those_of_the_library(name: str) -> None:
    sizes, forward, both = FLOPS[name]
    cost = symcost.load(name).cost("torch")
    env = cost.bindings(sizes)
    assert evaluate(cost.poly("flops"), env) == forward
    if both is not None:
        assert evaluate(cost.poly("train_flops"), env) == both


@pytest.mark.parametrize("name", SEGMENTED)
def test_decoders_on_other_encoders(name: str) -> None:
    cost = symcost.load(name).cost("torch")
    env = cost.bindings({"B": 2, "H": 224, "W": 192})
    assert (evaluate(cost.poly("params"), env), evaluate(cost.poly("flops"), env)) == SEGMENTED[name]


def test_deep_speech_2_has_the_sizes_that_are_printed_of_it() -> None:
    """Shapes at 161 bins and 201 frames: PLOS Biology 21(12), e3002366, Table 5; parameters from them, by layer."""
    graph = symcost.load("deepspeech2").cost().graph
    printed = {"conv2d": [(1, 32, 81, 101), (1, 32, 41, 101)], "linear": [(1, 101, 29)]}
    env = symcost.load("deepspeech2").cost().bindings({})
    for tag, shapes in printed.items():
        outs = (node.facts.outs[0] for node in graph.nodes if node.op.tag == tag)
        assert [tuple(evaluate(size, env) for size in out) for out in outs] == shapes
    convs = 32 * 41 * 11 + 32 + 32 * 32 * 21 * 11 + 32 + 2 * 64
    first, other = (2 * 4 * (1024 * (width + 1024) + 2 * 1024) for width in (1312, 1024))
    norms, last = 5 * 2 * 1024, 1024 * 29
    assert symcost.load("deepspeech2").cost().at().params == convs + first + 4 * other + norms + last
