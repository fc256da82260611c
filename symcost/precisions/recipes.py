"""Precision recipes, a row each with its source."""

from __future__ import annotations

from collections.abc import Mapping

from symcost.precisions.precision import Precision, Scales

_ZERO = "Rajbhandari et al. 2020 (ZeRO, arXiv:1910.02054), section 3.1: 2 + 2 + 4 + 4 + 4 bytes per parameter with Adam"

_HALVES = {
    "fp16": "Micikevicius et al. 2018 (arXiv:1710.03740), section 3",
    "bf16": "Kalamkar et al. 2019 (arXiv:1905.12322)",
}


def _pure(name: str, about: str, source: str, formats: Mapping[str, str] | None = None) -> Precision:
    return Precision(name, about, source, formats or {"activation": name})


def _mixed(half: str) -> Precision:
    formats = {"activation": half, "master": "fp32", "moment": "fp32", "buffer": "fp32"}
    return Precision(
        f"mixed_{half}",
        f"passes in {half}, gradients too; the optimizer updates a master copy and moments in fp32",
        f"{_HALVES[half]}; {_ZERO}",
        formats,
    )


RECIPES: Mapping[str, Precision] = {
    recipe.name: recipe
    for recipe in (
        _pure("fp32", "everything in fp32", "torch's default dtype"),
        _pure("bf16", "everything in bf16, the optimizer's state too", "torch: model.to(torch.bfloat16)"),
        _pure("fp16", "everything in fp16, the optimizer's state too", "torch: model.half()"),
        _mixed("bf16"),
        _mixed("fp16"),
        Precision(
            "fp8",
            "products of hidden layers in fp8, from weights in bf16, between activations in bf16; master copy, moments "
            "and gradients' sum in fp32",
            "NVIDIA Transformer Engine 1.x, te.fp8_autocast with parameters in bf16, under Megatron-LM: the fp8 copies "
            "of weights and of kept operands are not told apart, and kept activations count in bf16",
            {"activation": "bf16", "gradient": "fp32", "master": "fp32", "moment": "fp32", "buffer": "fp32"},
            products="fp8",
        ),
        Precision(
            "int8",
            "matrices in int8, each row with a scale in fp32; all else in fp16; for inference",
            "Dettmers et al. 2022 (LLM.int8(), arXiv:2208.07339), section 3; scales as bitsandbytes holds them (SCB); "
            "outliers are found at run time",
            {"activation": "fp16", "matrix": "int8"},
            Scales(32),
            products="int8",
            trains=False,
        ),
        Precision(
            "int4",
            "matrices in int4, each 128 numbers of a row with a scale in fp16 and a zero point of 4 bits; all else in "
            "fp16; for inference",
            "Frantar et al. 2023 (GPTQ, arXiv:2210.17323), section 4, and Lin et al. 2024 (AWQ, arXiv:2306.00978), "
            "section 5, groups of 128",
            {"activation": "fp16", "matrix": "int4"},
            Scales(16 + 4, 128),
            trains=False,
        ),
    )
}
"""By name. A recipe is a line of formats: all roles that it does not name are held as activations are, but masks as a
byte, places in int64, and no master copy."""
