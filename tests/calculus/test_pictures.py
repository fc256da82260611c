"""Bars of what a metric responds to, and crossings: read back from what is drawn."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import symcost
from symcost.algebra.poly import evaluate
from symcost.calculus.amount import amount_of
from symcost.errors import UsageError

pytest.importorskip("matplotlib")
from tests.picture.looks import drawn, legend_words, own, words_of

NET = symcost.load("mobilenet_v2").cost()


def test_bars_are_elasticities_the_longest_on_top() -> None:
    found = symcost.sensitivity(symcost.load("resnet50"), "macs")
    ax = drawn(found.draw)
    widths = [float(patch.get_width()) for patch in ax.patches]  # type: ignore[attr-defined]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["C = 64", "B = 1", "H = 224", "W = 224", "K = 1000"]
    local = [float(found.total.elasticity_at(name.split()[0]) or 0) for name in names]
    assert widths == local == sorted(local, reverse=True)
    assert words_of(ax)[:2] == ["1.971", "1"] and ax.get_ylim()[0] > ax.get_ylim()[1], "the first is on top"
    assert ax.get_xlabel() == "elasticity of macs, by the smooth formula"


def test_bars_are_changes_both_ways() -> None:
    found = symcost.sensitivity(NET, "macs")
    ax = drawn(lambda ax: found.draw(ax, change="1/10"))
    down, up = ([float(patch.get_width()) for patch in group] for group in ax.containers)
    smooth = NET.view("macs", "smooth")
    names = [label.get_text().split()[0] for label in ax.get_yticklabels()]
    for name, less, more in zip(names, down, up, strict=True):
        for step, width in ((Fraction(9, 10), less), (Fraction(11, 10), more)):
            expr = smooth.expr.subs({NET.symbol(n): v for n, v in {**found.at, name: found.at[name] * step}.items()})
            assert width == pytest.approx(float(expr / found.total.amount - 1), abs=1e-12)
    assert legend_words(ax) == ["each size - 10 %", "each size + 10 %"]
    assert words_of(ax)[:2] == ["-18 %", "+19.8 %"]


def test_few_sizes_and_a_change_that_is_none() -> None:
    own(symcost.sensitivity(NET, "params", {"K": 10**30}, sizes=["K"]).draw)
    own(symcost.sensitivity(NET, "params", sizes=["H", "K"]).draw)
    for change, said in ((1, "1"), ("-1/2", "-1/2")):
        with pytest.raises(UsageError) as none:
            symcost.sensitivity(NET, "macs").draw(change=change)
        assert str(none.value) == f"a size changes by a part of itself between 0 and 1, such as 1/10, got {said}"


def test_a_crossing_is_where_it_is_proved() -> None:
    cost = symcost.load("gpt2").cost()
    names = "macs of scaled_dot_product_attention", "12*B*T*E**2*L"
    pair = amount_of(cost, names[0]), amount_of(cost, names[1])
    found = symcost.crossover(*pair, "T", of=cost, at={"P": 9999}, names=names)
    ax = drawn(found.draw)
    first, second, *marks = ax.lines
    ends: Any = [mark.get_xdata() for mark in marks]
    assert [x[0] for x in ends] == [4608, 4609]
    lines: list[Any] = [first.get_xydata(), second.get_xydata()]
    macs = {row.op: row.values["macs"] for row in cost.by_op(["macs"])}["scaled_dot_product_attention"]
    for x, y in lines[0]:
        assert y == float(evaluate(macs, cost.bindings({"T": int(x), "P": 9999})))
    for (x, one), (_, other) in zip(*lines, strict=True):
        assert (one > other) is (x > 4608) and (one == other) is (x == 4608)
    assert ax.get_ylabel() == "amount [MACs]" and legend_words(ax) == list(names)
    assert len(words_of(ax)) == 2


def test_crossings_without_end_without_crossing_and_without_values() -> None:
    cost = symcost.load("resnet50").cost()
    macs, params = cost.poly("macs"), cost.poly("params")
    own(symcost.crossover(macs, params, "H", of=cost, at={}).draw)
    own(symcost.crossover(macs, 10**30, "B", of=cost, at={}).draw)
    own(symcost.crossover(macs, params, "B", of=cost, at={}, between=(3, 3)).draw)
    with pytest.raises(UsageError) as none:
        symcost.crossover(macs, params, "H", of=cost).draw()
    assert str(none.value) == "a picture needs values of the other sizes; give them in at"
