"""The largest of several: pruned, substituted and bounded, against the largest of plain values."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost.algebra.atoms import Box, Env, lift
from symcost.algebra.cycles import letters
from symcost.algebra.expression import Expr
from symcost.algebra.extent import ceil_div, floor, floor_div
from symcost.algebra.maximum import Max, maximum
from symcost.algebra.poly import Num, Poly, atoms_of, evaluate, substitute, symbol
from symcost.algebra.ranges import bounds, rises
from symcost.algebra.remainders import least_by_remainders, never_negative
from symcost.algebra.rounding import make_divisible
from symcost.algebra.smooth import even_where, smooth
from symcost.algebra.to_sympy import from_sympy, sympy_symbol, to_sympy
from symcost.notation.latex import latex
from symcost.notation.tree import tree
from symcost.solver.tail import lower_tail
from tests.algebra.twins import C, H, R, Twin, W, envs, laurents, towers

several = st.lists(towers() | laurents(), min_size=1, max_size=5)
sizes = st.lists(st.sampled_from([1, 2, 3, 4, 6, 8, 12, 16]), min_size=2, max_size=4)


def only(x: Num) -> Max:
    (atom,) = atoms_of(x)
    assert isinstance(atom, Max)
    assert x == lift(atom)
    return atom


@settings(max_examples=150, deadline=None)
@given(options=several, env=envs)
def test_pruning_never_changes_the_value(options: list[Twin], env: Env) -> None:
    for box in (None, {}, {name: (0 if name == "r" else 1, None) for name in env}):
        found = maximum([option.num for option in options], box)
        assert evaluate(found, env) == max(evaluate(option.num, env) for option in options)


@settings(max_examples=100, deadline=None)
@given(options=st.lists(towers(), min_size=1, max_size=5), images=st.lists(towers(), min_size=2, max_size=2), env=envs)
def test_substitution_commutes_with_value(options: list[Twin], images: list[Twin], env: Env) -> None:
    """Putting formulas in for symbols and then numbers is putting the formulas' numbers in."""
    found = maximum([option.num for option in options], None)
    mapping = {"H": images[0].num, "W": images[1].num}
    moved = {**env, **{name: evaluate(image, env) for name, image in mapping.items()}}
    if all(isinstance(moved[name], int) and moved[name] > 0 for name in mapping):  # as sizes are
        assert evaluate(substitute(found, mapping), env) == evaluate(found, moved)
    assert substitute(found, env) == evaluate(found, env)


@settings(max_examples=100, deadline=None)
@given(options=several, env=envs)
def test_bounds_hold(options: list[Twin], env: Env) -> None:
    found = maximum([option.num for option in options], {})
    box: Box = {name: (value, value + 3) for name, value in env.items()}
    low, high = bounds(found, box)
    value = evaluate(found, env)
    assert low is None or low <= value
    assert high is None or value <= high


@settings(max_examples=60, deadline=None)
@given(options=several)
def test_sympy_there_and_back(options: list[Twin]) -> None:
    found = maximum([option.num for option in options], {})
    assert from_sympy(to_sympy(found)) == found


@settings(max_examples=60, deadline=None)
@given(options=several, env=envs)
def test_sympy_has_the_same_values(options: list[Twin], env: Env) -> None:
    found = maximum([option.num for option in options], {})
    names = {sympy_symbol(name, "ratio" if name == "r" else "dimension"): v for name, v in env.items()}
    values = {s: sympy.Rational(v.numerator, v.denominator) for s, v in names.items()}
    value = to_sympy(found).subs(values)
    assert Fraction(int(value.p), int(value.q)) == evaluate(found, env)


@given(
    divisors=sizes,
    offsets=st.lists(st.integers(0, 15), min_size=4, max_size=4),
    weights=st.lists(st.integers(-40, 40), min_size=4, max_size=4),
    powers=st.lists(st.integers(1, 2), min_size=4, max_size=4),
    at=st.lists(st.integers(1, 200), min_size=5, max_size=5),
)
def test_bounds_by_remainders_hold(
    divisors: list[int], offsets: list[int], weights: list[int], powers: list[int], at: list[int]
) -> None:
    """For sums of squares of floors of one size, of which some are composed of others."""
    parts = [floor_div(H + offset % s, s) ** power for s, offset, power in zip(divisors, offsets, powers, strict=False)]
    x: Num = sum((part * weight for part, weight in zip(parts, weights, strict=False)), 0 * H)
    low = least_by_remainders(x, {"H": (1, None)})
    assert low is None or all(low <= evaluate(x, {"H": h}) for h in at)


@given(
    scales=st.lists(st.sampled_from([1, 2, 3, 5, Fraction(1, 2), Fraction(3, 4)]), min_size=2, max_size=4),
    weights=st.lists(st.integers(-30, 60), min_size=4, max_size=4),
    divisor=st.sampled_from([1, 4, 8]),
    at=st.lists(st.builds(Fraction, st.integers(1, 90), st.integers(1, 9)), min_size=5, max_size=5),
)
def test_bounds_by_roundings_hold(scales: list[Fraction], weights: list[int], divisor: int, at: list[Fraction]) -> None:
    """For sums of roundings of multiples of one width."""
    parts = [make_divisible(C * R * scale, divisor) for scale in scales]
    x: Num = sum((part * weight for part, weight in zip(parts, weights, strict=False)), 0 * C)
    low = least_by_remainders(x, {"C": (1, None), "r": (0, None)})
    assert low is None or all(low <= evaluate(x, {"C": c, "r": r}) for r in at for c in (1, 7, 64))


def test_roundings_of_one_width_hang_together() -> None:
    narrow, wide = make_divisible(16 * R, 8), make_divisible(24 * R, 8)
    assert never_negative(wide - narrow, {})
    assert never_negative(3 * narrow - wide, {})
    assert not never_negative(narrow - wide, {})
    assert not never_negative(make_divisible(16 * R - 40, 8) - make_divisible(8 * R - 20, 8), {})


def test_high_powers_are_left_alone() -> None:
    assert not never_negative(ceil_div(H, 4) ** 250 - ceil_div(H, 2) ** 200, {})


def test_floors_of_one_size_hang_together() -> None:
    """ceil(H/2) <= 2 ceil(H/4), H <= 2 ceil(H/2), and 2 floor(H/2) <= H."""
    assert never_negative(2 * ceil_div(H, 4) - ceil_div(H, 2), {})
    assert never_negative(13 * C * ceil_div(H, 4) ** 2 - 2 * C * ceil_div(H, 2) ** 2, {})
    assert never_negative(4 * ceil_div(H, 2) ** 2 - H**2, {})
    assert never_negative(H - 2 * floor_div(H, 2), {})
    assert never_negative(H * W - 4 * floor_div(H, 2) * floor_div(W, 2), {})
    assert not never_negative(ceil_div(H, 2) - 2 * ceil_div(H, 4), {})
    assert not never_negative(H - 2 * ceil_div(H, 2), {})


def test_canonical_form() -> None:
    a, b = 3 * C * H, C**2 + 9
    found = maximum([a, b], {})
    assert maximum([b, a, a], {}) is not found
    assert maximum([b, a, a, 2 * C * H, 8, found], {}) == found
    assert only(found) is only(maximum([b, found], {}))
    assert str(found) == "max(3*C*H, C**2 + 9)"
    assert maximum([a, 2 * a], {}) == 2 * a
    assert maximum([3, 5, 4], {}) == 5
    assert maximum([C, 1], {}) == C
    assert str(maximum([C, 1], {"C": (0, None)})) == "max(1, C)"
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - written a moment ago


def test_expressions_read_it_back() -> None:
    found = maximum([3 * C * H, C**2 + 9, ceil_div(W, 2) * 5], {})
    env = {"H": H, "C": C, "W": W}
    assert Expr.parse(str(2 * found - C)).evaluate(env) == 2 * found - C
    assert Expr.parse("max(C, 2*C)").evaluate(env) == 2 * C


def test_zero_is_the_least_that_a_substitution_relies_on() -> None:
    """A symbol may be replaced by one that can be 0, such as the index of a repetition."""
    found = maximum([4 - C, 2 - C * H], {})
    assert found == 4 - C
    assert evaluate(substitute(maximum([C, 2 - C], None), {"C": symbol("i", "index")}), {"i": 0}) == 2


def test_active_branches() -> None:
    atom = only(maximum([C**2, 12 * C], {}))
    assert atom.active({"C": 5}) == (12 * C,)
    assert set(atom.active({"C": 12})) == {C**2, 12 * C}
    assert atom.active({"C": 13}) == (C**2,)


def test_what_it_is_made_of() -> None:
    found = maximum([ceil_div(H, 2) * C, W * 7], {})
    assert letters(found) == {a for x in (H, C, W) for a in atoms_of(x)}
    assert rises(found)
    assert not rises(maximum([C - H, 7 - W], {}))
    assert only(found).integral
    assert not only(maximum([C * Fraction(1, 2), 7 * H], {})).integral


def test_smooth_form() -> None:
    found = maximum([ceil_div(H, 2) * C, W * 7], {})
    assert smooth(found) == maximum([H * C * Fraction(1, 2), W * 7], None)
    assert [need.phrase({}) for need in even_where(found)] == ["2 divides H"]


def test_notations() -> None:
    found = maximum([3 * C * H, C**2 + 9], {})
    assert latex(found * 2) == r"2\,\max\left(3\,C\,H, C^{2} + 9\right)"
    (term,) = tree(found)
    assert [[t["coefficient"] for t in option] for option in term["factors"][0]["max"]] == [["3"], ["1", "9"]]


@pytest.mark.parametrize("start", [1, 5, 100])
def test_tails_hold(start: int) -> None:
    k = symbol("k")
    found = maximum([k**2 - 3 * k + 9, 50 * k, Poly({(): 7})], {})
    rest = maximum([k**2, 50 * k], {}) * -1 + 3 * k**3 + 100 * k**2
    for formula in (found, rest):
        low = lower_tail(formula, {"k": start})
        assert low is not None
        assert all(low <= evaluate(formula, {"k": start + j}) for j in range(300))


def test_divided_sizes_may_have_no_value_at_the_end_of_their_range() -> None:
    s = symbol("s")
    found = maximum([floor(symbol("A") * s**-1), floor(symbol("B") * s**-1)], None)
    assert evaluate(found, {"A": 9, "B": 4, "s": 2}) == 4
