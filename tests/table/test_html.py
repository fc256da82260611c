"""Answers as HTML: numbers and formulas that read back exactly, with tags and without; nothing gets out of a cell."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost import load
from symcost.algebra.poly import symbol
from symcost.table import Column, Folded, Rate, Share, Table
from symcost.table.html import LONGEST, style_sheet, to_html
from symcost.table.parts import lines_of, words_beside
from symcost.views.answer import wrapped
from tests.notation.readers import stripped
from tests.table.reader import Element, read

B, H, L = symbol("B"), symbol("H"), symbol("L")
COLUMNS = (
    Column("block", kind="text"),
    Column("work", "MACs"),
    Column("f", kind="formula"),
    Column("of", kind="share"),
)
TABLE = Table(
    COLUMNS,
    (
        (Folded("layer", L), 10**21 + 1, 2 * B * H**2 * Fraction(1, 3), Share(Fraction(1, 3))),
        ("<script>alert(1)</script>", Fraction(1, 2), None, None),
    ),
    "two & rows",
    ("total", 7, B, None),
)
TREE = read(TABLE.to_html())


def rows(tree: Element) -> list[list[Element]]:
    return [[c for c in row.children if isinstance(c, Element)] for row in tree.all("tr")]


def test_a_table_has_a_caption_and_headings_of_columns_and_rows() -> None:
    assert [caption.text for caption in TREE.all("caption")] == ["two & rows"]
    heads, *body = rows(TREE)
    assert [(head.tag, head.attrs["scope"], head.text) for head in heads] == [
        ("th", "col", "block"), ("th", "col", "work [MACs]"), ("th", "col", "f"), ("th", "col", "of"),
    ]  # fmt: skip
    assert [(row[0].tag, row[0].attrs["scope"]) for row in body] == [("th", "row")] * 3
    assert [len(row) for row in body] == [4, 4, 4]
    assert [row[0].text for row in rows(TREE.all("tfoot")[0])] == ["total"]
    (box,) = [div for div in TREE.all("div") if div.attrs.get("class") == "scroll"]
    assert (box.attrs["tabindex"], box.attrs["role"], box.attrs["aria-label"]) == ("0", "group", "two & rows")


def test_cells_show_what_text_shows_and_formulas_are_mathml() -> None:
    first, second, _ = rows(TREE)[1:]
    assert [cell.text for cell in (first[0], first[1], first[3])] == [
        "layer ×\u00a0L", "1,000,000,000,000,000,000,001", " 33.3 %",
    ]  # fmt: skip
    assert len(first[2].all("math")) == len(first[2].all("mfrac")) == len(first[2].all("msup")) == 1
    assert first[3].all("span")[1].attrs == {"style": "width:33.33%"}
    assert first[3].all("span")[0].attrs["aria-hidden"] == "true"
    assert [cell.text for cell in second] == ["<script>alert(1)</script>", "1/2", "", ""]
    assert not TREE.all("script")


def test_every_rule_of_style_is_for_what_is_inside() -> None:
    selectors = re.findall(r"([^{}]+)\{[^{}]*\}", re.sub(r"@media print \{(.*?\})\s*\}", r"\1", style_sheet()))
    assert len(selectors) > 10
    assert all(
        one.strip().startswith(".symcost-answer")
        for rule in selectors
        for one in re.sub(r"\(.*?\)", "", rule).split(",")
    )
    assert len(TREE.all("style")) == 1
    assert not read(TABLE.to_html(style=False)).all("style")


def test_a_paragraph_before_a_table_is_its_caption() -> None:
    bare = Table(COLUMNS, ())
    tree = read(to_html(("net: a family\nat B = 1", bare, "after", TABLE)))
    assert [caption.text for caption in tree.all("caption")] == ["net: a familyat B = 1", "two & rows"]
    assert [strong.text for strong in tree.all("strong")] == ["net: a family"]
    assert [p.text for p in tree.all("p")] == ["after"]


def test_formulas_longer_than_anybody_reads_are_text() -> None:
    long = sum((B**i * H for i in range(3, 150)), B)
    tree = read(Table((Column("f", kind="formula"),), ((long,),)).to_html())
    assert len(tree.all("code")[0].text) > LONGEST
    assert not tree.all("math")


def test_numbers_and_formulas_of_a_network_are_those_of_its_cost() -> None:
    cost = load("gpt2").cost()
    env = cost.bindings()
    names = [str(row[0]) for row in cost.formulas().rows]
    for name, row in zip(names, rows(read(cost.to_html()))[1:], strict=True):
        formula = "".join(math.text for math in row[2].all("math")) or row[2].text
        assert stripped.value(formula, {size: Fraction(value) for size, value in env.items()}) == getattr(
            cost.at(), name
        )
    report = rows(read(cost.table(names=["macs"], at={"T": 77}).to_html()))
    assert report[-1][2].text.replace(",", "") == str(cost.at(T=77).macs)
    assert "repeat ×\u00a0L" in [row[0].text for row in report]


def test_what_is_said_beside_a_table_stands_around_it() -> None:
    table = Table((Column("n"),), ((1,),), "one row, at B = 1")
    assert words_beside(str(table), table) == (table,)
    assert words_beside(f"lead\n\n{table}\nend", table) == ("lead", table, "end")
    parts = words_beside("it is 1; one row, at\n  B = 1", table)
    assert parts == ("it is 1; one row, at\n  B = 1", Table((Column("n"),), ((1,),)))


@given(st.lists(st.text("abc =:.", min_size=1, max_size=30), min_size=1, max_size=30).map(" ".join))
def test_lines_are_what_they_were_before_they_were_broken(text: str) -> None:
    whole = " ".join(text.split())
    assert lines_of(f"first\n{wrapped(whole)}\nlast") == ["first", *([whole] if whole else [""]), "last"]


def test_lines_that_are_set_in_stay() -> None:
    assert lines_of("macs\n  = 3*B\n    + 4") == ["macs", "  = 3*B", "    + 4"]
    assert read(to_html(("macs\n  = 3*B",))).text == "macs\u00a0\u00a0= 3*B"


hostile = st.text(st.characters(codec="utf-8") | st.sampled_from("<>&\"'`|\\$%#_{}[]~^*=-+@\n\r\t"), max_size=12)


@given(hostile, hostile, hostile)
def test_whatever_a_name_holds_stays_text(name: str, unit: str, cell: str) -> None:
    columns = (Column(name, unit, "text"), Column("n"))
    tree = read(to_html((cell, Table(columns, ((cell, 1), (Folded(name, L), 2)), unit, (cell, 3)))))
    known = {"div", "style", "p", "br", "table", "caption", "strong", "thead", "tbody", "tfoot", "tr", "th", "td"}
    found = {element.tag for element in _every(tree)}
    assert found <= known | {"span", "math", "mi"}
    assert len(tree.all("tr")) == 4


def _every(tree: Element) -> list[Element]:
    inner = [child for child in tree.children if isinstance(child, Element)]
    return [found for child in inner for found in (child, *_every(child))]


@pytest.mark.parametrize("cell", [True, None, Rate(Fraction(-1, 8), percent=True), Share(Fraction(3, 2))])
def test_other_cells_are_text(cell: object) -> None:
    tree = read(Table((Column("n", kind="text"), Column("x", kind="text")), (("a", cell),)).to_html())  # type: ignore[arg-type]
    assert rows(tree)[1][1].text.strip() in ("true", "", "-12.5 %", "150.0 %")
