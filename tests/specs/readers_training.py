"""What rows of published figures say of training and memory: a reader for each source."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

import symcost
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.graph.sharding import by_tensors
from symcost.workers.pipeline import held as held_in_flight
from symcost.workers.zero import held
from tests.graph.test_sharding import gpt, per_layer, sizes_of
from tests.specs.claims import Claim, Printed, Row, Worked
from tests.specs.drawn import network
from tests.specs.sums import ATTENTION, ATTENTION_AGAIN, STATES
from tests.specs.test_printed_tables import appendix_f, parameters, sizes
from tests.specs.test_printed_tables import rows as rows_of

B, E, L, T = map(symbol, "BELT")


# --- work ----------------------------------------------------------------------------------------------------


def _gpt3(row: Row) -> Claim:
    """Table D.1: 3 FLOPs, or 6 for networks without an encoder of their own, per parameter and token."""
    name = re.sub(r"[-.]", "_", row["architecture"].lower()).replace("gpt_3 ", "gpt3_")
    tokens, flops = re.search(r"T=(\d+)B", row["inputs"]), 3 if name.startswith("t5") else 6
    assert tokens is not None
    return Claim(row, name, "params", times=Fraction(flops * int(tokens[1]) * 10**9))


def _per_token(row: Row) -> Claim:
    name = {"dsv3_flops_tok": "deepseek_v3", "l405_flops_tok": "llama3_1_405b"}[row["id"]]
    return Claim(row, name, "train_flops", "megatron:causal=half", {"B": 1, "T": 4096}, times=Fraction(1, 4096))


def _maxtext(row: Row) -> Claim:
    counted = {
        "maxtext_tot": ("train_flops", "megatron:causal=half"),
        "maxtext_w": ("train_flops", "megatron:attention=left_out"),
        "maxtext_attn0": (ATTENTION, "megatron"),
        "maxtext_attn1": (ATTENTION, "megatron:causal=half"),
    }
    return Claim(row, "llama2_7b", *counted[row["id"]], {"B": 4, "T": 8192})


def _chinchilla(row: Row) -> Worked:
    """Table A4: appendix F over 6 N D, with N of Table A9."""
    said = dict(re.findall(r"(\w+)=(\d+)", row["inputs"]))
    same = next(r for r in rows_of("chinA9_") if said.items() <= dict(re.findall(r"(\w+)=(\d+)", r["inputs"])).items())
    at = sizes(dict(same))

    def ratio() -> Num:
        step = Fraction(evaluate(appendix_f(), at))
        return step / (6 * at["T"] * evaluate(parameters(), at))

    how = "`chinchilla`: 3 flops without position scores, chinchilla:embedding=left_out, logits=left_out, over 6 params"
    return Worked(row, f"{how} of a token, at E = {at['E']}, L = {at['L']}", ratio)


def _gopher(row: Row) -> Claim:
    at = {"L": 80, "E": 16_384, "h": 128, "q": 128, "F": 65_536, "B": 1, "T": 2048}
    return Claim(row, "chinchilla", "train_flops", "chinchilla", at, times=Fraction(300 * 10**9, 2048))


def _flash(row: Row) -> Claim:
    metric = ATTENTION if row["id"].endswith("std") else ATTENTION_AGAIN
    return Claim(row, "gpt2_medium", metric, "torch", {"B": 64, "T": 1024}, times=Fraction(1, 24))


def _vgg(row: Row) -> Claim:
    run = {"examples": 1_200_000, "epochs": 74}
    return Claim(row, "vgg16", "run_flops.passes", "torch", {"B": 256}, setup=run)


def _product(how: str, flops: Num) -> Callable[[Row], Worked]:
    return lambda row: Worked(row, how, lambda: flops)


# --- memory --------------------------------------------------------------------------------------------------

ADAM = {"precision": "mixed_fp16", "optimizer": "adam"}
STAGES = {"baseline": 0, "Pos": 1, "Pos+g": 2, "Pos+g+p": 3}


def _each(precision: str) -> Callable[[Row], Claim]:
    return lambda row: Claim(row, "P parameters", STATES, at={"P": 1}, setup={**ADAM, "precision": precision})


def _zero_1(row: Row) -> Claim:
    _, _, size, workers, stage = row["id"].split("_")
    at = {"P": {"7.5B": 7_500, "128B": 128_000, "1T": 1_000_000}[size] * 10**6}
    return Claim(row, "P parameters", STATES, at=at, setup={**ADAM, "zero": STAGES[stage], "data_parallel": workers})


def _zero_2(row: Row) -> Worked:
    _, _, degree, stage = row["id"].split("_")
    setup = {"zero": STAGES[stage], "data_parallel": 64, "tensor_parallel": degree}

    def most() -> Num:
        cost = network("P parameters").under(**ADAM, **setup).cost()
        return int(symcost.solve(cost, for_="P", budgets=[f"{STATES} <= 32G"]).answer)

    said = ", ".join(f"{name} = {value}" for name, value in setup.items())
    return Worked(row, f"`P parameters`: the greatest P with {STATES} <= 32G, with {said}", most)


def _deepspeed_2(row: Row) -> Claim:
    """Bytes that ZeRO 2 needs on a GPU of 8, or on the CPU, for each parameter."""
    times = {"ds_z2_gpu_doc": 4 + Fraction(16, 8), "ds_z2_off": Fraction(2), "ds_z2_cpu": 4 * 8 * Fraction(3, 2)}
    return Claim(row, "t5_3b", "params", times=times[row["id"]])


def _deepspeed_3(row: Row) -> Worked:
    """Shares of 8 workers, of 2,851 million parameters, and 4 bytes for each of the 32 million of the largest layer."""
    params, layer = 2851 * 10**6, 32 * 10**6
    states: dict[str, tuple[int, int, int]] = {"ds_z3_none": (2, 4, 12), "ds_z3_opt": (2, 0, 0), "ds_z3_all": (0, 0, 0)}
    weights, gradients, optimizer = (each * params for each in states[row["id"]])
    shares = held({"parameters": weights, "gradients": gradients, "optimizer": optimizer}, 3, 8)
    kept = " + ".join(map(str, states[row["id"]]))
    return Worked(
        row,
        f"`workers.zero.held`: ({kept}) P of stage 3 by 8 workers, and 4 a largest layer",
        lambda: shares + 4 * layer,
    )


def _cache(row: Row) -> Claim | None:
    caches = {
        "kv_DeepSeek-V3": "deepseek_v3", "kv_Qwen-2.5": "qwen2_5_72b", "kv_LLaMA-3.1": "llama3_1_405b",
        "kv_llama31_8b": "llama3_8b",
    }  # fmt: skip
    name = caches.get(row["id"])
    return Claim(row, name, "kv_bytes", at={"B": 1, "T": 1}, setup={"precision": "bf16"}) if name else None


def _kept(row: Row) -> Worked:
    """Figure 1 of Korthikanti et al. 2022: what the first of p stages with v pieces each keeps."""
    selective, model = row["id"].split("_")[2:]
    at = sizes_of(model)

    def amount() -> Num:
        ours = by_tensors(gpt(), at["t"], sequence=selective == "ss").graph
        layers = L * per_layer(ours, core=selective == "none")
        return evaluate(held_in_flight(layers, at["p"], 10**6 * at["p"], at["v"]), at)

    way = "sequence too, without the core of attention" if selective == "ss" else "tensors only"
    return Worked(
        row, f"what a GPT's layers keep of {at['t']} workers ({way}), `workers.pipeline.held` of {at['p']}", amount
    )


def _shares_kept(row: Row) -> Worked:
    """Figure 7: against tensor parallelism alone; full recomputation keeps a layer's input, at each worker."""
    way, model = row["id"].split("_")[2:]
    at = sizes_of(model)

    def amount() -> Num:
        ours = by_tensors(gpt(), at["t"], sequence=way in ("seq", "seqsel")).graph
        kept = 2 * B * T * E if way == "full" else per_layer(ours, core=way == "seq")
        return Fraction(evaluate(kept, at)) / evaluate(per_layer(by_tensors(gpt(), at["t"]).graph), at)

    return Worked(row, f"what a GPT's layer keeps of {at['t']} workers, {way} over tensors only", amount)


READERS: dict[str, Callable[[Row], Printed | None]] = {
    "gpt3D1": _gpt3,
    "dsv3_flops": _per_token,
    "l405_": _per_token,
    "l3_flops": lambda row: Claim(row, "llama3_1_405b", "params", times=Fraction(6 * 15_600 * 10**9)),
    "maxtext_": _maxtext,
    "chinA4_": _chinchilla,
    "gopher_acc": _gopher,
    "fa_gflops": _flash,
    "oa_vgg_m2": _product(
        "4 devices for 15 days at 0.33 of 5.1 TFLOP/s", 4 * 15 * 86_400 * 51 * 10**11 * Fraction(33, 100)
    ),
    "oa_vgg": _vgg,
    "oa_dqn": _product("2.5 million MACs x 2 x 3, of 32 examples, 5 million times", 2_500_000 * 6 * 32 * 5_000_000),
    "oa_seq2seq": _product("0.38 billion MACs x 2 x 3, of 652 million words, 7.5 times", 380 * 45 * 652 * 10**12),
    "adam16": _each("mixed_fp16"),
    "adam18": _each("mixed_bf16:gradient=fp32"),
    "zero_t1_": _zero_1,
    "zero_t2_": _zero_2,
    "ds_z2": _deepspeed_2,
    "ds_z3": _deepspeed_3,
    "kv_": _cache,
    "kor_f1_": _kept,
    "kor_f7_": _shares_kept,
}
"""How the rows of a source are read, by the start of their names."""
