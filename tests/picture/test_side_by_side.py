"""Pictures in the parts of one figure: each keeps to its own part, and nothing stands on anything else."""

from __future__ import annotations

from typing import Any

import pytest

import symcost

pytest.importorskip("matplotlib")
from matplotlib.figure import Figure

from tests.picture.looks import look_at


def test_four_in_a_figure() -> None:
    figure = Figure(figsize=(14, 9), layout="constrained")
    network = symcost.load("resnet50")
    cost = network.cost()
    (bars, areas), (growth, memory) = figure.subplots(2, 2)
    cost.draw(bars, names=["macs", "params"])
    symcost.growth(cost, "macs", "H=96:160", {"W": "H"}).draw(growth)
    symcost.training_peak(cost).draw(memory)
    cost.draw(areas, kind="treemap")  # fitted to the room that is left
    look_at(memory)


def test_parts_of_figures() -> None:
    figure = Figure(figsize=(14, 5), layout="constrained")
    parts: Any = figure.subfigures(1, 2)
    left, right = parts
    found = symcost.sensitivity(symcost.load("resnet50"), "macs")
    ax = left.subplots()
    assert found.draw(ax) is ax
    symcost.peak(symcost.load("unet")).draw(right.subplots())
    look_at(ax)
