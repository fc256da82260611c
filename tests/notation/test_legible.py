"""MathML for viewers that may take its tags out: the same formula with them, drawn, and without them, as text."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given

from symcost import load
from symcost.algebra.atoms import Number
from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.notation.mathml import NAMESPACE, legible, mathml
from tests.notation.functions import FORMULAS, Point
from tests.notation.polys import points, polys
from tests.notation.readers import mathml as mathml_reader
from tests.notation.readers import stripped

UNSEEN = re.compile('<mo style="display:none">[^<]*</mo>')
H, C = symbol("H"), symbol("C_in")


def drawn(html: str) -> str:
    """Return a formula as it is drawn: without the signs that are not."""
    seen = UNSEEN.sub("", html).replace("<math>", "").replace("</math>", "")
    return f'<math xmlns="{NAMESPACE}">{seen}</math>'


def check(x: Num, point: Point) -> None:
    env = {mathml_reader.shown(name): Fraction(size) for name, size in point.items()}
    html, value = legible(x), evaluate(x, point)
    assert mathml_reader.value(drawn(html), env) == value
    assert stripped.value(html, {name: Fraction(size) for name, size in point.items()}) == value


@given(polys, points)
def test_random_formulas_read_the_same_with_tags_and_without(x: Num, point: dict[str, Number]) -> None:
    check(x, point)


@pytest.mark.parametrize("name", FORMULAS)
def test_all_kinds_of_formulas_read_the_same_with_tags_and_without(name: str) -> None:
    check(FORMULAS[name], {"A": 37, "B": 8, "G": 3, "r": Fraction(3, 2)})


@pytest.mark.parametrize("name", ["resnet", "gpt2", "efficientnet"])
def test_formulas_of_networks_read_the_same_with_tags_and_without(name: str) -> None:
    cost = load(name).cost()
    for metric in ("params", "macs", "elementwise"):
        check(cost.poly(metric), cost.bindings())


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (H * Fraction(1, 16), "H/16"),
        (3 * H**2 * C, "3*C_in*H**2"),
        (2 * H**-1 * C**-1, "2/(C_in*H)"),
        (C**2 * ceil_div(H, 2) - floor_div(H + 2, 4), "C_in**2*⌈H/2⌉ −⌊(H+2)/4⌋"),
        (0 * H, "0"),
    ],
)
def test_what_is_left_without_tags(x: Num, text: str) -> None:
    assert re.sub("<[^>]*>|\u2062", "", legible(x)) == text


def test_other_mathml_has_no_unseen_signs() -> None:
    assert not UNSEEN.search(mathml(3 * H**2 * C * Fraction(1, 16)))
