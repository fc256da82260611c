"""Compiled formulas give what exact evaluation gives, on arrays and on plain numbers, up to the edge of 64 bits."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest

from symcost.algebra.atoms import Number
from symcost.algebra.division import div
from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.algebra.power import raised
from symcost.algebra.rounding import gcd, make_divisible
from symcost.batch import arrays, compiled, plain
from symcost.batch.bound import fits

np = pytest.importorskip("numpy")

C, H, g = symbol("C"), symbol("H"), symbol("g")
VALUES = {"C": range(8, 65, 8), "H": range(1, 14), "g": (1, 2, 3, 4, 8)}


def atom(r: Random) -> Num:
    linear = r.randint(-4, 4) * C + r.randint(1, 3) * H + r.randint(-99, 9)
    return r.choice(
        [
            C,
            H,
            g,
            g**-1,
            div(r.randint(1, 3), floor_div(H, 4)),
            floor_div(linear, r.randint(2, 9)),
            ceil_div(linear, r.randint(2, 9)),
            floor_div(C * H, r.randint(2, 9)),
            make_divisible(C * Fraction(r.randint(1, 9), 4), r.choice([4, 8])),
            make_divisible(C * H * Fraction(r.randint(1, 9), 16) + g, 8, r.choice([3, 8, 16])),
            gcd(r.randint(1, 5) * C + H, r.choice([2, 4, 6, 8, 12])),
            maximum(
                [C * H * Fraction(1, r.randint(1, 3)), r.randint(1, 300) * floor_div(H, 2), r.randint(0, 99)], None
            ),
            maximum([C * g**-1, H], None),
            raised(r.choice([2, 3, 6]), g),
            raised(Fraction(1, 2), g + 1),
        ]
    )


def formula(r: Random) -> Num:
    result: Num = Fraction(r.randint(-50, 50), r.choice([1, 1, 2, 6]))
    for _ in range(r.randint(1, 5)):
        term: Num = Fraction(r.randint(-40, 40), r.choice([1, 1, 3, 4]))
        for _ in range(r.randint(1, 3)):
            term = term * atom(r)
        result = result + term
    return result


def exactly(x: Num, env: dict[str, int]) -> Number | None:
    try:
        return evaluate(x, env)
    except ZeroDivisionError:
        return None


def lanes(values: dict[str, Any], *, wide: bool = False) -> dict[str, Any]:
    """An array for every symbol, along an axis of its own."""
    made = [np.array(list(v), dtype=object if wide else np.int64) for v in values.values()]
    return dict(zip(values, np.ix_(*made), strict=True))


@pytest.mark.parametrize("seed", range(150))
@pytest.mark.parametrize("wide", [False, True])
def test_arrays_and_numbers_give_the_exact_values(seed: int, wide: bool) -> None:
    r = Random(seed)  # noqa: S311
    formulas = [formula(r) for _ in range(3)]
    program = compiled(formulas, VALUES)
    wide = wide or not fits(program)
    found = [np.broadcast_to(x, (8, 13, 5)) for x in arrays(program, wide=wide).run(lanes(VALUES, wide=wide))]
    for _ in range(20):
        at = [r.randrange(len(v)) for v in VALUES.values()]
        env = {name: v[i] for (name, v), i in zip(VALUES.items(), at, strict=True)}
        expected = [exactly(x, env) for x in formulas]
        here = program.values([_number(x[tuple(at)]) for x in found])
        alone = program.values(plain(program).run(env))
        for want, array, number in zip(expected, here, alone, strict=True):
            assert array == number
            assert want is None or array == want


def _number(x: Any) -> Number:
    return x if isinstance(x, Fraction) else int(x)


def test_most_of_these_fit() -> None:
    assert sum(fits(compiled([formula(Random(seed))], VALUES)) for seed in range(150)) > 80  # noqa: S311


def test_a_divisor_that_can_be_zero_is_told() -> None:
    program = compiled([div(C, floor_div(H, 4))], VALUES)
    assert program.divisors == (next(iter(floor_div(H, 4).terms))[0][0],)  # type: ignore[union-attr]
    assert compiled([C * g**-1], VALUES).divisors == ()


def test_a_product_is_computed_on_the_grid_of_its_own_symbols() -> None:
    program = compiled([C * floor_div(H, 4), C**2], VALUES)
    both, one = arrays(program, wide=False).run(lanes(VALUES))
    assert both.shape == (8, 13, 1)
    assert one.shape == (8, 1, 1)


def test_points_in_a_list() -> None:
    program = compiled([C * H + ceil_div(H, 2)], VALUES)
    (found,) = arrays(program, wide=False).run({"C": np.array([8, 16]), "H": np.array([5, 6])})
    assert found.tolist() == [43, 99]


# --- the edge of 64 bits --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "high", "narrow"),
    [
        (C, 2**63 - 1, True),
        (C, 2**63, False),
        (C + 1, 2**63 - 2, True),
        (C + 1, 2**63 - 1, False),
        (C**2, 3_037_000_499, True),  # isqrt(2**63 - 1)
        (C**2, 3_037_000_500, False),
        (C - H * C, 2**62 - 1, False),  # the difference is small, and C - 40 C is not
        (floor_div(3 * C, 2**40), 2**62, False),  # the floor is small, and what is floored is not
        (floor_div(C, 2**40) ** 2, 2**62, True),
        (make_divisible(C, 8), 2**62, False),
        (gcd(3 * C, 8), 2**62, False),
        (maximum([C, 5 * H], None), 2**63 - 1, True),
        (maximum([C * Fraction(1, 2), 5 * H], None), 2**62, True),
        (maximum([C * Fraction(3, 2), 5 * H], None), 2**62, False),
        (raised(2, g) * C, 2**54, True),
        (raised(2, g) * C, 2**55, False),
        (C * g**-1, 2**58, True),
        (C * g**-1, 2**60, False),  # times 24, a common multiple of all g
    ],
)
def test_what_fits(x: Num, high: int, narrow: bool) -> None:
    values = {**VALUES, "C": (1, high)}
    program = compiled([x], values)
    assert fits(program) is narrow
    (found,) = arrays(program, wide=not narrow).run(lanes(values, wide=not narrow))
    top = np.broadcast_to(found, (2, 13, 5))[-1, -1, -1]
    assert program.values([_number(top)]) == (evaluate(x, {"C": high, "H": 13, "g": 8}),)


def test_no_common_multiple_of_too_many_divisors() -> None:
    values = {"C": range(1, 20_000), "H": (1, 2)}
    program = compiled([H * C**-1], values)
    assert not fits(program)
    assert program.values(plain(program).run({"C": 7, "H": 2})) == (Fraction(2, 7),)
    (found,) = arrays(program, wide=True).run({"C": np.array([[7]], dtype=object), "H": np.array([1, 2], dtype=object)})
    assert found.tolist() == [[Fraction(1, 7), Fraction(2, 7)]]


def test_common_factors_leave_the_integers() -> None:
    program = compiled([2**80 * C + 2**81 * H * C], VALUES)
    assert fits(program)
    assert program.values(plain(program).run({"C": 8, "H": 3})) == (2**83 + 2**81 * 24,)
