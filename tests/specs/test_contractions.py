"""What contractions write, in networks that step through sequences or attend: what torch's products give out."""

from __future__ import annotations

import pytest

from symcost.algebra.poly import evaluate
from tests.specs.test_truth import cost, sizes, truth

COUNTERPARTS = {
    "mamba_130m": "transformers/mamba-130m",
    "mamba_370m": "transformers/mamba-370m",
    "mamba_790m": "transformers/mamba-790m",
    "mamba2_130m": "transformers/mamba2-130m",
    "sequencer2d_s": "timm/sequencer2d_s",
    "bert_base_mlm": "transformers/bert-base-uncased-mlm",
    "albert_base": "transformers/albert-base-v2",
    "t5_small": "transformers/t5-small",
    "bart_base": "transformers/bart-base",
    "whisper_medium": "transformers/whisper-medium",
    "clip_vit_b_32": "transformers/clip-vit-base-patch32",
    "siglip_base": "transformers/siglip-base",
    "dinov2_base": "transformers/dinov2-base",
    "segformer_b0": "transformers/segformer-b0",
    "vit_b_16": "torchvision/vit_b_16",
    "deit_base_distilled": "timm/deit_base_distilled_patch16_224",
    "naflexvit": "timm/naflexvit_base_patch16_gap",
    "samvit_base": "timm/samvit_base_patch16",
    "vitamin_small": "timm/vitamin_small_224",
    "mixer_b16": "timm/mixer_b16_224",
    "resmlp_s12": "timm/resmlp_12_224",
}


@pytest.mark.parametrize(("name", "other"), COUNTERPARTS.items())
def test_elements_are_those_of_torch(name: str, other: str) -> None:
    for row in truth()[other]:
        env = cost(name).bindings(sizes(row))
        assert evaluate(cost(name).poly("contraction_outputs"), env) == row["gemm_output_elems"], env
