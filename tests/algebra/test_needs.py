"""Conditions: what is decided is so, and what is said is what holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from symcost.algebra.atoms import Box, Part, lift
from symcost.algebra.extent import ceil, ceil_div, floor_div
from symcost.algebra.implied import contradiction, essential
from symcost.algebra.needs import AtLeast, Divides, Equal, Need, common_phrase, first_true, whole
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.algebra.rounding import make_divisible
from tests.algebra.twins import C, H, R, W

FAR = 400


@st.composite
def sizes(draw: st.DrawFn) -> Num:
    """Return sizes that layers make of H: chains of floors, upsampled and cropped."""
    x: Num = H
    for _ in range(draw(st.integers(0, 3))):
        x = floor_div(x + draw(st.integers(-3, 3)), draw(st.sampled_from((1, 2, 2, 3, 4))))
        x = draw(st.sampled_from((1, 1, 2, 3))) * x + draw(st.integers(-2, 2))
    return x


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    least = draw(st.integers(1, 30))
    return {"H": (least, draw(st.sampled_from((None, least + 5, least + 60))))}


needs = st.one_of(
    st.builds(Equal, sizes(), sizes()),
    st.builds(lambda a, b: Equal(a, a + b), sizes(), st.integers(-1, 1)),
    st.builds(AtLeast, sizes(), st.integers(-2, 12)),
    st.builds(lambda a, b, least: AtLeast(a - b, least), sizes(), sizes(), st.integers(-2, 2)),
    st.builds(Divides, st.integers(1, 12), sizes()),
    sizes().map(lambda x: whole(x * Fraction(1, 4))),
)


@given(need=needs, box=boxes())
def test_decisions_are_sound(need: Need, box: Box) -> None:
    low, high = box["H"]
    held = {need.holds({"H": v}) for v in range(int(low), FAR if high is None else int(high) + 1)}
    verdict = need.decide(box)
    assert verdict is None or held == {verdict}


@given(need=st.builds(Equal, sizes(), sizes()))
def test_phrases_of_equalities_say_exactly_when(need: Equal) -> None:
    said = meaning(need.phrase({}))
    for v in range(1, FAR):
        assert said(v) == need.holds({"H": v}), need.phrase({})


@given(joins=st.lists(st.builds(Equal, sizes(), sizes()), min_size=1, max_size=3))
def test_common_phrases_say_exactly_when(joins: list[Equal]) -> None:
    phrases = common_phrase(joins, {}).split(" and ")
    for v in range(1, FAR):
        assert all(meaning(phrase)(v) for phrase in phrases) == all(join.holds({"H": v}) for join in joins)


def meaning(phrase: str) -> Callable[[int], bool]:
    """Return what a phrase says of a value of H."""
    if phrase in ("always", "never"):
        return lambda v: phrase == "always"
    if phrase in ("H is even", "H is odd"):
        return lambda v: v % 2 == phrase.endswith("odd")
    if "..." in phrase:
        reject()  # a long list is cut short
    numbers = [int(text) for text in re.findall(r"\d+", phrase)]
    if re.fullmatch(r"\d+ divides H", phrase):
        return lambda v: v % numbers[0] == 0
    if re.fullmatch(r"H modulo \d+ is at most \d+", phrase):
        return lambda v: v % numbers[0] <= numbers[1]
    if re.fullmatch(r"H modulo \d+ is [\d, or]+", phrase):
        return lambda v: v % numbers[0] in numbers[1:]
    assert re.fullmatch(r"H is [\d, or]+", phrase), phrase
    return lambda v: v in numbers


H16 = lift(Part.of("H", 16))


@pytest.mark.parametrize(
    ("need", "phrase"),
    [
        (Equal(2 * floor_div(H, 2), H), "H is even"),
        (Equal(16 * floor_div(H, 16), H), "16 divides H"),
        (Equal(2 * ceil_div(H, 2), H + 1), "H is odd"),
        (Equal(floor_div(H, 16), floor_div(H + 8, 16)), "H modulo 16 is at most 7"),
        (Equal(floor_div(H + 1, 4), floor_div(H + 2, 4)), "H modulo 4 is 0, 1 or 3"),
        (Equal(floor_div(H, 2), H - 3), "H is 5 or 6"),
        (Equal(H, 10**6), "H is 1000000"),
        (Equal(floor_div(H, 2), H + 1), "never"),
        (Equal(H - floor_div(H, 2), ceil_div(H, 2)), "always"),
        (Equal(H, W), "H = W"),
        (Equal(2 * floor_div(16 * H16, 32), 16 * H16), "never"),
        (Equal(32 * floor_div(16 * H16, 32), 16 * H16), "32 divides H"),
        (Equal(floor_div(H16, 2), ceil_div(H16, 2)), "32 divides H"),
        (AtLeast(floor_div(H - 7, 8), 7), "H >= 63"),
        (AtLeast(floor_div(H, 32) * 2 - 1, 1), "H >= 32"),
        (AtLeast(H * W, 100), "H*W >= 100"),
        (AtLeast(W - floor_div(W, 2), 5), "W - floor(W/2) >= 5"),
        (AtLeast(make_divisible(64 * R, 8), 100), "make_divisible(64*r, 8) >= 100"),
        (Divides(16, C), "16 divides C"),
        (Divides(32, 2 * C), "16 divides C"),
        (Divides(4, 2 * C + H), "4 divides 2*C + H"),
        (Divides(3, 4), "3 divides 4"),
        (Divides(symbol("g"), C), "g divides C"),
        (Divides(H + 1, C), "H + 1 divides C"),
        (whole(C * Fraction(3, 8)), "8 divides C"),
        (whole(C * Fraction(1, 2) - 1), "2 divides C"),
        (Divides(4, 6 * C + 8 * H + 4), "2 divides C"),
        (whole(R * C), "C*r is whole"),
        (Divides(192, H + 160), "H modulo 192 is 32"),
        (Divides(2, H - 1), "H is odd"),
    ],
    ids=str,
)
def test_phrases(need: Need, phrase: str) -> None:
    assert need.phrase({}) == phrase


def test_phrases_that_hold_for_all_joins() -> None:
    joins = [Equal(s * floor_div(H, s), H) for s in (2, 4, 8, 16)]
    assert common_phrase(joins, {}) == "16 divides H"
    even = Equal(2 * floor_div(H, 2), H)
    assert common_phrase([even, Equal(3 * floor_div(W, 3), W)], {}) == "H is even and 3 divides W"
    assert common_phrase([even, Equal(2 * ceil_div(H + 1, 2), H + 1)], {}) == "never"


@pytest.mark.parametrize(
    ("need", "box", "verdict"),
    [
        (AtLeast(H - 4, 1), {"H": (5, None)}, True),
        (AtLeast(H - 4, 1), {"H": (1, 4)}, False),
        (AtLeast(H - 4, 1), {}, None),
        (AtLeast(ceil(R * C), 1), {}, None),
        (Equal(H, 10**6), {}, None),
        (Equal(H, W), {"H": (9, None), "W": (1, 8)}, False),
        (Divides(4, 8 * H), {}, True),
        (Divides(4, 6), {}, False),
        (Divides(symbol("g"), 3 * symbol("g")), {}, True),
        (Divides(H + 1, (H + 1) * C), {}, True),
        (Divides(4, H * H16), {}, None),
        (Divides(8, 16 * H16), {}, True),
    ],
    ids=str,
)
def test_decisions(need: Need, box: Box, verdict: bool | None) -> None:
    assert need.decide(box) is verdict


def test_first_true() -> None:
    assert [first_true(lambda v, least=least: v >= least) for least in (0, 1, 2, 63, 64, 65)] == [1, 1, 2, 63, 64, 65]  # type: ignore[misc]
    assert first_true(lambda v: False, limit=100) is None


def test_only_what_says_more_is_kept() -> None:
    asked: list[Need] = [AtLeast(H, 5), Divides(2, C), AtLeast(H - 3, 10), AtLeast(W, 5)]
    asked += [Divides(8, C), Divides(12, C), Divides(4, 3 * C), Equal(H, W), Equal(H, W), Divides(1, C), AtLeast(C, 1)]
    kept = essential(asked, {})
    assert sorted(need.phrase({}) for need in kept) == sorted(("H >= 13", "24 divides C", "W >= 5", "H = W"))
    assert set(kept.values()) <= set(asked)


@given(
    asked=st.lists(
        st.builds(
            lambda n, c, t: Divides(n, c * H + t), st.integers(1, 12), st.sampled_from((1, 1, 2, 3)), st.integers(-9, 9)
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_kept_says_the_same(asked: list[Need]) -> None:
    kept = essential(asked, {})
    met = [v for v in range(1, FAR) if all(need.holds({"H": v}) for need in asked)]
    assert met == [v for v in range(1, FAR) if all(need.holds({"H": v}) for need in kept)]
    assert not (contradiction(asked) and met)


def test_remainders_come_together() -> None:
    asked: list[Need] = [Divides(32, H), whole((H * Fraction(1, 32) + 5) * Fraction(1, 6)), Divides(4, H)]
    assert [need.phrase({}) for need in essential(asked, {})] == ["H modulo 192 is 32"]
    asked = [whole(R * Fraction(k)) for k in (2, 3, "9/2")]
    assert [need.phrase({}) for need in essential(asked, {})] == ["2 divides r"]
    odd, even = Divides(2, H + 1), Divides(6, H)
    assert contradiction([Divides(3, C), odd, even]) == (odd, even)


def test_what_divides_zero_says_nothing_of_its_size() -> None:
    asked: list[Need] = [AtLeast(H, 2), Divides(2, H)]
    assert list(essential(asked, {"H": (0, None)})) == asked
    assert list(essential(asked, {"H": (1, None)})) == [Divides(2, H)]


def test_symbols() -> None:
    assert Equal(H, W).symbols == {"H", "W"}
    assert Divides(C, floor_div(H, 2)).symbols == {"C", "H"}
    assert AtLeast(H * W, 1).symbols == {"H", "W"}


@given(a=st.integers(0, 5), b=st.integers(-4, 9), c=st.integers(0, 9), s=st.integers(2, 7), v=st.integers(1, 60))
def test_sizes_that_grow_in_steps_do_not_fall(a: int, b: int, c: int, s: int, v: int) -> None:
    """A decision for all values is one for each, also where two floors or whole periods are compared."""
    for gap in (floor_div(a * H + b + c, s) - floor_div(a * H + b, s), floor_div(H * a + W, s) - floor_div(W + b, s)):
        verdict = AtLeast(gap, 0).decide({})
        values = [evaluate(gap, {"H": v, "W": w}) >= 0 for w in range(1, 30)]
        assert verdict is not True or all(values)
        assert verdict is not False or not any(values)
    grows = floor_div(a * H + b + c, s) - floor_div(a * H + b, s)
    assert AtLeast(grows, 0).decide({}) is True
    assert AtLeast(floor_div(a * H + c * W + b, s) - floor_div(a * H + b, s), 0).decide({}) is True
