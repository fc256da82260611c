"""Decoder-only language models: what a cache holds, and that a pass is what its tokens take one after the other."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest
import sympy

import symcost
from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, evaluate, total
from symcost.algebra.to_sympy import to_sympy
from symcost.graph.model import over_loops

B, T, S = sympy.symbols("B T S", positive=True, integer=True)


@cache
def cost(name: str, **fixed: bool) -> symcost.Cost:
    return symcost.load(name).cost("torch", **fixed)


def at(network: symcost.Cost, metric: str, **sizes: int) -> Number:
    """Return a total at these sizes, as far as the network has them."""
    return evaluate(network.poly(metric), bound(network, **sizes))


def bound(network: symcost.Cost, **sizes: int) -> dict[str, Number]:
    return network.bindings({name: size for name, size in sizes.items() if name in network.symbols})


def masked(network: symcost.Cost) -> Num:
    """Return the MACs of all pairs that masks discard."""
    return total((over_loops(node.facts.masked, node.loops), 1) for node in network.graph.nodes)


CACHED = {"qwen2_5_72b": 327_680, "llama3_1_405b": 516_096, "llama3_8b": 131_072}
"""Bytes for a token in bfloat16: DeepSeek-AI 2025 (arXiv:2505.09343), Table 1, and 128 KiB as is widely said."""


@pytest.mark.parametrize("name", CACHED)
def test_bytes_of_the_cache(name: str) -> None:
    for decode in (True, False):
        one, two = (at(cost(name, decode=decode), "kv_cache", B=1, T=tokens, S=9) for tokens in (1, 2))
        assert 2 * (two - one) == CACHED[name]
    assert 2 * at(cost(name, decode=True), "kv_cache", B=3, T=1, S=99) == 300 * CACHED[name]


def test_the_cache_in_closed_form() -> None:
    L, k, q = sympy.symbols("L k q", positive=True, integer=True)
    assert cost("llama3_8b", decode=True).kv_cache == sympy.expand(2 * B * L * k * q * (S + T))
    assert cost("llama3_8b").kv_cache == 2 * B * L * k * q * T


def test_llamas_are_one_formula() -> None:
    """Projections 2 E q (g + 1) k, gates 3 E F and pairs of tokens; Touvron et al. 2023, section 2."""
    E, F, L, V, g, k, q, w = sympy.symbols("E F L V g k q w", positive=True, integer=True)
    for name in ("llama3_8b", "llama_65b", "llama3_1_405b", "qwen2_7b", "qwen3_8b", "mistral_7b", "phi_4"):
        seen = -sympy.Max(-S, 1 - w) if name == "mistral_7b" else S
        for decode, keys in ((False, T), (True, seen + T)):
            layer = 2 * E * q * (g + 1) * k + 3 * E * F + 2 * g * k * q * keys
            assert cost(name, decode=decode).macs == sympy.expand(B * T * (L * layer + E * V))


@pytest.mark.parametrize("name", ["llama3_8b", "mistral_7b", "starcoder2_3b", "gemma3_1b"])
@pytest.mark.parametrize("new", [1, 2, 3, 7])
def test_a_pass_is_its_tokens_one_by_one(name: str, new: int) -> None:
    """What masks leave of a pass of T tokens is what T passes of one token do, each on a cache of those before."""
    small = {"E": 8, "F": 12, "q": 4, "k": 2, "g": 3, "L": 8, "V": 11, "B": 2, "w": 4}
    whole, step = cost(name), cost(name, decode=True)
    kept = {
        cached: at(step, "macs", T=new, S=cached, **small)
        - evaluate(masked(step), bound(step, T=new, S=cached, **small))
        for cached in (1, 2, 3, 9)
    }
    for cached, macs in kept.items():
        assert macs == sum(at(step, "macs", T=1, S=cached + i, **small) for i in range(new))
    first = at(whole, "macs", T=1, **small)
    rest = sum(at(step, "macs", T=1, S=i, **small) for i in range(1, new))
    discarded = evaluate(masked(whole), bound(whole, T=new, **small))
    assert at(whole, "macs", T=new, **small) - discarded == first + rest


def test_one_token_meets_no_mask() -> None:
    for name in ("llama3_8b", "mistral_7b", "gemma3_1b"):
        step = cost(name, decode=True)
        assert evaluate(masked(step), step.bindings({"T": 1, "S": 8191})) == 0


def test_half_of_the_pairs_in_the_limit() -> None:
    """T (T - 1)/2 of T^2 pairs are discarded: half where T is large."""
    L, g, k, q = sympy.symbols("L g k q", positive=True, integer=True)
    assert to_sympy(masked(cost("llama3_8b"))) == sympy.expand(B * L * g * k * q * T * (T - 1))


def test_a_prefill_needs_one_row_of_logits() -> None:
    E, V = sympy.symbols("E V", positive=True, integer=True)
    assert sympy.expand(cost("llama3_8b").macs - cost("llama3_8b", last_logits=True).macs) == sympy.expand(
        B * (T - 1) * E * V
    )


PARAMETERS = {
    "llama_7b": 6_738_415_616,
    "llama_13b": 13_015_864_320,
    "llama_33b": 32_528_943_616,
    "llama_65b": 65_285_660_672,
    "llama2_70b": 68_976_648_192,
    "llama3_2_3b": 3_212_749_824,
    "smollm2_360m": 361_821_120,
    "smollm2_1_7b": 1_711_376_384,
    "mistral_nemo": 12_247_782_400,
    "mistral_small_3": 23_572_403_200,
    "qwen2_5_3b": 3_085_938_688,
    "qwen2_5_32b": 32_763_876_352,
    "qwen2_5_72b": 72_706_203_648,
    "qwen3_0_6b": 596_049_920,
    "qwen3_32b": 32_762_123_264,
    "phi_3_medium": 13_960_238_080,
    "phi_4": 14_659_507_200,
    "phi_1_5": 1_418_270_720,
    "gpt_j_6b": 6_050_882_784,
    "opt_350m": 331_196_416,
    "opt_1_3b": 1_315_758_080,
    "opt_30b": 29_974_540_288,
    "pythia_70m": 70_426_624,
    "pythia_160m": 162_322_944,
    "pythia_410m": 405_334_016,
    "pythia_1b": 1_011_781_632,
    "pythia_2_8b": 2_775_208_960,
    "pythia_6_9b": 6_857_302_016,
    "pythia_12b": 11_846_072_320,
    "falcon_40b": 41_303_293_952,
    "falcon_180b": 179_522_565_120,
    "gemma_7b": 8_537_680_896,
    "gemma2_9b": 9_241_705_984,
    "gemma3_270m": 268_098_176,
    "olmo2_1b": 1_484_916_736,
    "olmo2_13b": 13_716_198_400,
    "olmo2_32b": 32_234_279_936,
    "starcoder2_7b": 7_173_923_840,
    "starcoder2_15b": 15_957_889_024,
    "bloom_560m": 559_214_592,
    "bloom_1b1": 1_065_314_304,
    "bloom_1b7": 1_722_408_960,
    "bloom_3b": 3_002_557_440,
    "bloom_7b1": 7_069_016_064,
    "bloom_176b": 176_247_271_424,
    "mpt_7b": 6_649_286_656,
}
"""Elements of the published weights, as their safetensors files on huggingface.co say."""


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters_of_published_weights(name: str) -> None:
    assert at(cost(name), "params") == PARAMETERS[name]


WITH_IMAGES = {"gemma3_4b": 4_300_079_472, "gemma3_12b": 12_187_325_040, "gemma3_27b": 27_432_406_640}


@pytest.mark.parametrize("name", WITH_IMAGES)
def test_parameters_of_those_that_see(name: str) -> None:
    """Published weights of Gemma 3 hold a SigLIP encoder for images and a projection from its width to E besides."""
    wide, deep, side, hidden = 1152, 27, 896 // 14, 4304
    layer = 4 * (wide + 1) * wide + (wide + 1) * hidden + (hidden + 1) * wide + 4 * wide
    encoder = (3 * 14**2 + 1) * wide + side**2 * wide + deep * layer + 2 * wide
    network = cost(name)
    projection = wide + wide * network.bindings()["E"]
    assert at(network, "params") + encoder + projection == WITH_IMAGES[name]


GPT3 = {
    "gpt3_small": (125, 1),
    "gpt3_medium": (356, 1),
    "gpt3_large": (760, 1),
    "gpt3_xl": (1_320, 10),
    "gpt3_2_7b": (2_650, 10),
    "gpt3_6_7b": (6_660, 10),
    "gpt3_13b": (12_850, 10),
    "gpt3_175b": (174_600, 100),
}
"""Brown et al. 2020, Table D.1: parameters in millions, and what their last digit counts."""


@pytest.mark.parametrize("name", GPT3)
def test_gpt3(name: str) -> None:
    printed, unit = GPT3[name]
    params = int(at(cost(name), "params"))
    assert abs(params - printed * 10**6) < unit * 10**6


PALM = {"palm_8b": "8.63", "palm_62b": "62.50", "palm_540b": "540.35"}
"""Chowdhery et al. 2022, Table 1: parameters in billions."""


@pytest.mark.parametrize("name", PALM)
def test_palm(name: str) -> None:
    assert abs(Fraction(int(at(cost(name), "params")), 10**9) - Fraction(PALM[name])) < Fraction(1, 100)


def test_local_layers_hold_their_window() -> None:
    """Gemma 3: five of six layers hold w - 1 tokens, the others all."""
    network = cost("gemma3_27b", decode=True)
    everything, local = 10, 52
    for cached in (1, 500, 5000):
        held = everything * (cached + 1) + local * min(cached + 1, 1024 - 1)
        assert at(network, "kv_cache", T=1, S=cached) == 2 * 16 * 128 * held


COUNTED = {
    "falcon_40b": (41_303_293_952, 11_583_634_800_640, {50: 165_405_786_112}),
    "bloom_560m": (559_214_592, 157_452_861_440, {50: 2_245_591_040}),
    "opt_350m": (331_196_416, 93_021_143_040, {50: 1_325_137_920}),
    "gpt_j_6b": (6_050_882_784, 1_640_699_002_880, {50: 23_421_124_608}),
    "phi_1_5": (1_418_270_720, 369_515_560_960, {50: 5_271_322_624}),
    "olmo2_32b": (32_234_279_936, 8_894_283_776_000, {50: 127_011_389_440}),
    "starcoder2_15b": (15_957_889_024, 4_392_513_699_840, {50: 62_712_840_192}),
    "gemma2_9b": (9_241_705_984, 2_594_251_735_040, {50: 37_034_590_208, 1_500: 39_030_161_408, 4_500: 42_880_237_568}),
    "gemma3_4b": (3_880_263_168, 1_089_100_185_600, {50: 15_547_990_016, 1_500: 16_129_081_344, 4_500: 16_374_841_344}),
    "mistral_7b": (
        7_241_732_096,
        1_996_048_302_080,
        {50: 28_495_052_800, 1_500: 30_015_488_000, 4_500: 32_736_542_720},
    ),
    "qwen3_32b": (32_762_123_264, 8_975_941_632_000, {50: 128_148_045_824}),
    "mpt_7b": (6_649_286_656, 1_866_863_738_880, {50: 26_649_559_040}),
    "pythia_1b": (1_011_781_632, 255_616_614_400, {50: 3_646_685_184}),
}
"""By transformers 5.23 and torch's FlopCounterMode on meta tensors: parameters, FLOPs of 2 sequences of 70 tokens, and
FLOPs of one token more for 2 sequences after so many cached."""


@pytest.mark.parametrize("name", COUNTED)
def test_counted_by_torch(name: str) -> None:
    """Members of families whose rows of truth are of other members, and windows that are shorter than the cache."""
    params, flops, decoding = COUNTED[name]
    assert at(cost(name), "params") == params
    assert at(cost(name), "flops", B=2, T=70) == flops
    step = cost(name, decode=True)
    assert {cached: at(step, "flops", B=2, T=1, S=cached) for cached in decoding} == decoding
