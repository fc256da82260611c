"""Text that people and the expression reader understand alike."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from symcost.algebra.atoms import Env, Number, Part, lift
from symcost.algebra.division import div
from symcost.algebra.expression import Expr
from symcost.algebra.extent import ceil, ceil_div, floor, floor_div
from symcost.algebra.poly import Num, evaluate
from symcost.algebra.printing import text
from symcost.algebra.rounding import gcd, make_divisible
from tests.algebra.twins import C, H, R, Twin, W, envs, laurents, polynomials, towers

NAMES = {"H": H, "W": W, "C": C, "r": R}


@given(a=towers() | polynomials() | laurents())
def test_text_is_read_back(a: Twin) -> None:
    assert Expr.parse(text(a.num)).evaluate(NAMES) == a.num


@given(a=towers() | laurents(), env=envs)
def test_text_means_the_number(a: Twin, env: Env) -> None:
    assert Expr.parse(text(a.num)).evaluate(env) == evaluate(a.num, env)


h = lift(Part.of("H", 16))


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (0, "0"),
        (H - H, "0"),
        (-5, "-5"),
        (Fraction(-1, 2), "-1/2"),
        (H - 1, "H - 1"),
        (1 - H, "-H + 1"),
        (C**2 * 3 + C * W + 7 - H, "3*C**2 + C*W - H + 7"),
        (C**2 * H**-1, "C**2/H"),
        (Fraction(3, 2) * C * H**-2 * W**-1, "3*C/(2*H**2*W)"),
        (H**-1, "1/H"),
        (Fraction(1, 2) * H, "H/2"),
        (-(H**-1), "-1/H"),
        (ceil_div(H, 32) ** 2, "ceil(H/32)**2"),
        (C * ceil_div(H, 32) * ceil_div(W, 32), "C*ceil(H/32)*ceil(W/32)"),
        (floor_div(H + 1, 8), "floor((H + 1)/8)"),
        (floor_div(3 * H, 4), "floor(3*H/4)"),
        (floor_div(H + W, 4), "floor((H + W)/4)"),
        (floor(R * C + Fraction(1, 2)), "floor(C*r + 1/2)"),
        (ceil(R * C), "ceil(C*r)"),
        (make_divisible(64 * R, 8), "make_divisible(64*r, 8)"),
        (gcd(H + 1, 6), "gcd(H + 1, 6)"),
        (h, "H/16"),
        (h**2, "(H/16)**2"),
        (div(C, h), "C/(H/16)"),
        (div(C, h**2), "C/(H/16)**2"),
    ],
    ids=str,
)
def test_text(x: Num, expected: str) -> None:
    assert text(x) == expected
    assert repr(x) == expected or not isinstance(x, type(H))
    assert evaluate(x, POINT) == Expr.parse(expected).evaluate(POINT)


POINT: dict[str, Number] = {"H": 48, "W": 5, "C": 3, "r": Fraction(2, 3)}
