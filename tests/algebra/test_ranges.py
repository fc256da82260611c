"""Bounds hold, and what is said to rise rises."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from symcost.algebra.atoms import Box, Number, Part, lift
from symcost.algebra.extent import ceil, floor, floor_div
from symcost.algebra.poly import Num, evaluate
from symcost.algebra.ranges import bounds, lower_bound, rises, shift_to_least
from symcost.algebra.rounding import make_divisible
from tests.algebra.twins import C, H, R, Twin, W, laurents, polynomials, towers

Point = dict[str, Number]


@st.composite
def ascents(draw: st.DrawFn) -> tuple[Box, Point, Point]:
    """Return ranges, and two points in them of which the second is nowhere less."""
    box: dict[str, tuple[Number, Number | None]] = {}
    low_point: Point = {}
    high_point: Point = {}
    for name in "HWC":
        least, up, further = draw(st.integers(1, 20)), draw(st.integers(0, 20)), draw(st.integers(0, 20))
        low_point[name], high_point[name] = least + up, least + up + further
        box[name] = (least, draw(st.sampled_from((None, high_point[name], high_point[name] + 3))))
    ratio, more = draw(st.integers(1, 40)), draw(st.integers(0, 40))
    low_point["r"], high_point["r"] = Fraction(ratio, 12), Fraction(ratio + more, 12)
    box["r"] = (Fraction(draw(st.integers(0, ratio)), 12), draw(st.sampled_from((None, high_point["r"]))))
    return box, low_point, high_point


anything = towers() | polynomials() | laurents()


@given(a=anything, ascent=ascents())
def test_bounds_hold(a: Twin, ascent: tuple[Box, Point, Point]) -> None:
    box, *points = ascent
    low, high = bounds(a.num, box)
    lowest = lower_bound(a.num, box)
    for point in points:
        assert low is None or low <= a.at(point)
        assert lowest is None or lowest <= a.at(point)
        assert high is None or high >= a.at(point)


@given(a=anything, ascent=ascents())
def test_what_is_said_to_rise_rises(a: Twin, ascent: tuple[Box, Point, Point]) -> None:
    box, before, after = ascent
    assume(rises(a.num, box))
    assert a.at(before) <= a.at(after)


@given(a=towers() | polynomials(), ascent=ascents())
def test_what_rises_without_a_box_rises(a: Twin, ascent: tuple[Box, Point, Point]) -> None:
    _, before, after = ascent
    assume(rises(a.num))
    assert a.at(before) <= a.at(after)


@given(a=towers() | polynomials(), ascent=ascents())
def test_measured_from_the_least_value(a: Twin, ascent: tuple[Box, Point, Point]) -> None:
    box, point, _ = ascent
    shifted = shift_to_least(a.num, box)
    assume(shifted is not None)
    assert shifted is not None
    atoms = {atom for monomial in shifted.terms for atom, _ in monomial}
    offsets = {atom: atom.value(point) - (atom.range(box)[0] or 0) for atom in atoms}
    value: Number = 0
    for monomial, c in shifted.terms.items():
        for atom, exponent in monomial:
            c *= offsets[atom] ** exponent  # noqa: PLW2901
        value += c
    assert value == a.at(point)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (H, (1, None)),
        (3 * H - 2 * W, (None, None)),
        (-H * W, (None, -1)),
        (C**2 * H**-1, (0, None)),
        (floor_div(H - 7, 2), (-3, None)),
        (ceil(R * C), (0, None)),
        (floor(-R * C), (None, 0)),
        (make_divisible(R * C, 8), (8, None)),
        (R**-1, (0, None)),
        (5, (5, 5)),
    ],
    ids=str,
)
def test_bounds_without_a_box(x: Num, expected: tuple[Number | None, Number | None]) -> None:
    assert bounds(x, {}) == expected


def test_bounds_in_a_box() -> None:
    box = {"H": (3, 10), "W": (2, 4)}
    assert bounds(H * W - 5 * W, box) == (-14, 30)
    assert bounds(floor_div(H + 1, 4), box) == (1, 2)
    assert bounds(H**-1, box) == (Fraction(1, 10), Fraction(1, 3))
    assert bounds((H - W) ** 2, box) == (-67, 104)
    assert bounds(lift(Part.of("H", 4)), {"H": (4, 20)}) == (1, 5)


def test_the_better_lower_bound() -> None:
    assert lower_bound(H**2 - 4 * H + 4, {"H": (2, None)}) == 0
    assert bounds(H**2 - 4 * H + 4, {"H": (2, None)})[0] is None
    assert evaluate(H**2 - 4 * H + 4, {"H": 2}) == 0


@pytest.mark.parametrize("x", [H, H * W + 3, floor_div(H, 2) * C, ceil(H * Fraction(1, 32)), H * W - H, 7], ids=str)
def test_rises(x: Num) -> None:
    assert rises(x)


@pytest.mark.parametrize("x", [-H, H - W, C * H**-1, H**2 - 3 * H, floor(-R * C)], ids=str)
def test_is_not_said_to_rise(x: Num) -> None:
    assert not rises(x)
