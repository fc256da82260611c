"""Bounds and trends are true of every value, on ranges with an end and without."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.poly import Num, atoms_of, symbol
from symcost.algebra.power import Power, raised
from symcost.algebra.rounding import gcd, make_divisible
from symcost.solver.condition import Bound, narrowed
from symcost.solver.curve import Curve
from symcost.solver.search import Search
from symcost.solver.track import K, Track

k = symbol(K, "index")


@st.composite
def formulas(draw: st.DrawFn) -> Num:
    """Draw a cost, with terms that go down too."""
    linear = draw(st.integers(1, 5)) * k + draw(st.integers(-3, 9))
    s = draw(st.integers(2, 9))
    rounded = make_divisible(k * Fraction(draw(st.integers(1, 9)), 4), 8)
    powers = (raised(2, k), raised(Fraction(3, 2), k) * 8, raised(2, -k), raised(2, floor_div(k, 3)))
    atoms = st.sampled_from([k, k, floor_div(linear, s), ceil_div(linear, s), gcd(linear, s), rounded, k**-1, *powers])
    terms = st.tuples(st.integers(-9, 20), atoms, atoms)
    result: Num = draw(st.integers(-50, 50))
    for c, a, b in draw(st.lists(terms, min_size=1, max_size=4)):
        result = result + c * a * b
    return result


tracks = st.sampled_from([Track(), Track(8, 3), Track(4, 0), Track(0, 12)])
REACH = 80


@settings(deadline=None)
@given(formulas(), tracks, st.integers(2, 60), st.integers(0, REACH))
def test_bounds_hold_on_a_range(formula: Num, track: Track, first: int, width: int) -> None:
    curve = Curve(formula, track)
    low, high = curve.range(first, first + width, curve.trend(first, first + width))
    values = [curve(j) for j in range(first, first + width + 1)]
    assert low is None or low <= min(values)
    assert high is None or high >= max(values)


@settings(deadline=None)
@given(formulas(), tracks, st.integers(2, 60))
def test_bounds_hold_without_end(formula: Num, track: Track, first: int) -> None:
    curve = Curve(formula, track)
    low, high = curve.range(first, None, curve.trend(first, None))
    far = [150] if any(isinstance(atom, Power) for atom in atoms_of(formula)) else [10**3, 10**6, 10**9]
    values = [curve(j) for j in [*range(first, first + REACH), *far]]
    assert low is None or low <= min(values)
    assert high is None or high >= max(values)


@settings(deadline=None)
@given(formulas(), tracks, st.integers(2, 60))
def test_a_trend_holds(formula: Num, track: Track, first: int) -> None:
    curve = Curve(formula, track)
    trend = curve.trend(first, None)
    values = [curve(j) for j in range(first, first + REACH)]
    assert trend is None or sorted(values, reverse=trend < 0) == values
    assert trend != 0 or len(set(values)) == 1


@settings(deadline=None)
@given(formulas(), st.integers(2, 40), st.integers(0, REACH), st.integers(-200, 2000))
def test_a_search_finds_what_trying_finds(formula: Num, first: int, width: int, limit: int) -> None:
    curve, last = Curve(formula, Track()), first + width
    for relation in ("<=", "<", ">=", ">", "=="):
        bound = Bound(curve, relation, limit)
        met = [j for j in range(first, last + 1) if bound.met(j)]
        assert Search().greatest([bound], first, last) == max(met, default=None)
        assert Search().least([bound], first, last) == min(met, default=None)


@settings(deadline=None)
@given(formulas(), st.integers(2, 40), st.integers(0, REACH))
def test_the_least_value_is_the_one_found_by_trying(formula: Num, first: int, width: int) -> None:
    curve = Curve(formula, Track())
    found = Search().minimum(curve, first, first + width)
    assert found is not None
    assert found[0] == min(curve(j) for j in range(first, first + width + 1)) == curve(found[1])


def test_a_difference_that_grows_in_the_end_is_bounded_below() -> None:
    curve = Curve(3 * k**2 - 2 * ceil_div(k, 2) ** 2 - 100 * k, Track())
    low, high = curve.range(1000, None, curve.trend(1000, None))
    assert low is not None
    assert 0 < low <= curve(1000)
    assert high is None
    least = Search().minimum(curve, 1, None)
    assert least is not None
    assert least[0] == min(curve(j) for j in range(1, 1000))


def test_monotone_conditions_narrow_a_range_at_once() -> None:
    curve = Curve(k**2, Track())
    found = narrowed([Bound(curve, ">=", 30), Bound(curve, "<", 10**30)], 0, None)
    assert found == (6, 10**15 - 1, [])
