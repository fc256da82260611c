"""States of data-parallel training: the tables of ZeRO, and what a step sends."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest

from symcost.algebra.division import div
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.workers.algorithms import algorithm
from symcost.workers.zero import Role, Stage, exchanged, held

ROWS = Path(__file__).parent.parent / "data" / "published.csv"
P, n, m = map(symbol, "Pnm")
LAYER = 32 * 10**6
STATES: dict[Role, Num] = {"parameters": 2 * P, "gradients": 2 * P, "optimizer": 12 * P}
"""Mixed-precision Adam: halves for work, and of the optimizer a copy in floats and two moments."""
STAGES: dict[str, Stage] = {"baseline": 0, "Pos": 1, "Pos+g": 2, "Pos+g+p": 3}
Row = dict[str, str]


def rows(start: str) -> list[Row]:
    with ROWS.open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["id"].startswith(start)]


def every(start: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows(start), ids=[row["id"] for row in rows(start)])


def test_states_by_stage() -> None:
    """Section 1: 4 P + 12 P/n, 2 P + 14 P/n and 16 P/n."""
    each = [held(STATES, stage, n) for stage in get_args(Stage)]
    assert each == [16 * P, 4 * P + div(12 * P, n), 2 * P + div(14 * P, n), div(16 * P, n)]


@every("zero_t1_")
def test_table_1(row: Row) -> None:
    """Of three digits, or cut off there: 513 is printed for 513.5, and 4187 for 4187.5."""
    _, _, size, workers, stage = row["id"].split("_")
    params = {"7.5B": 7_500, "128B": 128_000, "1T": 1_000_000}[size] * 10**6
    found = evaluate(held(STATES, STAGES[stage], int(workers)), {"P": params}) / Fraction(10**9)
    printed = Fraction(row["value"])
    digit = Fraction(1, 10 ** len(row["value"].partition(".")[2]))
    assert printed <= found < printed + digit or abs(printed - found) <= digit / 2


@every("zero_t2_")
def test_table_2(row: Row) -> None:
    """The most parameters in 32 GB of one of 64 workers; model parallelism multiplies what is printed for one."""
    _, _, degree, stage = row["id"].split("_")
    each = evaluate(held(STATES, STAGES[stage], 64), {"P": 1})
    most = Fraction(32 * 10**9) / each
    alone = Fraction({"baseline": "2", "Pos": "7.6", "Pos+g": "14.4", "Pos+g+p": "128"}[stage])
    assert abs(most / 10**9 - alone) < Fraction(1, 20)
    printed = Fraction(row["value"])
    assert printed == alone * int(degree) or (stage == "Pos+g+p" and printed == alone * int(degree) // 1000 * 1000)


def moved(stage: Stage, micro_batches: Num = 1) -> Num:
    sizes = exchanged(2 * P, 2 * P, stage, micro_batches)
    return sum((algorithm(collective).bytes_moved(size, n) for collective, size, _ in sizes), start=0 * P)


def test_bytes_of_a_step() -> None:
    """Section 7: twice the parameters, as without ZeRO, and three times where these are shared out too."""
    part = 1 - n**-1
    assert [moved(stage) for stage in get_args(Stage)] == [2 * 2 * P * part] * 3 + [3 * 2 * P * part]
    assert evaluate(moved(3), {"P": 1, "n": 10**9}) == 6 - Fraction(6, 10**9)


def test_bytes_of_a_step_with_micro_batches() -> None:
    part = 1 - n**-1
    assert [moved(stage, m) for stage in get_args(Stage)] == [
        4 * P * part, 4 * P * part, 2 * (m + 1) * P * part, 6 * m * P * part
    ]  # fmt: skip


DOCUMENTED = {
    "ds_z2_gpu_doc": held({"parameters": 2 * P, "gradients": 2 * P, "optimizer": 16 * P}, 1, 8),
    "ds_z2_off": held({"parameters": 2 * P}, 2, 8),
    "ds_z3_none": held({"parameters": 2 * P, "gradients": 4 * P, "optimizer": 12 * P}, 3, 8) + 4 * LAYER,
    "ds_z3_opt": held({"parameters": 2 * P}, 3, 8) + 4 * LAYER,
}
"""What docs/code-docs/source/memory.rst of DeepSpeed adds up, in states: of its stage 2 gradients in halves are whole,
and floats of them part of the optimizer; stage 3 holds parameters and gradients of the largest layer besides."""


@pytest.mark.parametrize("row", [row for row in rows("ds_z") if row["id"] in DOCUMENTED], ids=DOCUMENTED)
def test_what_deepspeed_documents(row: Row) -> None:
    found = evaluate(DOCUMENTED[row["id"]], {"P": 2851 * 10**6}) / Fraction(2**30)
    assert float(found) == pytest.approx(float(row["value"]), abs=0.011)
