"""Members that the truth does not hold: parameters of the libraries' own networks, and figures of papers as printed.

Counted on meta tensors: transformers 5.23.0 (MambaForCausalLM, Mamba2ForCausalLM, FNetForPreTraining) and timm 1.0.31.
"""

from __future__ import annotations

import pytest

import symcost

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
}
PRINTED = {
    "sequencer2d_s": (28, "Tatsunami and Taki 2022, Table 1"),
    "sequencer2d_m": (38, "the same"),
    "sequencer2d_l": (54, "the same"),
    "fnet_base": (83, "Lee-Thorp et al. 2022, Table 1"),
    "fnet_large": (238, "the same"),
}
"""Millions of parameters."""


@pytest.mark.parametrize(("name", "params"), COUNTED.items())
def test_parameters_are_those_of_the_library(name: str, params: int) -> None:
    assert symcost.load(name).cost().at().params == params


@pytest.mark.parametrize(("name", "printed"), PRINTED.items())
def test_parameters_print_as_in_the_paper(name: str, printed: tuple[int, str]) -> None:
    assert round(symcost.load(name).cost().at().params / 10**6) == printed[0], printed[1]
