"""Intervals: the simplest fraction in one is the one found by trying, and ends are kept or left out."""

from __future__ import annotations

from fractions import Fraction
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from symcost.solver.interval import Interval

ENDS = st.fractions(0, 4, max_denominator=30)


@given(ENDS, ENDS, st.booleans(), st.booleans())
def test_the_simplest_fraction_has_the_least_denominator(a: Fraction, b: Fraction, low: bool, high: bool) -> None:
    interval = Interval(min(a, b), max(a, b), low or a == b, high or a == b)
    tried = (Fraction(n, d) for d in count(1) for n in range(5 * d) if Fraction(n, d) in interval)
    assert interval.simplest() == next(tried)


@given(ENDS, st.booleans())
def test_without_an_end_the_simplest_is_whole(low: Fraction, closed: bool) -> None:
    found = Interval(low, None, closed).simplest()
    assert found in Interval(low, None, closed)
    assert found.denominator == 1
    assert found - 1 not in Interval(low, None, closed)


@given(ENDS, ENDS, st.booleans(), st.booleans(), st.booleans())
def test_the_utmost_is_an_end_or_next_to_it(a: Fraction, b: Fraction, low: bool, high: bool, least: bool) -> None:
    if a == b:
        return
    interval = Interval(min(a, b), max(a, b), low, high)
    found = interval.utmost(least=least)
    assert found in interval
    end, closed = (interval.low, low) if least else (interval.high, high)
    if closed:
        assert found == end
        return
    places = next(d for d in count(2) if (Fraction(found) * 10**d).denominator == 1)
    beyond = found + Fraction(-1 if least else 1, 10**places)
    assert beyond not in interval
    fewer = [Fraction(n, 10 ** (places - 1)) for n in range(5 * 10 ** min(places - 1, 4))]
    assert places == 2 or places > 5 or not any(x in interval for x in fewer)


def test_in_words() -> None:
    assert str(Interval(Fraction(29, 40), Fraction(3, 4), with_high=False)) == "from 29/40 up to (not including) 3/4"
    assert str(Interval(1, 2)) == "from 1 to 2"
    assert str(Interval(1, 2, with_low=False)) == "above 1 up to 2"
    assert str(Interval(1, 2, with_low=False, with_high=False)) == "above 1 up to (not including) 2"
    assert str(Interval(1, None)) == "from 1 on"
    assert str(Interval(1, None, with_low=False)) == "above 1"


def test_for_programs() -> None:
    assert Interval(1, Fraction(3, 2), with_high=False).to_json() == {"from": "1", "below": "3/2"}
    assert Interval(1, None, with_low=False).to_json() == {"above": "1", "below": None}
