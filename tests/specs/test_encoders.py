"""Encoders, encoder-decoders and transformers of images: closed forms, and members without rows of truth."""

from __future__ import annotations

from functools import cache

import pytest
import sympy

import symcost

B, T, U, E, F, L, V, P = sympy.symbols("B T U E F L V P", positive=True, integer=True)


@cache
def cost(name: str) -> symcost.Cost:
    return symcost.load(name).cost("torch")


MEMBERS = {
    "bert_small": 28_763_648, "bert_large": 335_141_888, "roberta_large": 355_359_744,
    "electra_small": 13_483_008, "electra_base": 108_891_648,
    "albert_large": 17_683_968, "albert_xlarge": 58_724_864, "albert_xxlarge": 222_595_584,
    "t5_large": 737_668_096, "t5_3b": 2_851_598_336, "t5_11b": 11_307_321_344,
    "bart_large": 406_291_456,
    "whisper_tiny": 37_184_640, "whisper_base": 71_825_920, "whisper_large": 1_541_384_960,
    "whisper_large_v3": 1_541_570_560, "whisper_turbo": 806_958_080,
    "wav2vec2_base": 94_371_712, "hubert_base": 94_371_712,
    "clip_vit_l_14": 427_616_513, "siglip_large": 315_956_224, "siglip_so400m": 427_680_704,
    "dinov2_small": 22_056_576, "dinov2_giant": 1_136_480_768, "dinov2_base_registers": 86_583_552,
    "segformer_b1": 13_715_798, "segformer_b2": 27_461_974, "segformer_b3": 47_337_814, "segformer_b4": 64_108_374,
    "segformer_b5": 84_708_694,
    "vit_b_32": 88_224_232, "vit_l_16": 304_326_632, "vit_l_32": 306_535_400, "vit_h_14": 632_045_800,
    "deit_tiny_distilled": 5_910_800, "deit3_large": 304_374_760,
    "mixer_s16": 18_528_264, "mixer_l32": 206_939_264, "resmlp_s24": 30_020_680, "resmlp_b24": 129_138_280,
    "convmixer_1024_20": 24_383_464, "convmixer_1536_20": 51_625_960,
    "samvit_large": 308_278_272, "samvit_huge": 637_026_048, "vitamin_base": 87_722_624, "vitamin_large": 333_318_816,
}  # fmt: skip
"""Trained parameters of the networks that transformers 5.23, timm 1.0.31 and torchvision 0.28 build, weights aside."""


@pytest.mark.parametrize("name", MEMBERS)
def test_members_have_the_parameters_of_libraries(name: str) -> None:
    assert cost(name).at().params == MEMBERS[name]


@pytest.mark.parametrize(("samples", "flops"), [(16_000, 13_822_748_672), (32_000, 28_008_835_072)])
def test_wav2vec2_is_what_torch_counts(samples: int, flops: int) -> None:
    """FlopCounterMode over Wav2Vec2Model of transformers 5.23 on meta tensors; no vector of 320 samples is half."""
    assert cost("wav2vec2").at(T=samples).flops == flops


def test_bert_in_closed_form() -> None:
    """A layer: 8 B T E^2 of projections, 4 B T E F of the feed-forward layer, 4 B T^2 E of pairs; then the pooler."""
    layers = L * (8 * B * T * E**2 + 4 * B * T * E * F + 4 * B * T**2 * E)
    assert cost("bert").flops == sympy.expand(layers + 2 * B * E**2)
    layer = 4 * (E**2 + E) + 2 * E * F + F + E + 4 * E
    assert cost("bert").params == sympy.expand((V + P + 2) * E + 2 * E + L * layer + E**2 + E)


def test_albert_works_more_with_depth_and_learns_no_more() -> None:
    assert L not in cost("albert").params.free_symbols
    assert sympy.diff(cost("albert").flops, L) == sympy.diff(cost("bert").flops, L)


def test_a_decoder_reads_its_memory() -> None:
    """BART: keys and values of T places are made in every decoder layer, and U tokens are compared with each."""
    flops, M = cost("bart").flops, sympy.Symbol("M", positive=True, integer=True)
    across = sympy.Poly(sympy.diff(flops, M), T, U).coeff_monomial
    assert across(T * U) == 4 * B * E
    assert across(T) == 4 * B * E**2
    assert sympy.expand(across(U) - (12 * B * E**2 + 4 * B * E * F)) == 0


def test_held_weights_are_no_parameters() -> None:
    """Whisper's sinusoids and BART's bias of scores, as transformers counts them apart."""
    assert cost("whisper_medium").at().buffers == 763_857_920 - 762_321_920
    assert cost("bart").at().buffers == 50_265


@pytest.mark.parametrize(("name", "rows"), [("vit_b_16", 3 * 14**2), ("siglip", 3 * 14**2), ("dinov2", 0)])
def test_tables_of_positions_grow_with_the_image_or_are_resampled(name: str, rows: int) -> None:
    """Of twice the side an image has four times the patches, 14 x 14 at first."""
    params = [cost(name).at(H=side, W=side).params for side in (224, 448)]
    assert params[1] - params[0] == 768 * rows


def test_all_pairs_of_images_and_texts_are_compared() -> None:
    D = sympy.Symbol("D", positive=True, integer=True)
    assert sympy.Poly(cost("clip").flops, B).coeff_monomial(B**2) == 2 * D


TABLE_3 = [  # N, d_model, d_ff, h, d_k, d_v and the millions of parameters printed
    (6, 512, 2048, 8, 64, 64, 65), (6, 512, 2048, 8, 16, 64, 58), (6, 512, 2048, 8, 32, 64, 60),
    (2, 512, 2048, 8, 64, 64, 36), (4, 512, 2048, 8, 64, 64, 50), (8, 512, 2048, 8, 64, 64, 80),
    (6, 256, 2048, 8, 32, 32, 28), (6, 1024, 2048, 8, 128, 128, 168),
    (6, 512, 1024, 8, 64, 64, 53), (6, 512, 4096, 8, 64, 64, 90),
]  # fmt: skip
"""Vaswani et al. 2017, Table 3: base, rows B and C."""


@pytest.mark.parametrize(("vocabulary", "fit"), [(41_003, 9), (41_004, 10), (41_208, 10), (41_209, 9), (37_000, 0)])
def test_the_first_transformers_share_a_vocabulary(vocabulary: int, fit: int) -> None:
    """All ten networks print as in the table with the same vocabularies; none with the paper's "about 37000"."""
    family = cost("transformer")
    printed = 0
    for *sizes, millions in TABLE_3:
        params = family.at(**dict(zip("LEFhqv", sizes, strict=True)), V=vocabulary).params
        printed += round(params / 10**6) == millions
    assert printed == fit
