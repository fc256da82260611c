"""Curves of equal budget as pictures: at each value just the largest that fits, found by trying."""

from __future__ import annotations

from typing import Any

import pytest

import symcost
from symcost.errors import UsageError

pytest.importorskip("matplotlib")
from tests.picture.looks import drawn, legend_words, own, words_of

COST = symcost.load("resnet50").free("L3").cost()


def test_the_stairs_are_the_largest_that_fit() -> None:
    curves = [symcost.iso(COST, "L3=2:14:3", "C=8::8", f"macs <= {bound}G") for bound in (1, 2, 4)]
    ax = drawn(lambda ax: curves[0].draw(ax, beside=curves[1:]))
    macs = COST.view("macs")
    for line, bound in zip(ax.lines, (1, 2, 4), strict=True):
        xydata: Any = line.get_xydata()
        assert line.get_drawstyle() == "steps-pre"
        assert [x for x, _ in xydata] == [2, 5, 8, 11, 14]
        for layers, width in xydata:
            assert macs.at(L3=int(layers), C=int(width)) <= bound * 10**9 < macs.at(L3=int(layers), C=int(width) + 8)
    assert sorted(words_of(ax)) == ["macs <= 1G", "macs <= 2G", "macs <= 4G"] and legend_words(ax) == []
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("L3", "largest C")
    title = ax.get_title(loc="left").replace("\u00a0", " ").replace("\n", " ")
    assert title == "resnet50: C along L3 within budgets at B = 1, H = 224, W = 224, K = 1000"


def test_one_curve_and_one_design() -> None:
    one = symcost.iso(COST, "L3=6:6", "C", ["macs <= 4G", "params <= 25M"])
    ax = own(one.draw)
    assert words_of(ax) == ["macs <= 4G and params <= 25M"] or legend_words(ax) == ["macs <= 4G and params <= 25M"]


def test_curves_are_of_the_same_sizes() -> None:
    one, other = (symcost.iso(COST, f"{name}=2:3", "C", "macs <= 4G") for name in ("L3", "B"))
    with pytest.raises(UsageError) as none:
        one.draw(beside=[other])
    assert str(none.value) == "curves in one picture are of the same sizes, got C along B beside C along L3"
