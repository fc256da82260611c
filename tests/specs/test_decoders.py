"""Decoder-only language models: what a cache holds, and that a pass is what its tokens take one after the other."""

from __future__ import annotations

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
    return evaluate(network.poly(metric), network.bindings(sizes))


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


@pytest.mark.parametrize("name", ["llama3_8b", "mistral_7b"])
@pytest.mark.parametrize("new", [1, 2, 3, 7])
def test_a_pass_is_its_tokens_one_by_one(name: str, new: int) -> None:
    """What masks leave of a pass of T tokens is what T passes of one token do, each on a cache of those before."""
    small = {"E": 8, "F": 12, "q": 4, "k": 2, "g": 3, "L": 2, "V": 11, "B": 2, "w": 4}
    whole, step = cost(name), cost(name, decode=True)
    kept = {
        cached: at(step, "macs", T=new, S=cached, **small)
        - evaluate(masked(step), step.bindings({"T": new, "S": cached, **small}))
        for cached in (1, 2, 3, 9)
    }
    for cached, macs in kept.items():
        assert macs == sum(at(step, "macs", T=1, S=cached + i, **small) for i in range(new))
    first = at(whole, "macs", T=1, **small)
    rest = sum(at(step, "macs", T=1, S=i, **small) for i in range(1, new))
    discarded = evaluate(masked(whole), whole.bindings({"T": new, **small}))
    assert at(whole, "macs", T=new, **small) - discarded == first + rest


def test_one_token_meets_no_mask() -> None:
    for name in ("llama3_8b", "mistral_7b"):
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
