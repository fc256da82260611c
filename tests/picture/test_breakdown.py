"""Break-downs as bars and as areas: what is drawn is read back, and equals exact shares."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import symcost
from symcost.errors import UsageError
from symcost.picture.bars import Part, bars
from symcost.picture.numbers import amount
from symcost.picture.squarify import Rect
from symcost.picture.treemap import Leaf, tiles, treemap

pytest.importorskip("matplotlib")
from tests.picture.looks import drawn, legend_words, own, words_of

RESNET = symcost.load("resnet50").cost()


def test_bars_are_the_exact_shares() -> None:
    names = ["params", "macs", "activations"]
    ax = drawn(lambda ax: RESNET.draw(ax, names=names, at={"H": 160}))
    table = RESNET.table("block", 1, names, {"H": 160})
    assert legend_words(ax) == [str(row[0]) for row in table.rows if any(row[2:])]
    assert table.total is not None
    for group, row in zip(ax.containers, [row for row in table.rows if any(row[2:])], strict=True):
        shares = [float(Fraction(part) / whole) for part, whole in zip(row[2:], table.total[2:], strict=True)]  # type: ignore[arg-type, operator]
        assert [patch.get_width() for patch in group] == pytest.approx(shares, rel=1e-12)
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "params\n25.6 M params", "macs\n2.92 GMACs", "activations\n26.8 M elements",
    ]  # fmt: skip
    assert ax.get_xlabel() == "share of the total" and ax.get_xlim() == (0, 1)
    title = ax.get_title(loc="left").replace("\u00a0", " ").replace("\n", " ")
    assert title == "resnet50 at B = 1, H = 160, W = 224, C = 64, K = 1000; convention symcost"


def test_a_treemap_has_the_exact_areas() -> None:
    ax = drawn(lambda ax: RESNET.draw(ax, kind="treemap", names=["macs"]))
    rows = RESNET.table("block", 2, ["macs"]).rows
    whole = RESNET.at().macs
    _, right = ax.get_xlim()
    areas = sorted(p.get_width() * p.get_height() for p in ax.patches if p.get_fill())  # type: ignore[attr-defined]
    assert areas == pytest.approx(sorted(right * row[2] / whole for row in rows if row[2]))  # type: ignore[operator]
    named = " ".join(words_of(ax))
    assert "stage_3 36 %" in named and "repeat\n27 %" in named
    assert legend_words(ax) == ["linear 0.1 %"]
    assert ax.get_title(loc="left").startswith("4.09 GMACs of resnet50 at B")


def test_own_axes_and_all_networks_alike() -> None:
    for name in ("resnet50", "gpt2", "mobilenet_v2", "unet"):
        cost = symcost.load(name).cost()
        own(lambda cost=cost: cost.draw())  # type: ignore[misc]
        own(lambda cost=cost: cost.draw(kind="treemap"))  # type: ignore[misc]
        own(lambda cost=cost: cost.draw(by="op"))  # type: ignore[misc]


def test_many_parts_are_few() -> None:
    parts = [Part(f"part_{i}", {"x": Fraction(i + 1), "y": Fraction(0)}) for i in range(40)]
    ax = drawn(lambda ax: bars(parts, {"x": "FLOPs", "y": "bytes"}, "parts", "block", ax))
    assert legend_words(ax) == [*(f"part_{i}" for i in range(32, 40)), "32 others"]
    widths = [group[0].get_width() for group in ax.containers]
    assert widths == pytest.approx([float(Fraction(n, 820)) for n in (*range(33, 41), 528)])
    assert [group[1].get_width() for group in ax.containers] == [0] * 9


def test_a_legend_of_many_parts_beside_few_bars() -> None:
    deep = symcost.load("deepseek_v3").cost()
    assert len(legend_words(own(lambda: deep.draw(by="op", names=["activations", "params"])))) == 9


def test_long_names_leave_room_for_the_bars() -> None:
    word = "a_name_given_without_a_thought_of_pictures" * 2
    parts = [Part(f"{word}.{end}", {"x": Fraction(1)}) for end in ("first", "second")]
    ax = own(lambda: bars(parts, {"x": "FLOPs"}, f"{word} at N = {10**60}", "block"))
    assert [text[-10:] for text in legend_words(ax)] == ["ures.first", "res.second"]
    assert ax.get_window_extent().width > 200


def test_nothing_and_one_and_huge() -> None:
    huge = {"x": Fraction(10**30)}
    for parts in ([], [Part("one", huge)], [Part("one", huge), Part("none", {"x": Fraction(0)})]):
        drawn(lambda ax, parts=parts: bars(parts, {"x": "FLOPs"}, "some", "block", ax))  # type: ignore[misc]
        leaves = [Leaf(part.name, "", part.amounts["x"]) for part in parts]
        drawn(lambda ax, leaves=leaves: treemap(leaves, "FLOPs", "some", ax))  # type: ignore[misc]
    assert tiles([Leaf("a", "", Fraction(0))], Rect(Fraction(0), Fraction(0), Fraction(1), Fraction(1))) == {}


def test_an_empty_network(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text("symcost: 1\nname: empty\nsource: none\ninputs: {x: [2, 3]}\nmodel:\n  - relu\n")
    cost = symcost.load(path).cost()
    drawn(cost.draw)
    drawn(lambda ax: cost.draw(ax, kind="treemap", names=["macs"]))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"kind": "tree"}, "there is no picture 'tree' of a break-down; did you mean 'treemap'?"),
        ({"kind": "pie"}, "there is no picture 'pie' of a break-down; there are bars and treemap"),
        ({"by": "row"}, "there is no break-down by 'row'; there are block, node and op"),
        (
            {"names": ["peak_activations"]},
            "the largest row of peak_activations is the whole, so its rows have no shares to be drawn",
        ),
    ],
)
def test_refusals(asked: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as none:
        RESNET.draw(**asked)  # type: ignore[arg-type]
    assert str(none.value) == message


def test_a_report_draws_what_it_tells() -> None:
    found = symcost.report("lenet5", metrics=["macs", "params"], at={"C": 9}, by="op")
    ax = drawn(found.draw)
    totals = {name: int(text) for name, text in found.data["total"].items()}
    words = [f"macs\n{amount(totals['macs'], 'MACs')}", f"params\n{amount(totals['params'], 'params')}"]
    assert [label.get_text() for label in ax.get_yticklabels()] == words
    areas = drawn(lambda ax: found.draw(ax, kind="treemap"))
    assert areas.get_title(loc="left").startswith(f"{amount(totals['macs'], 'MACs')} of LeNet-5")
    own(symcost.report("lenet5").draw)
