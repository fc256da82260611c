"""Rounding of channels and gcd, against the rule as it is stated."""

from __future__ import annotations

from fractions import Fraction
from math import gcd as gcd_of_numbers

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost.algebra.atoms import Env, Part, lift
from symcost.algebra.extent import integral
from symcost.algebra.poly import NotExact, Num, Poly, atoms_of, evaluate, substitute
from symcost.algebra.rounding import Gcd, Rounded, gcd, make_divisible, round_channels
from tests.algebra.twins import C, H, R, Twin, W, by_the_rule, dims, envs, polynomials

widths = st.builds(Fraction, st.integers(0, 4000), st.integers(1, 36))
divisors = st.integers(1, 32)


@given(v=widths, divisor=divisors, least=st.integers(0, 64))
def test_rule(v: Fraction, divisor: int, least: int) -> None:
    rounded = round_channels(v, divisor, least)
    assert type(rounded) is int
    assert rounded == by_the_rule(v, divisor, least) == make_divisible(v, divisor, least)
    assert rounded >= least
    assert 10 * rounded >= 9 * v


def test_rule_as_torchvision_runs_it() -> None:
    for v in range(1, 3000):
        new = max(8, int(v + 4) // 8 * 8)
        assert make_divisible(v, 8) == (new + 8 if new < 0.9 * v else new)


@given(divisor=divisors, n=st.integers(1, 60))
def test_steps_end_where_the_docstring_says(divisor: int, n: int) -> None:
    """The value n d ends where v reaches n d + d/2 or passes 10 n d/9, whichever comes first."""
    half_way, tenth = Fraction(divisor * (2 * n + 1), 2), Fraction(10 * n * divisor, 9)
    hair = Fraction(1, 10**6)
    end = min(half_way, tenth)
    assert round_channels(end - hair, divisor, divisor) == n * divisor
    assert round_channels(end + hair, divisor, divisor) == (n + 1) * divisor
    assert round_channels(end, divisor, divisor) == (n if tenth < half_way else n + 1) * divisor


@given(v=widths, more=widths, divisor=divisors, times=st.integers(0, 4))
def test_never_falls(v: Fraction, more: Fraction, divisor: int, times: int) -> None:
    least = times * divisor
    assert round_channels(v, divisor, least) <= round_channels(v + more, divisor, least)
    atom = only(make_divisible(64 * R, divisor, least))
    assert atom.rising()


def test_can_fall_with_a_least_value_off_the_grid() -> None:
    assert round_channels(Fraction(7, 2), 8, 3) > round_channels(4, 8, 3)
    atom = only(make_divisible(R * 1, 8, 3))
    assert not atom.rising()
    assert atom.range({"r": (0, 4)}) == (3, 11)


def test_least_value() -> None:
    assert make_divisible(3, 8) == 8
    assert make_divisible(3, 8, 16) == 16
    assert str(make_divisible(R * 64, 8)) == "make_divisible(64*r, 8)"
    assert str(make_divisible(R * 64, 8, 16)) == "make_divisible(64*r, 8, 16)"


@given(a=polynomials(), env=envs, divisor=divisors)
def test_of_expressions(a: Twin, env: Env, divisor: int) -> None:
    rounded = make_divisible(a.num, divisor)
    assert integral(rounded)
    assert evaluate(rounded, env) == by_the_rule(a.at(env), divisor, divisor)
    assert substitute(rounded, env) == evaluate(rounded, env)


@given(n=st.integers(1, 60), a=st.integers(-40, 40), b=st.integers(-40, 40), h=dims, w=dims)
def test_gcd(n: int, a: int, b: int, h: int, w: int) -> None:
    common = gcd(a * H + b * W + 3, n)
    assert evaluate(common, {"H": h, "W": w}) == gcd_of_numbers(a * h + b * w + 3, n)
    assert evaluate(common, {"H": h + n, "W": w}) == evaluate(common, {"H": h, "W": w})
    assert substitute(common, {"H": h, "W": w}) == gcd_of_numbers(a * h + b * w + 3, n)


def test_gcd_drops_multiples() -> None:
    assert gcd(6 * H + W, 6) == gcd(W, 6)
    assert gcd(6 * H + 4, 6) == 2
    assert gcd(6 * H, 6) == 6
    assert gcd(H, 1) == 1
    atom = only(gcd(H, 6))
    assert isinstance(atom, Gcd)
    assert atom.range({}) == (1, 6)
    assert not atom.rising()


def test_gcd_of_a_part_in_terms_of_its_symbol() -> None:
    whole = substitute(gcd(lift(Part.of("H", 16)) + 2, 6), {"H": H})
    assert whole == gcd(H + 32, 96) * Fraction(1, 16)
    assert [evaluate(whole, {"H": 16 * n}) for n in range(1, 7)] == [gcd_of_numbers(n + 2, 6) for n in range(1, 7)]


@pytest.mark.parametrize("x", [4 * R, C * H**-1, C * Fraction(1, 2), Fraction(5, 2)], ids=str)
def test_gcd_takes_whole_numbers(x: Num) -> None:
    with pytest.raises(NotExact, match="gcd takes whole numbers"):
        gcd(x, 4)


def only(x: Num) -> Rounded | Gcd:
    assert isinstance(x, Poly)
    (atom,) = atoms_of(x)
    assert isinstance(atom, (Rounded, Gcd))
    return atom
