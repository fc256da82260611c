"""Conventions for transformers against the closed forms and the tables of the papers they are from."""

from __future__ import annotations

import pytest

import symcost
from symcost.algebra.poly import Num, symbol, total
from symcost.errors import NoAnswer
from tests.graph.nets import SIZES, Step, conv, cost, op

GPT = {"symbols": dict.fromkeys(("B", "T", "E", "h", "L", "V", "P"), 1), "inputs": {"ids": ["B", "T"]}}
B, T, E, L, V, P, h = (symbol(name) for name in "BTELVPh")
LAYERS = 24 * B * T * E**2 * L
PAIRS = B * T**2 * E * L
LOGITS = 2 * B * T * E * V


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Narayanan et al. 2021: a third of 72 B T L E^2 (1 + T/(6 E) + V/(12 L E))
        ("megatron", LAYERS + 4 * PAIRS + LOGITS),
        ("megatron:causal=half", LAYERS + 2 * PAIRS + LOGITS),
        ("megatron:causal=kept", LAYERS + 2 * PAIRS + 2 * B * T * E * L + LOGITS),
        ("megatron:attention=left_out", LAYERS + LOGITS),
        # Kaplan et al. 2020, Table 1: 2 N + 2 L T d_attn for each token, N = 12 L E^2
        ("kaplan", LAYERS + 2 * PAIRS),
        ("kaplan:logits=counted", LAYERS + 2 * PAIRS + LOGITS),
        # Hoffmann et al. 2022, appendix F, with key_size num_heads = E and ffw_size = 4 E
        ("chinchilla", LAYERS + 4 * PAIRS + 3 * B * h * T**2 * L + 2 * LOGITS),
        ("chinchilla:embedding=left_out, logits=left_out", LAYERS + 4 * PAIRS + 3 * B * h * T**2 * L),
        # Chowdhery et al. 2022, appendix B: 2 N + 4 L h q T for each token
        ("palm", 2 * B * T * (12 * L * E**2 + 13 * L * E + 2 * E + (V + P) * E) + 4 * PAIRS),
        ("torch:causal=kept", LAYERS + 2 * PAIRS + 2 * B * T * E * L + LOGITS),
    ],
)
def test_closed_forms_of_gpt(name: str, expected: Num) -> None:
    assert symcost.load("gpt2").cost(name).poly("flops") == expected


def test_rows_add_up() -> None:
    for name in ("megatron", "kaplan", "chinchilla", "palm"):
        found = symcost.load("gpt2").cost(name)
        assert total((row.values["flops"], 1) for row in found.by_node(["flops"])) == found.poly("flops")


def test_each_tensor_counts_once_for_palm() -> None:
    """With and without a head that shares the token table: the parameters, as the metric counts them, twice."""
    for shared in ({}, {"weights": "tokens"}):
        steps = [op("embedding", num_embeddings="V", embedding_dim="E", **shared), op("layer_norm"),
                 op("linear", out_features="V", bias=False, **shared)]  # fmt: skip
        found = cost(*steps, prices="palm", **GPT)
        assert found.poly("flops") == 2 * B * T * found.poly("params")


def test_logits_are_the_layer_with_the_shape_of_the_first_token_table() -> None:
    model: list[Step] = [
        op("embedding", num_embeddings="V", embedding_dim="E"),
        op("linear", out_features="E", bias=False),
        op("linear", out_features="V", bias=False),
    ]
    found = cost(*model, prices="torch:logits=left_out", **GPT)
    assert found.poly("flops") == 2 * B * T * E**2
    assert [node.roles for node in found.graph.nodes] == [(), (), ("logits",)]


@pytest.mark.parametrize("name", ["megatron", "kaplan", "chinchilla", "palm"])
def test_a_convention_for_transformers_refuses_what_it_does_not_speak_of(name: str) -> None:
    message = f"^node 'conv2d': convention '{name}' does not say what conv2d costs; it speaks of [a-z]"
    with pytest.raises(NoAnswer, match=message):
        cost(conv("C", 3), prices=name, symbols=SIZES).poly("flops")
