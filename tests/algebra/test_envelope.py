"""A formula with floors lies between its two polynomials, at all sizes of the box."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from symcost.algebra.atoms import Box, Env, Symbol
from symcost.algebra.division import div
from symcost.algebra.envelope import envelope
from symcost.algebra.extent import ceil, ceil_div, floor, floor_div
from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num, atoms_of, evaluate, symbol, terms_of
from symcost.algebra.ranges import lower_bound
from symcost.algebra.rounding import gcd, make_divisible
from tests.algebra.twins import C, H, R, Twin, W, dims, envs, ratios, towers


@given(twin=towers(), env=envs)
def test_towers_lie_between(twin: Twin, env: Env) -> None:
    below, above, needs = envelope(twin.num, {})
    assume(all(need.holds(env) for need in needs))
    assert evaluate(below, env) <= twin.at(env) <= evaluate(above, env)


@given(
    c=st.integers(0, 40),
    s=st.integers(1, 33),
    least=st.integers(1, 60),
    power=st.integers(1, 2),
    shift=st.integers(-3, 3),
)
def test_sides_of_images(c: int, s: int, least: int, power: int, shift: int) -> None:
    """Sides of images behind layers that crop and pad, their squares, and differences of them."""
    x = (floor_div(H + c, s) + shift) ** power * ceil_div(W, s) - 2 * floor_div(H, s)
    below, above, needs = envelope(x, {"H": (least, None), "W": (1, None)})
    for h in range(least, least + 3 * s):
        for w in (1, s, s + 1, 2 * s - 1):
            env = {"H": h, "W": w}
            if all(need.holds(env) for need in needs):
                assert evaluate(below, env) <= evaluate(x, env) <= evaluate(above, env)


@given(
    v=st.fractions(Fraction(1, 9), 12, max_denominator=30),
    start=st.fractions(0, 12, max_denominator=9),
    d=st.sampled_from((1, 3, 8, 16)),
    least=st.sampled_from((1, 3, 8, 16, 24)),
    high=st.none() | st.integers(12, 90),
)
def test_roundings(v: Fraction, start: Fraction, d: int, least: int, high: int | None) -> None:
    """Also where the least value is large, or no multiple of what is rounded to, and where v is raised."""
    x = make_divisible(7 * R, d, least)
    below, above, needs = envelope(x, {"r": (min(start, v), high)})
    assert not needs
    assert evaluate(below, {"r": v}) <= evaluate(x, {"r": v}) <= evaluate(above, {"r": v})


@given(h=dims, w=dims, c=dims, r=ratios)
def test_all_kinds_together(h: int, w: int, c: int, r: Fraction) -> None:
    x = maximum([floor_div(H, 3) * W, ceil_div(W, 2) * H, 5 + C], {})
    x = x * gcd(C + H, 6) - ceil(C * R) * floor_div(ceil_div(W, 2) + C, 5) + floor_div(make_divisible(R * C, 8), 4)
    env: Env = {"H": h, "W": w, "C": c, "r": r}
    box: Box = {"H": (1, None), "W": (min(w, 3), None), "C": (1, 80), "r": (r, r + 1)}
    below, above, needs = envelope(x, box)
    assume(all(need.holds(env) for need in needs))
    assert evaluate(below, env) <= evaluate(x, env) <= evaluate(above, env)


@pytest.mark.parametrize("x", [C * 3, C**2 * H - W, Fraction(1, 2) * H])
def test_a_polynomial_is_its_own_envelope(x: Num) -> None:
    assert envelope(x, {}) == (x, x, ())


@pytest.mark.parametrize(
    ("x", "box", "below", "above"),
    [
        (ceil_div(H, 32), {}, H * Fraction(1, 32), (H + 31) * Fraction(1, 32)),
        (floor_div(H + 1, 4), {}, (H - 2) * Fraction(1, 4), (H + 1) * Fraction(1, 4)),
        (floor_div(6 * C + 4, 9), {}, (2 * C - 1) * Fraction(1, 3), (2 * C + 1) * Fraction(1, 3)),
        (
            floor_div(make_divisible(C, 8) + 5, 16),
            {"C": (40, None)},
            (C - 11) * Fraction(1, 16),
            (C + 4) * Fraction(1, 16),
        ),
        (floor(R * C), {}, R * C - 1, R * C),
        (ceil(R * C), {}, R * C, R * C + 1),
        (make_divisible(C, 8), {"C": (40, None)}, C - 3, C + 4),
        (make_divisible(C, 8), {}, C * Fraction(9, 10), C + Fraction(64, 9)),
        (gcd(C, 8), {}, 1, 8),
        (floor_div(H, 8), {"H": (17, 23)}, 2, 2),
        ((floor_div(H, 4) - 1) ** 2, {"H": (7, None)}, (H - 7) ** 2 * Fraction(1, 16), (H - 4) ** 2 * Fraction(1, 16)),
    ],
    ids=str,
)
def test_lines(x: Num, box: Box, below: Num, above: Num) -> None:
    found = envelope(x, box)
    assert (found.below, found.above) == (below, above)
    assert not found.needs


def test_what_may_be_negative_is_asked_for() -> None:
    area = floor_div(H, 32) * floor_div(W, 32)
    assert [need.phrase({}) for need in envelope(area, {}).needs] == ["H >= 31", "W >= 31"]
    assert not envelope(area, {"H": (31, None)}).needs, "one factor's line may be negative"
    assert not envelope(floor_div(H, 32) * C, {}).needs
    assert envelope(floor(R * C - R * W) * ceil_div(H, 2), {}).needs


@given(h=dims, c=dims)
def test_atoms_that_may_be_negative(h: int, c: int) -> None:
    """The largest of -1 and 1 - C is 0 for one round and -1 for more."""
    gate, env = maximum([-1, 1 - C], {"C": (1, None)}), {"H": h, "C": c}
    x = gate * ceil_div(H, 4) * ceil_div(H, 3) - gate * floor_div(C, 2)
    below, above, needs = envelope(x, {"C": (1, None)})
    assert not needs
    assert evaluate(below, env) <= evaluate(x, env) <= evaluate(above, env)


@given(h=dims, w=dims)
def test_windows_at_most_as_large_as_the_image(h: int, w: int) -> None:
    """min(7, H) is -max(-7, -H), whose square and whose products have no minus: the bounds are those of its factors."""
    sides = [-maximum([-7, -ceil_div(symbol(side), 4)], {side: (1, None)}) for side in ("H", "W")]
    x, env = sides[0] ** 2 * sides[1] * ceil_div(H, 28) - sides[1] * C, {"H": h, "W": w, "C": 2}
    below, above, needs = envelope(x, {"H": (1, None), "W": (1, None), "C": (0, None)})
    assert not needs
    assert evaluate(below, env) <= evaluate(x, env) <= evaluate(above, env)
    area = envelope(sides[0] ** 2 * sides[1], {"H": (1, None), "W": (1, None)})
    assert [len(terms_of(side)) for side in area[:2]] == [1, 1]


def test_no_floor_is_left() -> None:
    x = (ceil_div(H, 4) - 1) ** 2 * make_divisible(R * C, 8) * gcd(C, 4) + floor_div(ceil_div(W, 2) * C, 3)
    for side in envelope(x, {})[:2]:
        assert all(isinstance(atom, Symbol) for atom in atoms_of(side))


def test_reciprocals() -> None:
    x = div(C, ceil_div(H, 4))
    below, above, needs = envelope(x, {"H": (9, None)})
    assert not needs
    assert (below, above) == (0, div(4 * C, H))
    assert lower_bound(below, {}) == 0
