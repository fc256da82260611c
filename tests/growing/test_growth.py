"""A metric along a size: each point is what the cost and its views say there, and what is drawn are these points."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import symcost
from symcost.errors import NoAnswer, SpecError, UsageError

pytest.importorskip("matplotlib")
from tests.picture.looks import drawn, legend_words, own, words_of

RESNET = symcost.load("resnet50").cost()
SQUARE = symcost.growth(RESNET, "macs", "H=200:264", {"W": "H"})


def test_points_are_what_the_cost_says() -> None:
    views = {name: RESNET.view("macs", name) for name in ("divisible", "smooth")}
    for point in SQUARE.points:
        assert point.exact == RESNET.at(H=point.value, W=point.value).macs
        assert point.smooth == views["smooth"].at(H=point.value, W=point.value)
        if point.even:
            assert views["divisible"].at(H=point.value, W=point.value) == point.exact
        else:
            with pytest.raises(SpecError):
                views["divisible"].at(H=point.value, W=point.value)
    assert [point.value for point in SQUARE.points] == list(range(200, 265)) and SQUARE.complete
    assert [point.value for point in SQUARE.points if point.even] == [224, 256]
    assert SQUARE.errors is not None and f"{float(SQUARE.errors[0]):.3f}" == "-0.108"  # at 225, as is published here


def test_it_is_told_in_few_rows() -> None:
    (told,) = SQUARE.told()
    assert told.columns[0].name == "H" and [row[0] for row in told.rows][-2:] == [260, 264]
    assert {224, 225} <= {row[0] for row in told.rows}, "the default and the greatest error are among them"
    assert str(SQUARE).startswith(
        "resnet50: macs along H at B = 1, W = H, C = 64, K = 1000; divisible where 32 divides H"
    )
    assert len(SQUARE.table().rows) == 65
    assert SQUARE.to_json()["points"][24] == {
        "value": "224",
        "exact": "4089184256",
        "even": True,
        "smooth": "4089184256",
    }


def test_the_picture_has_the_points() -> None:
    ax = drawn(SQUARE.draw)
    exact, smooth, even, default = ax.lines
    assert points(exact) == [(float(p.value), float(p.exact)) for p in SQUARE.points]
    assert exact.get_drawstyle() == "steps-post"
    assert points(smooth) == [(float(p.value), float(p.smooth or 0)) for p in SQUARE.points]
    assert points(even) == [(float(p.value), float(p.exact)) for p in SQUARE.points if p.even]
    assert points(default) == [(224.0, 4089184256.0)]
    assert words_of(ax) == ["default H = 224: 4.09 GMACs"]
    assert legend_words(ax) == ["exact", "smooth, error here -10.8 % to 0 %", "divisible (32 divides H)"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_yscale()) == ("H", "MACs", "linear")


def points(line: Any) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in line.get_xydata()]


@pytest.mark.parametrize(
    ("name", "metric", "along", "at", "polynomial"),
    [
        ("gpt2", "flops", "T=1:1000000", {"P": "T"}, True),
        ("mobilenet_v2", "params", "alpha=1/4:2:1/16", {}, False),
        ("gpt2", "step_peak_bytes", "B", {}, True),
        ("lenet5", "flops", "K=7", {}, True),
        ("resnet50", "macs", f"B={10**25}:{10**25 + 9}", {}, True),
    ],
)
def test_all_kinds(name: str, metric: str, along: str, at: dict[str, str], *, polynomial: bool) -> None:
    found = symcost.growth(symcost.load(name), metric, along, at)
    assert found.polynomial is polynomial
    ax = own(found.draw)
    assert points(ax.lines[0]) == [(float(p.value), float(p.exact)) for p in found.points]
    assert ("convention symcost" in ax.get_ylabel()) is (metric == "flops")
    values = [p.value for p in found.points]
    assert values == sorted(set(values)) and len(values) <= 2000
    assert found.complete is (len(values) < 1000)


def test_usual_values() -> None:
    found = symcost.growth(RESNET, "params", "C")
    assert [found.points[i].value for i in (0, 1, -1)] == [8, 9, 512] and found.default == 64
    assert symcost.growth(symcost.load("gpt2"), "params", "E").points[1].value == 108, "12 heads divide it"


@pytest.mark.parametrize(
    ("along", "at", "error", "message"),
    [
        ("Q", {}, UsageError, "there is no free symbol 'Q'; free are B, H, W, C, K"),
        ("H=8:16,C=8:16", {}, UsageError, "growth is along one size, got H=8:16,C=8:16"),
        ("H=9:4", {}, UsageError, "H: the range 9:4 is empty"),
        ("H=32:64", {"W": "Q*H"}, UsageError, "W = 'Q*H': unknown name 'Q'; known here: H"),
    ],
)
def test_refusals(along: str, at: dict[str, str], error: type[Exception], message: str) -> None:
    with pytest.raises(error) as none:
        symcost.growth(RESNET, "macs", along, at)
    assert str(none.value) == message


def test_more_refusals() -> None:
    with pytest.raises(NoAnswer) as none:
        symcost.growth(symcost.load("gpt2"), "macs", "E=7:11", {"h": 12})
    assert str(none.value) == "GPT-2: no value of E=7:11 is allowed; it needs E >= 12, 12 divides E"
    with pytest.raises(UsageError) as ratio:
        symcost.growth(symcost.load("mobilenet_v2"), "macs", "alpha")
    assert str(ratio.value) == "alpha is a ratio; say which values, such as alpha=1/4:2:1/4"
    assert Fraction(0) == (symcost.growth(RESNET, "macs", "B").errors or (1, 1))[0]


def test_bytes_far_from_nothing_have_marks() -> None:
    """The axis begins near the least amount, so its marks are apart by a part of what is shown."""
    found = symcost.growth(symcost.load("gpt2"), "train_bytes", "T=512:1024:128")
    ax = own(found.draw)
    low, high = ax.get_ylim()
    assert sum(low <= mark <= high for mark in ax.get_yticks()) >= 3
