"""Language models with experts: parameters in all, active and touched, and what attention's cache holds."""

from __future__ import annotations

from fractions import Fraction

import pytest

import symcost
from symcost.algebra.poly import evaluate

PUBLISHED = {
    "mixtral_8x7b": ("46.7", "12.9"),  # arXiv:2401.04088 and the announcement
    "mixtral_8x22b": ("141", "39"),  # the announcement
    "qwen1_5_moe_a2_7b": ("14.3", "2.7"),  # the announcement
    "qwen3_30b_a3b": ("30.5", "3.3"),  # the model's card
    "qwen3_235b_a22b": ("235", "22"),  # arXiv:2505.09388, abstract and Table 2
    "deepseek_v2": ("236", "21"),  # arXiv:2405.04434, abstract
    "deepseek_v2_lite": ("15.7", None),  # appendix B
    "deepseek_v3": ("671", "37"),  # arXiv:2412.19437, abstract
    "olmoe": ("6.9", "1.3"),  # arXiv:2409.02060, abstract
    "gpt_oss_20b": ("20.9", None),  # arXiv:2508.10925, Table 1
    "gpt_oss_120b": ("116.8", None),
}
WITHOUT_TABLE = {"gpt_oss_20b": "3.6", "gpt_oss_120b": "5.1", "deepseek_v2_lite": "2.4"}
"""Active parameters that are printed without the table of tokens."""


def billions(name: str, metric: str, **sizes: int) -> Fraction:
    cost = symcost.load(name).cost("torch")
    return Fraction(evaluate(cost.poly(metric), cost.bindings(sizes))) / 10**9


def prints(value: Fraction, figure: str) -> bool:
    """Tell whether a figure is within one unit of its last digit: papers round, and they cut off."""
    return abs(value - Fraction(figure)) < Fraction(1, 10 ** len(figure.partition(".")[2]))


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_parameters(name: str) -> None:
    total, active = PUBLISHED[name]
    assert prints(billions(name, "params"), total)
    if active is not None:
        assert prints(billions(name, "params_active"), active)


@pytest.mark.parametrize("name", WITHOUT_TABLE)
def test_published_active_parameters_without_the_table_of_tokens(name: str) -> None:
    cost = symcost.load(name).cost("torch")
    table = next(row.values["params"] for row in cost.by_op(["params"]) if row.op == "embedding")
    here = Fraction(evaluate(cost.poly("params_active") - table, cost.bindings())) / 10**9
    assert prints(here, WITHOUT_TABLE[name])


def test_a_decoder_touches_more_the_more_it_decodes_at_once() -> None:
    """One sequence reads the active parameters for each token; 8 of two experts each may read all 8, as 4 do."""
    tokens = {batch: billions("mixtral_8x7b", "params_touched", B=batch, T=1) for batch in (1, 2, 4, 8)}
    assert tokens[1] == billions("mixtral_8x7b", "params_active")
    one = tokens[2] - tokens[1]
    assert one == 2 * (billions("mixtral_8x7b", "params") - tokens[1]) / 6
    assert tokens[4] == tokens[8] == billions("mixtral_8x7b", "params")


@pytest.mark.parametrize("tokens", [1, 7, 4096])
def test_the_latent_cache_of_a_token(tokens: int) -> None:
    """DeepSeek-V3: 512 + 64 elements in each of 61 layers, 70,272 bytes at two each (arXiv:2505.09343, Table 1)."""
    cost = symcost.load("deepseek_v3").cost("torch")
    assert 2 * evaluate(cost.poly("kv_cache"), cost.bindings({"T": tokens, "B": 1})) == 70_272 * tokens


def test_decoding_makes_keys_and_values_of_the_whole_cache_again() -> None:
    """One token of DeepSeek-V3: the matrix from the latent vector is applied S + 1 times, all others once."""
    cost = symcost.load("deepseek_v3").cost("torch", decode=True)
    heads, q, r, v, c, d, E = 128, 128, 64, 128, 512, 1536, 7168
    for cached in (1, 99, 4095):
        seen = cached + 1
        attention = E * d + d * heads * (q + r) + E * (c + r) + heads * v * E
        attention += seen * c * heads * (q + v) + heads * seen * (q + r + v)
        dense, expert = 3 * E * 18432, 3 * E * 2048
        mixture = E * 256 + 9 * expert
        expected = 61 * attention + 3 * dense + 58 * mixture + E * 129280
        assert evaluate(cost.poly("macs"), cost.bindings({"B": 1, "T": 1, "S": cached})) == expected


def test_experts_are_said_in_an_explanation() -> None:
    from symcost.views.explanation import explain

    network = symcost.load("mixtral_8x7b")
    cost = network.cost()
    (name,) = (n.name for n in cost.graph.nodes if n.name.endswith("feed_forward.linear"))
    answer = explain(network, cost, cost.bindings(), name)
    text = "\n".join(part for part in answer.parts if isinstance(part, str))
    assert "experts  n, of which each of B*T tokens meets m" in text
    assert "weight   weight (n, E, F)" in text
    assert answer.data["experts"] == [{"count": "n", "top_k": "m", "tokens": "B*T"}]
