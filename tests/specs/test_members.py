"""Members that the truth does not hold: parameters of the libraries' own networks, and figures of papers as printed.

Counted on meta tensors: transformers 5.23.0 (MambaForCausalLM, Mamba2ForCausalLM, FNetForPreTraining) and timm 1.0.31.
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
