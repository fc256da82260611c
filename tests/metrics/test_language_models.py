"""Conventions for transformers against the closed forms and the tables of the papers they are from."""

from __future__ import annotations

import pytest

import symcost
from symcost.algebra.poly import Num, evaluate, symbol, total
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


def test_half_of_the_pairs_is_of_the_tokens_of_a_pass() -> None:
    """T new tokens see all S that are cached, and half of one another."""
    S = symbol("S")
    decoded = [
        symcost.load("gpt2").cost(f"megatron:causal={how}", decode=True).poly("flops") for how in ("full", "half")
    ]
    assert decoded == [
        LAYERS + 4 * PAIRS + 4 * B * T * S * E * L + LOGITS,
        LAYERS + 2 * PAIRS + 4 * B * T * S * E * L + LOGITS,
    ]


def test_sinks_are_no_projections() -> None:
    """Attention that has a learned score for each head is left out, or loses its masked pairs, as any other is."""
    k, g, q = (symbol(name) for name in "kgq")
    full, bare, kept = (
        symcost.load("gpt_oss_20b").cost(f"torch:{switch}").poly("flops")
        for switch in ("causal=full", "attention=left_out", "causal=kept")
    )
    assert full - bare == 4 * B * L * T**2 * g * k * q
    sizes = {"B": 1, "T": 5, "L": 2, "g": 1, "k": 1, "q": 2, "w": 3, "E": 1, "F": 1, "n": 1, "m": 1, "V": 1}
    assert evaluate(full - kept, sizes) == 4 * 2 * (2 * (5 * 4 // 2) + 3)


def test_rows_add_up() -> None:
    for name in ("megatron", "kaplan", "chinchilla", "palm"):
        found = symcost.load("gpt2").cost(name)
        assert total((row.values["flops"], 1) for row in found.by_node(["flops"])) == found.poly("flops")


def test_parameters_without_embeddings() -> None:
    """Kaplan et al. 2020: N = 12 L E^2, with biases 9 L E and norms 4 L E and 2 E; the embedding is (V + P) E."""
    found = symcost.load("gpt2").cost("kaplan")
    assert found.poly("params_without_embeddings") == 12 * L * E**2 + 13 * L * E + 2 * E
    assert found.poly("params") - found.poly("params_without_embeddings") == (V + P) * E
    untied = [op("embedding", num_embeddings="V", embedding_dim="E"), op("linear", out_features="E", bias=False),
              op("linear", out_features="V", bias=False)]  # fmt: skip
    assert cost(*untied, prices="kaplan", **GPT).poly("params_without_embeddings") == E**2


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


@pytest.mark.parametrize(
    ("name", "step", "again"),
    [
        # Narayanan et al. 2021: 72 B T L E^2 (1 + T/(6 E) + V/(12 L E)), and 96 with V/(16 L E) in all
        ("megatron", 72 * B * T * L * E**2 + 12 * B * T**2 * L * E + 6 * B * T * E * V, 0),
        ("megatron:recompute=full", 3 * (LAYERS + 4 * PAIRS + LOGITS), LAYERS + 4 * PAIRS),
        ("megatron:recompute=attention", 3 * (LAYERS + 4 * PAIRS + LOGITS), 4 * PAIRS),
        # Kaplan et al. 2020, section 2.1: 6 N for each token
        ("kaplan", 6 * B * T * (12 * L * E**2), 0),
        ("kaplan:attention=counted", 3 * (LAYERS + 2 * PAIRS), 0),
        ("chinchilla", 3 * (LAYERS + 4 * PAIRS + 3 * B * h * T**2 * L + 2 * LOGITS), 0),
        # Chowdhery et al. 2022: 6 N + 12 L h q T for each token
        ("palm", B * T * (6 * (12 * L * E**2 + 13 * L * E + 2 * E + (V + P) * E) + 12 * L * E * T), 0),
    ],
)
def test_closed_forms_of_a_step_of_training(name: str, step: Num, again: Num) -> None:
    found = symcost.load("gpt2").cost(name)
    assert (found.poly("train_flops"), found.poly("recompute_flops")) == (step, again)


def test_backward_of_a_gpt_is_twice_the_forward_pass_by_its_gradients_too() -> None:
    """What conventions for transformers assume follows from the gradients: tokens ask for none, but come first."""
    found = symcost.load("gpt2").cost("torch")
    assert found.poly("train_flops") == 3 * found.poly("flops")


@pytest.mark.parametrize("name", ["fvcore", "ptflops", "thop", "torchvision"])
def test_conventions_that_count_forward_passes_only(name: str) -> None:
    message = (
        f"^convention '{name}' counts forward passes only; of training speak chinchilla, .*symcost, textbook, torch$"
    )
    with pytest.raises(NoAnswer, match=message):
        symcost.load("gpt2").cost(name).poly("train_flops")
