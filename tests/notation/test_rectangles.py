"""Sums of products of two sizes are found again after they are multiplied out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost import load
from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.poly import Num, symbol, terms_of
from symcost.algebra.rounding import gcd
from symcost.notation.factor import factored
from symcost.notation.form import collected
from symcost.notation.lines import one_line
from symcost.notation.rectangles import rectangles
from tests.notation.polys import polys

B, C, H, K, W = (symbol(name) for name in "BCHKW")
h, w = floor_div(H, 2), floor_div(W, 2)
h4, w4 = ceil_div(H, 4), ceil_div(W, 4)


@given(polys)
def test_nothing_is_lost(x: Num) -> None:
    assert rectangles(x).expanded() == x


offsets = st.integers(-9, 9).filter(bool)
amounts = st.integers(1, 99)


@given(st.tuples(amounts, offsets, offsets), st.tuples(amounts, offsets, offsets), amounts)
def test_two_layers_are_told_apart(one: tuple[int, int, int], two: tuple[int, int, int], c: int) -> None:
    (p, a, b), (q, d, e) = one, two
    x = C * (p * (h + a) * (w + b) + q * (h4 + d) * (w4 + e)) + c * K
    if not p * a * b + q * d * e:
        return  # the constant, which is what the products are known by, is not there
    found = [product for product in rectangles(x).products if product.factors]
    assert sorted(product.coefficient for product in found) == sorted([p, q])
    assert {one_line(factor.sum) for product in found for factor in product.factors} == {
        one_line(size) for size in (h + a, w + b, h4 + d, w4 + e)
    }


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (3 * (h - 2) * (w - 2) * C + K, "3*C*(floor(H/2) - 2)*(floor(W/2) - 2) + K"),
        (h * w - 2 * h - 2 * w, "floor(H/2)*floor(W/2) - 2*floor(H/2) - 2*floor(W/2)"),
        (2 * h * w + h + w + 1, "2*floor(H/2)*floor(W/2) + floor(H/2) + floor(W/2) + 1"),
        ((h - 1) * (w - 1) + 5, "(floor(H/2) - 1)*(floor(W/2) - 1) + 5"),
        ((H - 1) * (W - 1) * C + K, "C*(H - 1)*(W - 1) + K"),
        ((H - 1) * (W - 1) + 5, "H*W - H - W + 6"),
        ((h - 1) * (gcd(W, 6) - 1) + K, "floor(H/2)*gcd(W, 6) - floor(H/2) - gcd(W, 6) + K + 1"),
    ],
)
def test_rectangles(x: Num, text: str) -> None:
    assert one_line(rectangles(x)) == text


def test_networks_without_padding_show_their_layers() -> None:
    lenet = load("lenet5").cost().poly("macs")
    assert one_line(collected(lenet, ["B", "C"], factored)) == (
        "40*B*C**2/3*(121*(floor(H/4) - 7)*(floor(W/4) - 7) + 5*(floor(H/2) - 6)*(floor(W/2) - 6))"
        " + B*C*(25*(H - 4)*(W - 4) + 14*K)"
    )
    squeezenet = load("squeezenet").cost().poly("macs")
    (whole,) = factored(squeezenet).products
    assert (len(terms_of(squeezenet)), len(whole.factors[0].sum.products)) == (28, 8)
    assert whole.expanded() == squeezenet
