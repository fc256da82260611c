"""Powers with a size in their exponent, against Python's own."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction
from math import floor as floor_of_number

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost.algebra.atoms import Env, Number, Part, lift
from symcost.algebra.cycles import letters
from symcost.algebra.expression import Expr, ExprError
from symcost.algebra.extent import ceil_div, floor, floor_div
from symcost.algebra.needs import AtLeast, Divides
from symcost.algebra.poly import NotExact, Num, Poly, evaluate, substitute, symbol
from symcost.algebra.power import TooLarge, raised
from symcost.algebra.printing import text
from symcost.algebra.ranges import bounds, rises
from symcost.algebra.smooth import smooth
from symcost.algebra.to_sympy import from_sympy, to_sympy
from symcost.notation.latex import latex
from symcost.notation.tree import tree
from tests.algebra.twins import Twin, sums_and_products

n, m, C = symbol("n"), symbol("m"), symbol("C")
i = symbol("i", "index")
NAMES = {"n": n, "m": m, "C": C}

bases = st.builds(Fraction, st.integers(1, 12), st.integers(1, 12))
exponents = st.builds(lambda a, b, c, d: (a, b, c, d), *[st.integers(-3, 3)] * 3, st.integers(0, 2))
envs = st.fixed_dictionaries({name: st.integers(1, 6) for name in NAMES})


def of(exponent: tuple[int, int, int, int]) -> tuple[Num, Twin]:
    a, b, c, d = exponent
    num = a * n + b * m + c + d * n * m + d * floor_div(n + 1, 2)
    return num, Twin(num, lambda env: _whole(a, b, c, d, env))


def _whole(a: int, b: int, c: int, d: int, env: Env) -> int:
    return int(a * env["n"] + b * env["m"] + c + d * env["n"] * env["m"] + d * ((env["n"] + 1) // 2))


def power(base: Fraction, exponent: tuple[int, int, int, int]) -> Twin:
    return Twin(raised(base, of(exponent)[0]), lambda env: base ** int(of(exponent)[1].at(env)))


def size(name: str) -> Twin:
    return Twin(NAMES[name], lambda env: env[name])


powers = st.builds(power, bases, exponents)
sizes = st.sampled_from([size(name) for name in NAMES])
sums = sums_and_products(powers | sizes, 5)


@given(a=sums, env=envs)
def test_value_text_and_sympy(a: Twin, env: Env) -> None:
    assert evaluate(a.num, env) == a.at(env)
    assert Expr.parse(text(a.num)).evaluate(NAMES) == a.num
    there = to_sympy(a.num)
    assert Fraction(str(there.subs({name: env[name.name] for name in there.free_symbols}))) == a.at(env)
    assert from_sympy(there) == a.num


@given(a=sums, env=envs, shift=st.integers(0, 3))
def test_substitution(a: Twin, env: dict[str, Number], shift: int) -> None:
    assert substitute(a.num, env) == a.at(env)
    image = substitute(a.num, {"n": m + shift, "C": n * 3})
    assert evaluate(image, env) == a.at({**env, "n": env["m"] + shift, "C": env["n"] * 3})


@given(a=sums, env=envs, room=st.integers(0, 2))
def test_bounds_hold(a: Twin, env: dict[str, Number], room: int) -> None:
    for box in ({name: (value - min(room, value - 1), value + room) for name, value in env.items()}, {}):
        low, high = bounds(a.num, box)
        assert low is None or low <= a.at(env)
        assert high is None or a.at(env) <= high


@given(a=sums, env=envs, name=st.sampled_from(sorted(NAMES)))
def test_what_rises_rises(a: Twin, env: dict[str, Number], name: str) -> None:
    if rises(a.num):
        assert a.at(env) <= a.at({**env, name: env[name] + 1})


Terms = list[tuple[int, Fraction, int]]
linear = st.lists(st.tuples(st.integers(-3, 3), bases, st.integers(0, 2)), min_size=1, max_size=3)


@given(a=linear, b=linear)
def test_equal_functions_are_equal_polynomials(a: Terms, b: Terms) -> None:
    """A sum of k terms c n**p R**n that vanishes at enough places in a row vanishes everywhere."""

    def poly(terms: Terms) -> Num:
        return sum((c * raised(base, n) * n**p for c, base, p in terms), Poly({}))

    def at(terms: Terms, v: int) -> Fraction:
        return sum((c * base**v * v**p for c, base, p in terms), Fraction(0))

    order = sum(p + 1 for _, _, p in a + b)  # of the recurrence that the difference obeys
    alike = all(at(a, v) == at(b, v) for v in range(1, order + 2))
    assert (poly(a) == poly(b)) == alike


@given(x=st.fractions(min_value=-40, max_value=40, max_denominator=9), shift=st.integers(-2, 4), v=st.integers(1, 8))
def test_floors_of_powers(x: Fraction, shift: int, v: int) -> None:
    found = floor(raised(2, n + shift) * x + Fraction(1, 3))
    assert evaluate(found, {"n": v}) == floor_of_number(Fraction(2) ** (v + shift) * x + Fraction(1, 3))


def test_one_function_has_one_form() -> None:
    two = raised(2, n)
    assert raised(4, n) == two**2 == raised(2, 2 * n)
    assert raised(2, n + 1) == 2 * two
    assert raised(Fraction(3, 2), i) == raised(3, i) * raised(2, -i)
    assert raised(2, n - 1) == two * Fraction(1, 2)
    assert raised(6, n) == two * raised(3, n)
    assert raised(1, n) == 1
    assert two * raised(2, -n) == 1
    half = lift(Part.of("n", 2))
    assert raised(4, n * Fraction(1, 2)) == two
    assert substitute(raised(2, half), {"n": n}) == raised(2, half)
    assert substitute(raised(2, half), {"n": 2 * m}) == raised(2, m)


@pytest.mark.parametrize(
    ("written", "expected", "as_latex"),
    [
        ("2**n", "2**n", "2^{n}"),
        ("C*2**(n - 1)", "C*2**n/2", r"\frac{C\,2^{n}}{2}"),
        ("3*(2**n)**3", "3*8**n", r"3 \cdot 8^{n}"),
        ("(3/2)**(2*n + 1)", "3*9**n/(2*4**n)", r"\frac{3 \cdot 9^{n}}{2 \cdot 4^{n}}"),
        ("2**(30*n)", "2**(30*n)", r"2^{30\,n}"),
        ("2**(n*m)", "2**(m*n)", r"2^{m\,n}"),
        ("2**floor(n/2)", "2**floor(n/2)", r"2^{\left\lfloor \frac{n}{2} \right\rfloor}"),
        ("C/2**n", "C/2**n", r"\frac{C}{2^{n}}"),
    ],
)
def test_text(written: str, expected: str, as_latex: str) -> None:
    x = Expr.parse(written).evaluate(NAMES)
    assert text(x) == expected
    assert latex(x) == as_latex
    assert Expr.parse(expected).evaluate(NAMES) == x


def test_parts_in_exponents() -> None:
    quarter = lift(Part.of("n", 4))
    x = raised(2, quarter)
    assert text(x) == "2**(n/4)"
    assert Expr.parse(text(x)).evaluate({"n": 4 * quarter}) == x
    assert text(x**8) == "4**n"
    assert evaluate(x, {"n": 12}) == 8


def test_data() -> None:
    assert tree(3 * raised(2, n)) == [
        {
            "coefficient": "3",
            "factors": [{"base": "2", "exponent": tree(n), "power": 1}],
        }
    ]


def test_inside() -> None:
    assert letters(raised(2, floor_div(n, 2)) * C) == letters(n + C)
    assert smooth(raised(2, n) * ceil_div(C, 2)) == raised(2, n) * C * Fraction(1, 2)


def test_copies_are_the_same() -> None:
    x = raised(Fraction(3, 2), n)
    assert pickle.loads(pickle.dumps(x)) == x == copy.deepcopy(x)  # noqa: S301


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("9**9**9", "an exponent is a whole number from 0 to 64, got 387420489"),
        ("2**(n + 10**30)", "an exponent in symbols has no number above 256"),
        ("2**(1000*n)", "an exponent in symbols has no number above 256"),
        ("4**(200*n)", "the result has a power above 256"),
        ("999999**(n + 250)", "999999**250 has more than 4,096 bits, and no size of a network has"),
        ("C**n", "a power with a symbol in its exponent takes a plain number as base, got an expression in symbols"),
        ("2**(n/2)", "2**(n/2) is not exact for every size; an exponent is whole"),
        ("2**r", "2**(r) has no exact form; an exponent is made of whole sizes that are not negative"),
        ("2**(1/n)", "2**(1/n) has no exact form; an exponent is made of whole sizes that are not negative"),
        ("2**2**n", "2**(2**n) has no exact form; an exponent is made of whole sizes that are not negative"),
        ("(-2)**n", "a base with a symbol in its exponent is above 0 and at most 1,000,000, got -2"),
        ("0**n", "a base with a symbol in its exponent is above 0 and at most 1,000,000, got 0"),
        ("1000003**n", "a base with a symbol in its exponent is above 0 and at most 1,000,000, got 1000003"),
    ],
)
def test_refusals(written: str, reason: str) -> None:
    with pytest.raises(ExprError) as caught:
        Expr.parse(written).evaluate({**NAMES, "r": symbol("r", "ratio")})
    assert str(caught.value).endswith(f": {reason}")


def test_a_value_without_end_is_refused() -> None:
    with pytest.raises(TooLarge, match="2\\*\\*1000000000 has more than 4,096 bits, and no size of a network has"):
        evaluate(raised(2, n), {"n": 10**9})
    assert bounds(raised(2, n), {"n": (10**9, 10**10)})[1] is None


def test_conditions() -> None:
    width = C * raised(2, n)
    assert Divides(2, width).decide({}) is True
    assert Divides(8, width).decide({}) is None
    assert Divides(8, width).decide({"n": (3, None)}) is True
    assert Divides(2, width).decide({"n": (0, None)}) is None
    assert Divides(raised(2, n), C).phrase({}) == "2**n divides C"
    assert Divides(raised(2, n), C).holds({"n": 3, "C": 24})
    assert not Divides(raised(2, n), C).holds({"n": 3, "C": 20})
    assert AtLeast(raised(2, n), 100).phrase({}) == "n >= 7"


def test_exponents_are_whole() -> None:
    with pytest.raises(NotExact):
        raised(2, n * n * Fraction(1, 2))
