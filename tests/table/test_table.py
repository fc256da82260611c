"""Tables: every shape of cell in every format, exact where programs read and fitting where people do."""

from __future__ import annotations

import io
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost import UsageError, load
from symcost.algebra.poly import symbol
from symcost.table import Column, Folded, Share, Table
from symcost.table.breakdown import break_down, with_share
from symcost.table.breaking import broken
from symcost.table.cells import bar, percent, rounded, shown, significant
from symcost.table.markdown import to_markdown as markdown
from symcost.table.tabular import to_latex as tabular
from symcost.table.text import layout
from tests.table.test_html import hostile

B, H, L = symbol("B"), symbol("H"), symbol("L")
HUGE = 1_080_000_000_000_000_000_001
TABLE = Table(
    (Column("block", kind="text"), Column("params", "params"), Column("macs", "MACs"), Column("share", kind="share")),
    (("stem", 9408, HUGE, Share(Fraction(1, 3))), ("a<b>|&", Fraction(1, 2), None, Share(Fraction(1, 5000)))),
    "two rows",
    ("total", 9409, HUGE, None),
)


def test_text() -> None:
    assert str(TABLE) == (
        "two rows\n"
        "block   params                           MACs  share\n"
        "------  ------  -----------------------------  --------------\n"
        "stem     9,408  1,080,000,000,000,000,000,001  ██      33.3 %\n"
        "a<b>|&     1/2                                        < 0.1 %\n"
        "------  ------  -----------------------------  --------------\n"
        "total    9,409  1,080,000,000,000,000,000,001"
    )


def test_units_stand_in_the_heading() -> None:
    heading = str(Table((Column("block", kind="text"), Column("activations", "elements")), ())).splitlines()
    assert heading == ["       activations", "block   [elements]", "-----  -----------"]


def test_what_does_not_fit_comes_below() -> None:
    lines = TABLE.to_text(width=50).splitlines()
    assert max(map(len, lines)) <= 50
    assert [line.split() for line in lines].count(["stem", "9,408", "1,080,000,000,000,000,000,001"]) == 1
    assert lines[-1] == "total"
    assert "block   share" in lines


@pytest.mark.parametrize("width", [100, 72, 60, 40])
def test_long_text_and_formulas_fit(width: int) -> None:
    formula = sum(((i + 2) * B**i * H for i in range(9)), B)
    columns = (Column("node", kind="text"), Column("op", kind="text"), Column("formula", kind="formula"))
    table = Table(columns, (("stage_2.block_3.unit_2.convolution", "conv2d", formula),))
    lines = table.to_text(width).splitlines()
    assert max(map(len, lines)) <= width
    if width == 100:
        formula_text = " ".join(line[44:].strip() for line in lines[2:])
        assert formula_text == shown(formula)


@pytest.mark.parametrize("size", range(1, 40))
def test_broken_text_is_all_there(size: int) -> None:
    for text in (
        "stage_2.block_3.unit_2.conv2d",
        "a**2*max(b, c)**3 - 2*d + f(x*y, 8)",
        "x" * 30,
        "timm/a, keras/b",
        "",
    ):
        lines = broken(text, size)
        assert max(map(len, lines)) <= size
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_text_is_broken_where_it_is_read_best() -> None:
    assert broken("stage_2.block_3.unit_2.conv2d", 18) == ["stage_2.block_3.", "unit_2.conv2d"]
    assert broken("scaled_dot_product_attention", 20) == ["scaled_dot_product_", "attention"]
    assert broken("2*B**2*ceil(H/2) - max(B, H)*f(8, x)", 17) == ["2*B**2*ceil(H/2)", "- max(B, H)*", "f(8, x)"]
    assert broken("conv2d and 1 more", 10) == ["conv2d and", "1 more"]


def test_names_take_lines_and_bars_give_way_to_them() -> None:
    columns = (Column("node", kind="text"), Column("n"), Column("share of macs", kind="share"))
    table = Table(columns, (("stage_2.block_3.conv2d", 7, Share(Fraction(1, 3))),))
    assert table.to_text(42).splitlines()[-1] == "stage_2.block_3.conv2d  7  ██      33.3 %"
    assert table.to_text(35).splitlines() == [
        "                           share of",
        "node                    n  macs",
        "----------------------  -  --------",
        "stage_2.block_3.conv2d  7   33.3 %",
    ]
    assert table.to_text(32).splitlines()[-2:] == ["stage_2.block_3.     7   33.3 %", "  conv2d"]


def test_markdown_is_text_whatever_it_holds() -> None:
    assert TABLE.to_markdown() == (
        "two rows\n\n"
        "| block | params | MACs | share |\n"
        "| :--- | ---: | ---: | :--- |\n"
        "| stem | 9,408 | 1,080,000,000,000,000,000,001 | ██ 33.3 % |\n"
        "| a\\<b\\>\\|&amp; | 1/2 |  | \\< 0.1 % |\n"
        "| **total** | **9,409** | **1,080,000,000,000,000,000,001** |  |\n"
    )


def test_markdown_shows_formulas_as_code() -> None:
    table = Table((Column("formula", kind="formula"),), ((B * H**2,),))
    assert table.to_markdown().splitlines()[-1] == "| `B*H**2` |"


def test_latex() -> None:
    table = Table((Column("a_b", kind="text"), Column("formula", kind="formula")), (("50 %", B * H**2),), "x & y")
    assert table.to_latex() == (
        "x \\& y\n\\par\n\\begin{tabular}{ll}\na\\_b & formula \\\\\n\\hline\n50 \\% & $B\\,H^{2}$ \\\\\n\\end{tabular}"
    )


def test_rows_that_stand_for_rounds_say_so_everywhere() -> None:
    columns = (Column("block", kind="text"), Column("n"))
    table = Table(columns, ((Folded("layer", L), 1), (Folded("rest", L - 1), 2), (Folded("two", 2), 3)))
    assert [line.split("  ")[0] for line in str(table).splitlines()[2:]] == ["layer x L", "rest x (L - 1)", "two x 2"]
    assert [line.split(" | ")[0] for line in table.to_markdown().splitlines()[2:]] == [
        "| layer x L", "| rest x (L - 1)", "| two x 2",
    ]  # fmt: skip
    assert r"rest $\times (L - 1)$ & 2 \\" in table.to_latex()
    assert table.to_json()[0] == {"block": "layer", "n": "1"}
    assert table.to_csv().splitlines()[1:] == ["layer,1", "rest,2", "two,3"]


PLAIN_LATEX = re.compile(r"\\(?:text(?:backslash|ascii\w+|less|greater|bar)\{\}|ldots\{\}|[&%$#_{}])")


@given(hostile, hostile)
def test_whatever_a_cell_holds_latex_sets_it_as_text(cell: str, name: str) -> None:
    table = Table((Column(name, kind="text"), Column("b", kind="text")), ((cell, "x"), (cell, cell)), cell)
    *_, head, _, one, two, _ = table.to_latex().split("\n")
    for line in (head, one, two):
        assert not line.startswith(("[", "*"))
        assert line.endswith(r" \\")
        assert PLAIN_LATEX.sub("", line.removeprefix("{}").removesuffix(r" \\")).count("&") == 1
        assert not re.search(r"[\\%$#_{}~^<>|`]", PLAIN_LATEX.sub("", line.removeprefix("{}").removesuffix(r" \\")))


@given(hostile)
def test_whatever_a_cell_holds_markdown_shows_it_as_text(cell: str) -> None:
    table = Table((Column("a", kind="text"), Column("b", kind="text")), ((cell, "x"),))
    *_, row = table.to_markdown().rstrip("\n").split("\n")
    assert len(table.to_markdown().splitlines()) == 3
    bare = re.sub(r"\\.|&amp;", "", row)
    assert bare.count("|") == 3
    assert not re.search(r"[`*_{}<>#~$&\\\[\]]", bare)


def test_lines_of_text_stay_lines_in_markdown_and_latex() -> None:
    told = ("net: a\n  = 3*B\n- x\n1. y", TABLE)
    assert markdown(told).startswith("net: a\\\n&nbsp;&nbsp;= 3\\*B\\\n\\- x\\\n1\\. y\n\ntwo rows\n")
    assert tabular(told).startswith("\\noindent\nnet: a\\\\\n= 3*B\\\\\n- x\\\\\n1. y\n\\par\n\ntwo rows\n")


def test_terminals_get_the_same_text_in_colours() -> None:
    from rich.console import Console

    out = io.StringIO()
    Console(file=out, width=100).print(TABLE)
    assert [line.rstrip() for line in out.getvalue().splitlines()] == str(TABLE).splitlines()
    colours = io.StringIO()
    Console(file=colours, width=100, force_terminal=True, color_system="standard").print(TABLE)
    assert "\x1b[1;36mblock" in colours.getvalue()


def test_control_characters_are_shown() -> None:
    table = Table((Column("name", kind="text"),), (("a\x1b[31mb\nc",),), "cap\x07tion")
    assert str(table).splitlines() == ["cap\\x07tion", "name", "-" * 13, "a\\x1b[31mb\\nc"]


def test_notebooks_get_every_kind() -> None:
    bundle = TABLE._repr_mimebundle_()
    assert "<table>" in bundle["text/html"]
    assert list(bundle) == ["text/plain", "text/markdown", "text/html", "text/latex"]
    assert bundle["text/plain"] == str(TABLE)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9999, ""), (10_000, "10.00 k"), (99_995, "100.0 k"), (999_960, "1.000 M"), (4_089_184_256, "4.089 G"),
        (25_557_032, "25.56 M"), (-123_456, "-123.5 k"), (10**33, "1,000 Q"), (Fraction(1_234_567, 10), "123.5 k"),
    ],
)  # fmt: skip
def test_rounding(value: int | Fraction, text: str) -> None:
    assert rounded(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(Fraction(1), "100.0 %"), (Fraction(0), "0.0 %"), (Fraction(1, 2000), "< 0.1 %"), (Fraction(1, 1000), "0.1 %")],
)
def test_percent(share: Fraction, text: str) -> None:
    assert percent(share) == text


def test_bars() -> None:
    assert [bar(Fraction(n, 48)) for n in (0, 1, 24, 45, 48)] == ["      ", "▏     ", "███   ", "█████▋", "██████"]


class Row:
    def __init__(self, name: str, macs: int) -> None:
        self.name, self.count, self.times, self.values = name, 2, 1, {"macs": macs * B}


def test_break_downs_add_up() -> None:
    rows = [Row("a", 3), Row("b", 4)]
    numbers = break_down(rows, {"macs": "MACs"}, {"B": 5}, share="macs")
    assert numbers.rows == (("a", 2, 15, Share(Fraction(3, 7))), ("b", 2, 20, Share(Fraction(4, 7))))
    assert numbers.total == ("total", 4, 35, None)
    formulas = break_down(rows, {"macs": "MACs"}, None)
    assert formulas.total == ("total", 4, 7 * B)
    assert break_down([], {"macs": "MACs"}, {"B": 5}, share="macs").total == ("total", 0, 0, None)


def test_shares_of_nothing_are_left_out() -> None:
    table = with_share(Table((Column("n", kind="text"), Column("macs")), (("a", 0),), total=("total", 0)), "macs")
    assert table.rows == (("a", 0, None),)


def test_lines_know_what_they_are() -> None:
    assert [line.kind for line in layout(TABLE, 100)] == ["caption", "heading", "rule", "row", "row", "rule", "total"]


def test_a_break_down_that_is_not_there() -> None:
    cost = load("lenet5").cost()
    with pytest.raises(UsageError, match="no break-down by 'layer'"):
        cost.table(by="layer")


@given(st.fractions(min_value=0, max_value=10**12).filter(bool))
def test_significant_digits_are_within_half_of_the_last(x: Fraction) -> None:
    near = Fraction(significant(x).replace(",", ""))
    assert abs(near / x - 1) <= Fraction(1, 2000)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (Fraction(3, 4), "3/4"),
        (Fraction(31, 25_000_000), "~ 1.240e-6"),
        (Fraction(123_457, 100_000_000), "~ 0.001235"),
        (Fraction(-123_456_789_123, 10), "~ -12,350,000,000"),
        (Fraction(999_999_999, 1_000_000_000), "~ 1.000"),
    ],
)
def test_a_long_fraction_is_shown_about(x: Fraction, text: str) -> None:
    assert shown(x) == text
