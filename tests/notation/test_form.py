"""However a formula is put together, it multiplies out to itself and is read back from its text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost.algebra.expression import Expr
from symcost.algebra.poly import Num, evaluate, symbol, terms_of
from symcost.algebra.tokens import MAX_LENGTH
from symcost.notation.factor import MOST_TERMS, factored
from symcost.notation.form import Factor, Sum, collected, plain
from symcost.notation.lines import formula_lines, one_line
from symcost.notation.terms import content
from tests.notation.functions import FORMULAS
from tests.notation.polys import ENV, A, B, G, polys, products

C, E, L, T = symbol("C"), symbol("E"), symbol("L"), symbol("T")
names = st.lists(st.sampled_from(["A", "B", "G", "r"]), max_size=2)


def _forms(x: Num, names: list[str]) -> list[Sum]:
    return [plain(x), collected(x, names), factored(x), collected(x, names, factored)]


@given(st.one_of(polys, products), names)
def test_every_form_multiplies_out(x: Num, names: list[str]) -> None:
    for form in _forms(x, names):
        assert form.expanded() == x


@given(st.one_of(polys, products), names, st.sampled_from([9, 40, 999]))
def test_every_form_is_read_back(x: Num, names: list[str], width: int) -> None:
    for form in _forms(x, names):
        text = " ".join(formula_lines(form, width))
        assert len(text) > MAX_LENGTH or Expr.parse(text).evaluate(ENV) == x


@pytest.mark.parametrize("x", FORMULAS.values(), ids=FORMULAS)
def test_formulas_of_all_kinds_multiply_out(x: Num) -> None:
    for form in _forms(x, ["A", "G"]):
        assert form.expanded() == x
        assert Expr.parse(" ".join(formula_lines(form, 20))).evaluate(ENV) == x


@given(polys)
def test_what_is_left_of_content_is_whole_and_coprime(x: Num) -> None:
    if not x:
        return
    rest = x * content(x) ** -1
    assert content(rest) in {1, -1}
    assert all(isinstance(c, int) and all(e > 0 for _, e in m) for m, c in terms_of(rest).items())


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (24 * B * E**2 * L * T + 4 * B * E * L * T**2, "4*B*E*L*T*(6*E + T)"),
        (A**2 - B**2, "(A - B)*(A + B)"),
        (-3 * (A - B) ** 2 * G**-1, "-3/G*(A - B)**2"),
        ((A + 1) ** 3 * (1 - B), "-(A + 1)**3*(B - 1)"),
        (A * G**-1 + B, "B + A/G"),
        (2 * A * G**-1 + 2 * B * G**-2, "2/G**2*(A*G + B)"),
        (-A - B, "-A - B"),
        (5 * A, "5*A"),
        (A - A, "0"),
    ],
)
def test_factored(x: Num, text: str) -> None:
    assert one_line(factored(x)) == text


def test_each_bracket_is_factored_where_symbols_are_collected() -> None:
    x = C**2 * (A - 7) * (B - 7) + C * (A - 6) * (B - 6) + A * B
    assert one_line(collected(x, ["C"], factored)) == "C**2*(A - 7)*(B - 7) + C*(A - 6)*(B - 6) + A*B"


def test_brackets_that_do_not_fit_stand_in_their_own_lines() -> None:
    assert formula_lines(factored(3 * (A + B) ** 2 * (A + 1000)), width=24) == ["3*(A + B)**2*(A + 1000)"]
    assert formula_lines(factored(3 * (A + B) ** 2 * (A + 1000)), width=20) == [
        "3*(", "    A + B", ")**2*(", "    A + 1000", ")",
    ]  # fmt: skip


def test_long_sums_only_give_up_what_they_share() -> None:
    x = sum((A**i for i in range(1, MOST_TERMS + 3)), start=A - A)
    (only,) = factored(x).products
    assert only.monomial == ((next(iter(only.monomial))[0], 1),)
    assert [type(f) for f in only.factors] == [Factor]
    assert only.expanded() == x


def test_a_square_has_the_value_of_its_sum() -> None:
    form = factored((A + B) ** 2)
    assert evaluate(form.expanded(), {"A": 3, "B": 4}) == 49
    assert one_line(form) == "(A + B)**2"
