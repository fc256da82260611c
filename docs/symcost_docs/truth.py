"""What independent tools counted, as the tests hold it against every network: ``tests/data``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from symcost_docs import ROOT

DATA = ROOT / "tests" / "data"
SIZES = {
    "batch": "B",
    "height": "H",
    "width": "W",
    "seq_len": "T",
    "decoder_seq_len": "U",
    "past_len": "S",
    "frames": "T",
}
"""What rows call sizes, and what specs do; a row with frames names no tokens."""
BESIDES = {"torchvision_detection/fasterrcnn_resnet50_fpn": {"P": 509}}
"""Sizes that rows do not hold: with untrained weights suppression left so many proposals."""


@dataclass(frozen=True)
class Counted:
    """What a tool counted of one network, at its first size.

    Attributes:
        by: the library's network that was counted.
        at: the size.
        params: trained parameters; of Keras all, statistics included.
        flops: of a forward pass, as torch's FlopCounterMode counts.
        sizes: at how many sizes it was counted.
        trained: at how many of them forward and backward pass were.
    """

    by: str
    at: Mapping[str, int]
    params: int
    flops: int
    sizes: int
    trained: int


@cache
def rows() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of networks as libraries ship them, by ``library/model``."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _lines("models.jsonl"):
        found.setdefault(f"{row['library']}/{row['model']}", []).append(row)
    return found


@cache
def members() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of further members of families, by our names."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _lines("members.jsonl"):
        found.setdefault(row["name"], []).append(row)
    return found


def _lines(name: str) -> Iterator[dict[str, Any]]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def counted(name: str, same_as: tuple[str, ...]) -> Iterator[Counted]:
    """Yield what was counted of a network of ours."""
    for other in same_as:
        if of := rows().get(other):
            yield _shipped(other, of)
    for row in members().get(name, []):
        at = {**row["at"], **row.get("set", {})}
        yield Counted(row["made"], at, row["params"], row["flops"], 1, int("train_flops" in row))


def _shipped(other: str, of: list[dict[str, Any]]) -> Counted:
    row = of[0]
    at = {letter: row[key] for key, letter in SIZES.items() if key in row} | BESIDES.get(other, {})
    trained = sum("flops_torch_train_fixed" in one for one in of)
    return Counted(other, at, row.get("trainable", row["params"]), row["flops_torch"], len(of), trained)
