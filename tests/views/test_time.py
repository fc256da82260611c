"""The time of a pass as a verb shows it."""

from __future__ import annotations

from fractions import Fraction

import symcost
from symcost.kernels import roofline
from symcost.table import Table
from symcost.table.model import Share
from symcost.views.time import time


def parts(most: int, size: str = "") -> tuple[str | Table, ...]:
    network = symcost.load("lenet5").under(device="h100", precision="bf16", efficiency="1/20")
    cost = network.cost("torch")
    found = roofline(cost, {"B": 64})
    return time(network, cost, found, most, found.regions(size) if size else ()).parts


def test_the_longest_kernels_come_first() -> None:
    table = parts(99)[3]
    assert isinstance(table, Table)
    seconds = [row[5] for row in table.rows]
    assert seconds == sorted(seconds, key=lambda x: -Fraction(str(x)))
    assert sum(row[6].value for row in table.rows if isinstance(row[6], Share)) == 1


def test_those_left_out_are_told() -> None:
    table = parts(3)[3]
    assert isinstance(table, Table)
    assert len(table.rows) == 3
    whole = len(roofline(symcost.load("lenet5").under(device="h100", precision="bf16")).kernels)
    assert table.caption.endswith(f"{whole - 3} more kernels take less")


def test_regions_are_told_once_for_kernels_that_are_alike() -> None:
    told = parts(3, "B")[4]
    assert "kernels are never bound by computing" in str(told)
    assert "bound by computing for B >= " in str(told)
