"""The extremes of the deviation of one formula from another: those of all points, and proofs where there is no end."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost.algebra.atoms import Env
from symcost.algebra.deviation import Cell, deviations
from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num, evaluate
from symcost.algebra.rounding import gcd, make_divisible
from symcost.algebra.smooth import smooth
from tests.algebra.twins import C, H, W


@st.composite
def costs(draw: st.DrawFn) -> Num:
    """Return costs of nets: sums of products of the sides of images, of channels, and of numbers."""
    x: Num = draw(st.integers(0, 9))
    for _ in range(draw(st.integers(1, 3))):
        s, c = draw(st.sampled_from((2, 3, 4, 8))), draw(st.integers(0, 7))
        side = [floor_div(H + c, s) + 1, ceil_div(H, s), H, gcd(floor_div(H, 2), 3)]
        other = [floor_div(W + c, s), ceil_div(W, s), make_divisible(W, 8), 1]
        x = x + draw(st.integers(1, 40)) * draw(st.sampled_from(side)) * draw(st.sampled_from(other))
    return x


@settings(max_examples=30)
@given(q=costs(), h=st.integers(1, 20), w=st.integers(1, 20), odd=st.booleans())
def test_extremes_are_those_of_all_points(q: Num, h: int, w: int, odd: bool) -> None:
    """Brute force over a box, in which perhaps only some sizes count."""
    p = smooth(q)

    def allowed(env: Env) -> bool:
        return not odd or (env["H"] + env["W"]) % 2 == 1

    points = [{"H": a, "W": b} for a, b in product(range(h, h + 18), range(w, w + 18))]
    sizes = [(evaluate(p, env), evaluate(q, env)) for env in points if allowed(env)]
    errors = [Fraction(a) / b - 1 for a, b in sizes if b]
    found = deviations(p, q, {"H": (h, h + 17), "W": (w, w + 17)}, allowed)
    assert found is not None
    least, greatest = found
    assert (least.value, greatest.value) == (min(errors), max(errors))
    assert least.attained and greatest.attained
    for extreme in found:
        assert Fraction(evaluate(p, extreme.at)) / evaluate(q, extreme.at) - 1 == extreme.value
        assert allowed(extreme.at)


@settings(max_examples=15)
@given(q=costs(), h=st.integers(8, 60), env=st.fixed_dictionaries({"H": st.integers(8, 900), "W": st.integers(8, 900)}))
def test_nothing_is_beyond_a_bound_without_end(q: Num, h: int, env: dict[str, int]) -> None:
    found = deviations(smooth(q), q, {"H": (h, None), "W": (8, None)}, everything)
    assert found is not None
    least, greatest = found
    if env["H"] >= h and (base := evaluate(q, env)):
        assert least.bound <= Fraction(evaluate(smooth(q), env)) / base - 1 <= greatest.bound


def everything(env: Env) -> bool:
    return True


@pytest.mark.parametrize(
    ("q", "cell", "least", "greatest"),
    [
        (ceil_div(H, 32), {"H": (224, None)}, Fraction(-31, 256), 0),
        (floor_div(H, 32), {"H": (224, None)}, 0, Fraction(31, 224)),
        (floor_div(H + 16, 32), {"H": (224, None)}, Fraction(-1, 16), Fraction(15, 224)),
        (ceil_div(H, 8) * ceil_div(W, 8), {"H": (9, None), "W": (17, None)}, Fraction(9 * 17, 16 * 24) - 1, 0),
        (gcd(H, 7), {"H": (8, 12)}, 6, 6),
        (make_divisible(C, 8), {"C": (1, None)}, Fraction(-7, 8), Fraction(3, 32)),
        (make_divisible(C, 8), {"C": (1, 40)}, Fraction(-7, 8), Fraction(3, 32)),
        (maximum([ceil_div(H, 8) * 24, 100 + H], {}), {"H": (1, 200)}, Fraction(-19, 168), 0),
        (C * H + 0, {"H": (3, None), "C": (1, None)}, 0, 0),
    ],
    ids=str,
)
def test_known_extremes(q: Num, cell: Cell, least: Fraction, greatest: Fraction) -> None:
    found = deviations(smooth(q), q, cell, everything)
    assert found is not None
    assert (found[0].value, found[1].value) == (least, greatest)
    assert found[0].attained and found[1].attained


def test_a_limit_that_is_not_reached_is_bounded() -> None:
    """With W = 9 the error is (9/8 H + 1)/(2 H + 1) - 1, ever nearer to -7/16 as H grows."""
    found = deviations(H * W * Fraction(1, 8) + 1, H * ceil_div(W, 8) + 1, {"H": (8, None), "W": (9, 9)}, everything)
    assert found is not None
    least, limit, room = found[0], Fraction(-7, 16), Fraction(1, 10**4)
    assert not least.attained
    assert limit - room < least.bound < limit < least.value < limit + room


@pytest.mark.parametrize("shift", [3, 10, 40])
def test_formulas_below_zero(shift: int) -> None:
    q, cell = ceil_div(H, 8) * 2 + floor_div(H, 3) + 1, range(1, 60)
    p = smooth(q) - shift
    errors = [Fraction(evaluate(p, {"H": h})) / evaluate(q, {"H": h}) - 1 for h in cell]
    found = deviations(p, q, {"H": (1, 59)}, everything)
    assert found is not None
    assert (found[0].value, found[1].value) == (min(errors), max(errors))
    assert found[0].attained and found[1].attained


def test_no_values_that_count() -> None:
    q = ceil_div(H, 8)
    assert deviations(smooth(q), q, {"H": (1, 9)}, lambda env: False) is None


def test_work_is_bounded() -> None:
    """With few cells allowed, a bound with some room is proved, and said to be one."""
    q = floor_div(H + 3, 8) * floor_div(W + 5, 8) + gcd(H, 6)
    found = deviations(smooth(q), q, {"H": (40, 400), "W": (40, 400)}, everything, cells=40)
    assert found is not None
    errors = [
        Fraction(evaluate(smooth(q), env)) / evaluate(q, env) - 1
        for env in ({"H": h, "W": w} for h, w in product(range(40, 120), range(40, 120)))
    ]
    assert found[0].bound <= min(errors) and max(errors) <= found[1].bound
    assert not found[1].attained
