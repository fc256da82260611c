"""Tables of papers on language models, row by row, from the work and the tensors of specs.

``tests/data/published.csv`` holds the rows: what is printed, with its unit and how it was counted.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest

import symcost
from symcost.algebra.division import div
from symcost.algebra.poly import Num, evaluate, symbol, total

ROWS = Path(__file__).parent.parent / "data" / "published.csv"
B, E, F, L, P, T, V, h, q = map(symbol, "BEFLPTVhq")
Row = dict[str, str]


@cache
def rows(start: str) -> list[Row]:
    with ROWS.open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["id"].startswith(start)]


def every(start: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows(start), ids=[row["id"] for row in rows(start)])


def inputs(row: Row) -> dict[str, int]:
    """Return the numbers that a row was counted at: d=512 f=2048 ..."""
    return {key: int(value) for key, value in re.findall(r"(\w+)=(\d+)", row["inputs"])}


# --- Hoffmann et al. 2022 (Chinchilla), tables A9 and A4 ----------------------------------------------------


@cache
def chinchilla() -> symcost.Cost:
    return symcost.load("chinchilla").cost()


@cache
def parameters() -> Num:
    """Return its parameters as Table A9 has them, without those of the norms."""
    return total((row.values["params"], 1) for row in chinchilla().by_op(["params"]) if row.op != "rms_norm")


def test_parameters_of_chinchilla() -> None:
    assert parameters() == V * E + L * (5 * E * q * h + 2 * E * F + F + 2 * E + 5 * q * h)


def sizes(row: Row) -> dict[str, int]:
    at = inputs(row)
    return {"E": at["d"], "F": at["f"], "q": at["kv"], "h": at["heads"], "L": at["L"], "V": 32_000, "B": 1, "T": 2048}


@every("chinA9_")
def test_the_sizes_of_table_a9(row: Row) -> None:
    assert round(evaluate(parameters(), sizes(row)) / 10**6) == int(row["value"])


def appendix_f() -> Num:
    """Return the FLOPs of a training step as Appendix F adds them up, but without embeddings and logits.

    What relative positions take is not there either.
    """
    rows = symcost.load("chinchilla").cost("chinchilla:embedding=left_out, logits=left_out").by_node(["flops"])
    return 3 * total((row.values["flops"], 1) for row in rows if "by_position" not in row.name)


def test_flops_of_chinchilla() -> None:
    dense = 4 * E * q * h + 2 * E * F
    assert appendix_f() == 6 * B * T * L * (dense + 2 * T * q * h) + 9 * B * h * L * T**2


@every("chinA4_")
def test_the_ratios_of_table_a4(row: Row) -> None:
    """Appendix F over 6 N D. Its text counts embeddings and logits too; with them the ratios are up to 1.58."""
    same = next(r for r in rows("chinA9_") if inputs(row).items() <= inputs(r).items())
    ratio = evaluate(div(appendix_f(), 6 * B * T), sizes(same)) / evaluate(parameters(), sizes(same))
    assert f"{float(ratio):.2f}" == f"{float(row['value']):.2f}"


# --- Brown et al. 2020 (GPT-3), table D.1 -------------------------------------------------------------------

GPT3 = {
    "Small": (12, 768), "Medium": (24, 1024), "Large": (24, 1536), "XL": (24, 2048),
    "2.7B": (32, 2560), "6.7B": (32, 4096), "13B": (40, 5120), "175B": (96, 12288),
}  # fmt: skip
"""Depth and width. Table 2.1 prints 5140 for the 13B, which is no multiple of its 40 heads."""


@every("gpt3D1_GPT-3")
def test_the_compute_of_table_d1(row: Row) -> None:
    """6 FLOPs for each parameter and token, with parameters as printed, which are those of GPT-2's form rounded."""
    depth, width = GPT3[row["id"].removeprefix("gpt3D1_GPT-3_")]
    params = symcost.load("gpt2").cost().poly("params")
    ours = evaluate(params, {"L": depth, "E": width, "P": 2048, "V": 50257})
    printed = inputs(row)["N"] * 10**6
    assert float(ours) == pytest.approx(printed, rel=1 / 250)
    assert 6 * printed * inputs(row)["T"] * 10**9 == pytest.approx(float(row["value"]), rel=0.006)


# --- utilisation: FLOPs of a step over those that the machines could do -------------------------------------


@pytest.mark.parametrize(("row", "counted"), [("palm_mfu", "palm"), ("palm_mfu0", "palm:attention=left_out")])
def test_the_utilisation_of_palm(row: str, counted: str) -> None:
    """Chowdhery et al. 2022, section 4.1: 238.3 thousand tokens a second on 6144 chips of 275 TFLOP/s."""
    network = symcost.load("palm_540b").cost(counted)
    each = evaluate(network.poly("train_flops"), network.bindings({"B": 1, "T": 2048})) / 2048
    ours = 100 * each * 238_300 / (6144 * 275 * 10**12)
    assert float(ours) == pytest.approx(float(rows(row)[0]["value"]), abs=0.05)


KORTHIKANTI = {"22B": (48, 6144, 4), "175B": (96, 12288, 64), "530B": (105, 20480, 280), "1T": (128, 25600, 512)}
"""Layers, width and batch; of the first for 8 workers, of the others as many as there are workers."""


@every("kor_hfu_")
def test_the_utilisation_of_korthikanti(row: Row) -> None:
    """Korthikanti et al. 2022, Table 5, on A100s of 312 TFLOP/s, with the core of attention run again.

    Their formula has s/3h, three forward passes of the core more than the s/6h of the model; running it again is one,
    and comes to s/4.5h. The printed figures are those of the formula.
    """
    depth, width, batch = KORTHIKANTI[row["id"].removeprefix("kor_hfu_")]
    network = symcost.load("gpt2").cost("megatron:recompute=attention")
    env = {"B": batch, "T": 2048, "E": width, "L": depth, "V": 51200}
    step, again = (evaluate(network.poly(name), env) for name in ("train_flops", "recompute_flops"))
    seconds = float(row["inputs"].removeprefix("t=").removesuffix(" s"))
    workers = {4: 8}.get(batch, batch)
    done = seconds * workers * 312 * 10**12
    assert float(step + 3 * again) / done * 100 == pytest.approx(float(row["value"]), rel=0.006)


def test_the_formula_of_korthikanti() -> None:
    found = symcost.load("gpt2").cost("megatron:recompute=attention")
    printed = 72 * B * L * T * E**2 + 24 * B * L * T**2 * E + 6 * B * T * V * E
    assert found.poly("train_flops") + 3 * found.poly("recompute_flops") == printed
