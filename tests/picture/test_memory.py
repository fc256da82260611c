"""Memory over a schedule as a picture: the areas are what is in memory, and their top is the peak."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import symcost
from symcost.errors import NoAnswer
from symcost.memory import ROLES
from symcost.picture.memory import Moment, draw
from symcost.training_memory import KINDS, PHASES, TrainingPeak

pytest.importorskip("matplotlib")
from tests.picture.looks import drawn, legend_words, own, words_of


@pytest.mark.parametrize("name", ["resnet50", "gpt2", "unet", "densenet121", "lenet5"])
def test_the_top_of_an_evaluation_is_its_peak(name: str) -> None:
    """The peak is found from two rounds of each repetition, the picture plays all of them."""
    found = symcost.peak(symcost.load(name))
    moments = found.moments()
    assert max(moment.whole for moment in moments) == found.value
    first = next(moment for moment in moments if moment.whole == found.value)
    assert first.runs.startswith(found.node)
    at = moments.index(first)
    assert sum(live.elements for live in found.live) == sum(first.held.values())
    assert moments[at].held["made"] > 0


STEPS = [
    ("resnet50", {}, {"B": 4}),
    ("gpt2", {"precision": "mixed_bf16"}, {"B": 2}),
    ("gpt2", {"precision": "mixed_bf16", "checkpoint": "full"}, {"B": 2, "L": 5}),
]


@pytest.mark.parametrize(("name", "setup", "at"), STEPS)
def test_the_top_of_a_step_is_its_peak(name: str, setup: dict[str, str], at: dict[str, int]) -> None:
    """The peak is found from three rounds of each repetition, the picture plays all of them."""
    found = step(name, setup, at)
    moments = found.moments()
    first = next(moment for moment in moments if moment.whole == found.value)
    assert max(moment.whole for moment in moments) == found.value
    parts = {kind: sum(Fraction(p.bytes) for p in found.parts if p.kind == kind) for kind in KINDS}
    assert first.held == parts
    assert first.runs == f"{found.node} {PHASES[found.phase]}".strip()


def step(name: str, setup: dict[str, str], at: dict[str, int]) -> TrainingPeak:
    return symcost.training_peak(symcost.load(name).under(**setup).cost(), at)


def test_areas_are_what_is_in_memory() -> None:
    found = symcost.peak(symcost.load("resnet50"), {"H": 160, "W": 160})
    ax = drawn(found.draw)
    moments = found.moments()
    assert legend_words(ax) == list(reversed(ROLES.values()))
    below = [0] * len(moments)
    for area, role in zip(ax.patches, ROLES, strict=True):
        values, edges, baseline = area.get_data()  # type: ignore[attr-defined]
        amounts = [moment.held.get(role, 0) for moment in moments]
        assert list(edges) == list(range(len(moments) + 1))
        assert list(baseline) == below
        below = [one + int(more) for one, more in zip(below, amounts, strict=True)]
        assert list(values) == below
    assert words_of(ax) == [f"peak 1.23 M elements\n{found.node} runs"]
    (mark,) = ax.lines
    points: Any = mark.get_xydata()
    assert float(points[0][1]) == found.value
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("nodes, in the order in which they run", "in memory [elements]")


def test_a_step_has_phases_and_binary_bytes() -> None:
    found = step("resnet50", {"precision": "mixed_bf16"}, {"B": 8})
    ax = own(found.draw)
    assert words_of(ax)[:2] == ["forward", "loss and\nbackward"]
    assert words_of(ax)[2].startswith("peak 337 MiB\n")
    ticks = [label.get_text() for label in ax.get_yticklabels()]
    assert "64 MiB" in ticks and ax.get_ylabel() == "in memory [bytes]"
    assert legend_words(ax) == [KINDS[kind] for kind in ("gradient", "made", "kept", "input")]


def test_nothing_and_little_and_huge() -> None:
    roles = {"made": "made here"}
    for moments in (
        [], [Moment("forward", "a runs", {})], [Moment("forward", "a runs", {"made": 1})],
        [Moment("forward", "a runs", {"made": 10**30}), Moment("backward", "b runs", {"made": 7})],
    ):  # fmt: skip
        drawn(lambda ax, moments=moments: draw(moments, roles, "bytes", "little", ax))  # type: ignore[misc]


def test_too_much_is_said() -> None:
    with pytest.raises(NoAnswer) as none:
        step("gpt2", {}, {"L": 501}).moments()
    assert str(none.value) == "GPT-2: more than 500 rounds are too many to be drawn one by one"


def test_the_peak_is_told_where_a_legend_and_phases_are_near() -> None:
    found = symcost.training_peak(symcost.load("unet").cost())
    assert any(text.startswith("peak 947 MiB") for text in words_of(own(found.draw)))
    assert found.value == pytest.approx(947 * 2**20, rel=1e-3)
