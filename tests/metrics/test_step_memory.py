"""Bytes of training and inference by role: published bytes per parameter, what accumulation adds, and inversions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import symcost
from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate, simplest, symbols_of, total
from symcost.cost import Cost
from symcost.errors import NoAnswer
from symcost.metrics.step_memory import STATE
from tests.specs.claims import UNITS, rows

GB = 10**9
HEAD = 50257 * 768
"""GPT-2's largest weight, whose gradient is the first to come, when all is kept."""


def under(network: str, fixed: dict[str, Any] | None = None, **setup: Any) -> Cost:
    return symcost.load(network).under(**setup).cost(**(fixed or {}))


def at(cost: Cost, metric: str, **sizes: int) -> Number:
    return evaluate(cost.poly(metric), cost.bindings(sizes))


@pytest.mark.parametrize(("row", "precision"), [("adam16", "mixed_fp16"), ("adam18", "mixed_bf16:gradient=fp32")])
def test_published_bytes_per_parameter(row: str, precision: str) -> None:
    """ZeRO, section 3.1, and Megatron-LM: weights, gradients, master copy and two moments, for any network."""
    (each,) = (int(found["value"]) for found in rows() if found["id"] == row)
    for network in ("gpt2", "llama3-8b", "vit_b_16"):
        cost = under(network, precision=precision, optimizer="adam")
        held = total((cost.poly(name), 1) for name in STATE if name != "buffer_bytes")
        assert simplest(held - each * cost.poly("params")) == 0


def test_a_step_is_its_parts() -> None:
    cost = under("resnet50", precision="mixed_bf16", optimizer="adamw")
    parts = (*STATE, "step_peak_bytes")
    assert at(cost, "train_bytes", B=32) == sum(Fraction(at(cost, name, B=32)) for name in parts)
    served = under("llama3-8b", {"decode": True}, precision="bf16")
    held = ("weight_bytes", "buffer_bytes", "kv_bytes", "input_bytes")
    whole = sum(Fraction(at(served, name)) for name in held) + 2 * Fraction(at(served, "peak_activations"))
    assert at(served, "infer_bytes") == whole


def test_tokens_are_places() -> None:
    assert at(under("gpt2", precision="bf16"), "input_bytes", B=2, T=100) == 2 * 100 * 8
    assert at(under("resnet50", precision="bf16"), "input_bytes", B=2) == 2 * 3 * 224 * 224 * 2


def test_what_accumulation_adds() -> None:
    """Of several micro-batches one is in memory, and one set of gradients; one more gradient while it is added."""
    one, several = (under("gpt2", micro_batches=m) for m in (1, 8))
    for name in (*STATE, "saved_bytes"):
        assert one.poly(name) == several.poly(name)
    assert several.poly("train_bytes") == under("gpt2", micro_batches="m").poly("train_bytes")
    more = {T: Fraction(at(several, "train_bytes", T=T)) - at(one, "train_bytes", T=T) for T in (8, 1024)}
    assert 0 <= more[1024] <= 4 * HEAD
    assert 0 <= 4 * HEAD - more[8] <= 4 * 8 * 50257  # with one, the peak is when the loss reads the logits once more


def test_gradients_in_fp32_are_added_to_from_bf16() -> None:
    """A gradient of bf16 is there beside the sum in fp32, of one layer at a time."""
    half, full = (under("gpt2", precision=f"mixed_bf16{more}") for more in ("", ":gradient=fp32"))
    assert simplest(full.poly("gradient_bytes") - 2 * half.poly("gradient_bytes")) == 0
    more = Fraction(at(full, "step_peak_bytes", T=8)) - at(half, "step_peak_bytes", T=8)
    assert 0 <= 2 * HEAD - more <= 2 * 8 * 50257


@pytest.mark.parametrize(
    ("network", "unknown", "budget", "setup", "fixed"),
    [
        ("resnet50", "B", "train_bytes <= 80G", {"optimizer": "sgd", "precision": "mixed_bf16"}, {}),
        ("resnet50", "B", "train_bytes <= 80G", {"optimizer": "adamw", "checkpoint": "full"}, {}),
        ("llama3-8b", "B", "train_bytes <= 80G", {"optimizer": "adamw", "precision": "bf16", "checkpoint": "full"}, {}),
        ("llama3-8b", "S", "infer_bytes <= 24G", {"precision": "bf16"}, {"decode": True}),
        ("llama3-8b", "S", "infer_bytes <= 24G", {"precision": "int4:kv=fp8"}, {"decode": True}),
        ("llama3-8b", "T", "infer_bytes <= 24G", {"precision": "bf16"}, {"last_logits": True}),
    ],
)
def test_the_largest_that_fits(
    network: str, unknown: str, budget: str, setup: dict[str, Any], fixed: dict[str, Any]
) -> None:
    """The answer fits, and one more does not: on the numbers of a network in which the answer is put in."""
    cost = under(network, fixed, **setup)
    found = symcost.solve(cost, unknown, budget)
    metric, limit = budget.split(" <= ")
    assert at(cost, metric, **{unknown: int(found.answer)}) == found.value[metric]
    assert found.value[metric] <= int(limit[:-1]) * GB < at(cost, metric, **{unknown: int(found.answer) + 1})


def test_answers_say_what_they_stand_on() -> None:
    cost = under("llama3-8b", {"decode": True}, precision="bf16:kv=fp8")
    words = str(symcost.solve(cost, "S", "infer_bytes <= 24G"))
    assert "with bf16:kv=fp8: everything in bf16" in words


def test_contexts_on_24_gb() -> None:
    """Weights of 16,060,522,496 bytes leave room for 60,570 tokens of 131,072 bytes; fp8 doubles them."""
    plain, short = (under("llama3-8b", {"decode": True}, precision=p) for p in ("bf16", "bf16:kv=fp8"))
    assert at(plain, "weight_bytes") == 2 * 8_030_261_248
    answers = [symcost.solve(cost, "S", "infer_bytes <= 24G").answer for cost in (plain, short)]
    room = 24 * GB - 2 * 8_030_261_248
    assert [room // 131072, room // 65536] == [60573, 121146]  # without activations and the tokens' places
    assert answers == [60570, 121141]


def test_interval_of_checkpoints_that_fits() -> None:
    """Rounds from one checkpoint to the next, as few recomputed at a time as 80 GB need."""
    setup: dict[str, Any] = {"checkpoint": "every", "checkpoint_every": "n", "precision": "bf16", "optimizer": "adamw"}
    cost = under("llama3-8b", **setup)
    assert "n" in symbols_of(cost.poly("train_bytes"))
    found = symcost.solve(cost, "n", "train_bytes <= 80G")
    assert found.answer == 8
    plain = {n: at(under("llama3-8b", **{**setup, "checkpoint_every": n}), "train_bytes") for n in (8, 16)}
    assert plain[8] == found.value["train_bytes"] <= 80 * GB < plain[16]


def test_networks_are_not_trained_in_int4() -> None:
    with pytest.raises(NoAnswer, match=r"^precision int4 is for inference; train in mixed_bf16, for example$"):
        under("gpt2", precision="int4").poly("train_bytes")


CACHES = {
    "kv_llama31_8b": "llama3-8b",
    "kv_LLaMA-3.1": "llama3_1_405b",
    "kv_Qwen-2.5": "qwen2_5_72b",
    "kv_DeepSeek-V3": "deepseek_v3",
}


@pytest.mark.parametrize("row", CACHES)
def test_published_bytes_of_the_cache(row: str) -> None:
    """Bytes per token in bf16; half in fp8, a quarter in int4."""
    (found,) = (found for found in rows() if found["id"] == row)
    each = Fraction(found["value"]) * UNITS[found["unit"]]
    for precision, part in (("bf16", 1), ("bf16:kv=fp8", 2), ("bf16:kv=int4", 4)):
        assert at(under(CACHES[row], precision=precision), "kv_bytes", T=1) == each / part
