"""Formulas as people read them."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from symcost import load
from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.poly import Num, symbol
from symcost.algebra.rounding import gcd, make_divisible
from symcost.notation.form import collected
from symcost.notation.identifiers import comments, identifiers
from symcost.notation.latex import latex, latex_name
from symcost.notation.lines import formula_lines
from symcost.notation.terms import over_one
from symcost.notation.tree import tree
from tests.notation.functions import FORMULAS

B, C, H = symbol("B"), symbol("C"), symbol("H")
R = symbol("r", "ratio")


def test_long_formulas_take_a_line_for_each_term() -> None:
    value = 7040 * B * C**2 * ceil_div(H, 32) - 12 * B * C**2 * ceil_div(H, 16) + 5
    assert formula_lines(value) == ["7040*B*C**2*ceil(H/32) - 12*B*C**2*ceil(H/16) + 5"]
    assert formula_lines(value, width=40) == ["7040*B*C**2*ceil(H/32)", "- 12*B*C**2*ceil(H/16)", "+ 5"]


def test_powers_are_factored_out() -> None:
    value = 3 * B * C**2 * H - B * C**2 + 7 * C + H + 2
    assert formula_lines(collected(value, ["B", "C"])) == ["B*C**2*(3*H - 1) + 7*C + H + 2"]
    assert formula_lines(collected(value, ["B", "C"]), width=15) == [
        "B*C**2*(", "    3*H - 1", ")", "+ 7*C", "+ H", "+ 2",
    ]  # fmt: skip


@pytest.mark.parametrize("value", FORMULAS.values(), ids=FORMULAS)
def test_one_fraction_is_the_same(value: Num) -> None:
    above, below = over_one(value)
    assert above - value * below == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (B - C, "B - C"),
        (7040 * B * C**2 * ceil_div(H, 32), r"7040\,B\,C^{2}\,\left\lceil \frac{H}{32} \right\rceil"),
        (floor_div(H + 1, 4) ** 2, r"\left\lfloor \frac{H + 1}{4} \right\rfloor^{2}"),
        (C**2 * Fraction(3, 4) * B**-1, r"\frac{3\,C^{2}}{4\,B}"),
        (make_divisible(C * R, 8), r"\operatorname{round}_{8}\left(C\,r\right)"),
        (make_divisible(C * R, 8, 16), r"\operatorname{round}_{8,16}\left(C\,r\right)"),
        (gcd(C, 8) ** 2, r"\left(\gcd\left(C, 8\right)\right)^{2}"),
    ],
)
def test_latex(value: Num, text: str) -> None:
    assert latex(value) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [("B", "B"), ("L1", "L_{1}"), ("alpha", r"\alpha"), ("depth", r"\mathrm{depth}"), ("C_in", r"C_{\mathrm{in}}")],
)
def test_latex_names(name: str, text: str) -> None:
    assert latex_name(name) == text


def test_data_is_plain_and_nested() -> None:
    found = tree(3 * B * ceil_div(C, 8) + make_divisible(C, 8) + gcd(C, 6))
    assert json.loads(json.dumps(found)) == [
        {
            "coefficient": "3",
            "factors": [
                {"symbol": "B", "power": 1},
                {
                    "floor": [
                        {"coefficient": "1", "factors": [{"symbol": "C", "power": 1}]},
                        {"coefficient": "7", "factors": []},
                    ],
                    "over": "8",
                    "power": 1,
                },
            ],
        },
        {
            "coefficient": "1",
            "factors": [
                {
                    "make_divisible": [{"coefficient": "1", "factors": [{"symbol": "C", "power": 1}]}],
                    "by": "8",
                    "least": "8",
                    "power": 1,
                }
            ],
        },
        {
            "coefficient": "1",
            "factors": [
                {"gcd": [{"coefficient": "1", "factors": [{"symbol": "C", "power": 1}]}], "with": "6", "power": 1}
            ],
        },
    ]


def test_comments_stay_comments() -> None:
    hostile = "a */ b\nc\u2028d \\"
    assert comments([hostile], "//") == "// a */ b/nc/u2028d /\n"


def test_names_stay_different() -> None:
    assert identifiers(["int", "int_", "a b", "a_b"], {"int"}) == {
        "int": "int_", "int_": "int__2", "a b": "a_b", "a_b": "a_b_2",
    }  # fmt: skip


def test_order_puts_the_largest_first() -> None:
    macs = load("resnet50").cost().poly("macs")
    assert formula_lines(macs) == [
        "3520*B*C**2*ceil(H/32)*ceil(W/32)",
        "+ 1824*B*C**2*ceil(H/16)*ceil(W/16)",
        "+ 320*B*C**2*ceil(H/8)*ceil(W/8)",
        "+ 60*B*C**2*ceil(H/4)*ceil(W/4)",
        "+ 147*B*C*ceil(H/2)*ceil(W/2)",
        "+ 32*B*C*K",
    ]
