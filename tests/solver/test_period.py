"""Periods of formulas and conditions: checked by walking along."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.needs import AtLeast, Divides, Equal, Need
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.algebra.power import raised
from symcost.algebra.rounding import gcd, make_divisible
from symcost.solver.lattice import MOST_TESTED, Lattice
from symcost.solver.period import candidates, divisors, gcd_period, modulus, period, stride
from symcost.solver.track import K, Track

k = symbol(K, "index")


@st.composite
def sizes(draw: st.DrawFn) -> Num:
    """Draw a size as layers make them."""
    linear = draw(st.integers(1, 6)) * k + draw(st.integers(-9, 9))
    s = draw(st.integers(1, 9))
    kinds = [k, linear, floor_div(linear, s), ceil_div(linear, s), gcd(linear, s), 3 * floor_div(k, 2) + ceil_div(k, s)]
    return draw(st.sampled_from(kinds))


@settings(deadline=None)
@given(sizes(), sizes(), st.integers(1, 12))
def test_after_a_period_a_formula_has_changed_by_a_whole_number(a: Num, b: Num, n: int) -> None:
    formula = a * b * Fraction(1, n) + a * Fraction(2, 3)
    shift = period(formula)
    assert shift is not None
    for place in range(1, 40):
        change = Fraction(evaluate(formula, {K: place + shift}) - evaluate(formula, {K: place}))
        assert change.denominator == 1


@settings(deadline=None)
@given(sizes(), sizes(), st.integers(-4, 4))
def test_after_a_stride_a_sum_of_floors_has_changed_by_a_constant(a: Num, b: Num, c: int) -> None:
    formula = a + c * b
    shift = stride(formula)
    assert shift is not None
    changes = {evaluate(formula, {K: place + shift}) - evaluate(formula, {K: place}) for place in range(1, 60)}
    assert len(changes) == 1


@settings(deadline=None)
@given(sizes(), st.integers(1, 16), st.integers(0, 3))
def test_classes_and_conditions_left_say_what_the_conditions_say(a: Num, n: int, c: int) -> None:
    needs: list[Need] = [Divides(n, a), Equal(a - 2 * floor_div(a, 2) if c else a, c), AtLeast(k, c)]
    lattice = Lattice.of(needs, [gcd(3 * k, 12) * a])
    for place in range(1, 100):
        tracks = [t for t in lattice.tracks if t.places(place, place)]
        allowed = any(all(need.holds({K: place}) for need in lattice.needs) for _ in tracks)
        assert allowed == all(need.holds({K: place}) for need in needs)
        assert len(tracks) <= 1


def test_known_moduli() -> None:
    assert modulus(Divides(16, k)) == 16
    assert modulus(Divides(16, floor_div(k, 4))) == 64
    assert modulus(Divides(6, 3 * k**2)) == 2
    assert modulus(Equal(2 * floor_div(k, 2), k)) == 2
    assert modulus(Equal(floor_div(k, 2), k)) is None
    assert modulus(AtLeast(k, 3)) is None
    assert modulus(Divides(8, make_divisible(k, 4))) is None
    assert gcd_period(k * gcd(2 * k, 8) + floor_div(gcd(k, 6) * k, 2)) == lcm(4, 6)
    assert gcd_period(k**2) == 1


@settings(deadline=None)
@given(st.integers(1, 400), st.integers(0, 5), st.integers(1, 3))
def test_candidates_are_all_that_can_divide(n: int, c: int, power: int) -> None:
    need = Divides(k**power, n + c * k)
    found = candidates(need)
    assert found is not None
    assert {place for place in range(1, 500) if need.holds({K: place})} <= set(found)


@given(st.integers(1, 10**6), st.integers(2, 6), st.integers(1, 3))
def test_candidates_are_all_whose_power_can_divide(n: int, base: int, step: int) -> None:
    need = Divides(raised(base, step * k), n)
    found = candidates(need)
    assert found is not None
    assert {place for place in range(60) if need.holds({K: place})} <= set(found)


@given(st.integers(2, 12), st.integers(1, 12), st.integers(0, 3))
def test_powers_repeat(base: int, n: int, shift: int) -> None:
    found = period(raised(base, k + shift) * Fraction(1, n))
    if found is not None:
        values = [Fraction(base ** (v + shift), n) % 1 for v in range(3 * found)]
        assert all(values[v] == values[v + found] for v in range(2 * found))


@pytest.mark.parametrize(
    "need",
    [
        Divides(4, k),
        Divides(k + 1, 768),
        Divides(k, floor_div(k, 2) + 5),
        Divides(k, 10**12),
        AtLeast(k, 1),
        Divides(k, k**2),
    ],
)
def test_other_conditions_have_no_candidates(need: Need) -> None:
    assert candidates(need) is None


@settings(deadline=None)
@given(st.integers(1, 5000))
def test_divisors(n: int) -> None:
    assert divisors(n) == [d for d in range(1, n + 1) if n % d == 0]


def test_too_many_classes_are_left_to_the_search() -> None:
    need = Divides(MOST_TESTED + 1, k)
    assert Lattice.of([need], []) == Lattice((Track(),), (need,))
    assert Lattice.of([], [gcd(k, 97) * k]).tracks == (Track(),)


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(0, 11), st.integers(-5, 60), st.integers(0, 60))
def test_places_of_a_class(modulus_: int, residue: int, low: int, width: int) -> None:
    track = Track(modulus_, residue % modulus_)
    places = track.places(low, low + width)
    numbers = [n for n in range(max(low, 0), low + width + 1) if n % modulus_ == residue % modulus_]
    if not numbers:
        assert places is None
        return
    assert places is not None
    assert places[1] is not None
    assert (track.k(places[0]), track.k(places[1])) == (numbers[0], numbers[-1])
