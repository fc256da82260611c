"""Names for parts of formulas: what they are put into is the same formula, and reads shorter."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost import load
from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.poly import Num, Poly, symbol, terms_of
from symcost.algebra.power import raised
from symcost.algebra.rounding import gcd, make_divisible
from symcost.notation.expansion import expansion
from symcost.notation.form import collected, plain
from symcost.notation.lines import one_line
from symcost.notation.naming import Name, put_names, used, without_names
from symcost.notation.sizes import named_sizes
from tests.notation.functions import FORMULAS
from tests.notation.polys import PIECES, A, B, G, R, polys, products

C, D, E, H, W, h = (symbol(name) for name in ("C", "D", "E", "H", "W", "h"))

parts = st.sampled_from([A * B, 2 * A * B**2, A * G**-1, B * Fraction(1, 3), A + B, A**2 - 3 * B + 1, *PIECES])


@given(st.one_of(polys, products), st.lists(parts, max_size=3))
def test_names_taken_out_again_give_the_formula(x: Num, values: list[Num]) -> None:
    names = [Name(f"n{i}", value) for i, value in enumerate(values)]
    assert without_names(put_names(x, names), names) == x


@given(products, st.sampled_from([A + B, A**2 - 3 * B + 1, 2 * A * B + G, A - 1]))
def test_a_sum_never_makes_a_formula_longer(x: Num, part: Num) -> None:
    assert len(terms_of(expansion(x, part, Name("S", part).atom))) <= len(terms_of(x))


@pytest.mark.parametrize(
    ("x", "value", "text"),
    [
        (12 * D**2 * h**2, D * h, "12*N**2"),
        (D**3 * h**2, D * h, "D*N**2"),
        (D * h + D + h, D * h, "D + N + h"),
        (B * D**-2 * h**-1, D * h, "B/(D*N)"),
        (B * E * h**-1, E * h**-1, "B*N"),
        (B * E * h, E * h**-1, "B*E*h"),
        (8 * D, 2 * D, "4*N"),
        (D**2, D * Fraction(1, 3), "9*N**2"),
        (3 * ceil_div(H, 32) ** 2 * C, ceil_div(H, 32), "3*C*N**2"),
        (floor_div(D * h, 2) * C, D * h, "C*floor(N/2)"),
        (make_divisible(3 * D * h, 8), D * h, "make_divisible(3*N, 8)"),
        (gcd(D * h, 8) * D * h, D * h, "N*gcd(N, 8)"),
        (raised(2, D * h), D * h, "2**N"),
        ((H + W) ** 2 * C + 7, H + W, "C*N**2 + 7"),
        (H * C + B * (H + W), H + W, "B*N + C*H"),
        (24 * E**2 * H + 4 * E * H**2, 6 * E + H, "4*E*H*N"),
        (floor_div(H + W, 2), H + W, "floor(N/2)"),
        (H * W + H + W + 1, H + 1, "N*W + N"),
        (H + 2, H + 1, "H + 2"),
        ((H + 1) ** 3 * H**-1, H + 1, "N**3/H"),
        (H, C, "H"),
    ],
)
def test_names(x: Num, value: Num, text: str) -> None:
    assert one_line(put_names(x, [Name("N", value)])) == text


def test_a_name_may_be_made_of_an_earlier_one() -> None:
    names = [Name("E", D * h)]
    names.append(Name("F", 4 * Poly({((names[0].atom, 1),): 1})))
    x = put_names(32 * D**2 * h**2, names)
    assert one_line(x) == "2*F**2"
    assert used(x, names) == names
    assert used(D, names) == []


def test_a_name_that_is_no_whole_number_stays_out_of_whole_places() -> None:
    third = Name("q", D * Fraction(1, 3))
    assert third.atom.kind == "ratio"
    assert one_line(put_names(gcd(D, 8), [third])) == "gcd(D, 8)"


@pytest.mark.parametrize("x", FORMULAS.values(), ids=FORMULAS)
def test_sizes_have_names(x: Num) -> None:
    sizes = named_sizes(x, {"A_32"})
    named = put_names(x, sizes)
    assert without_names(named, sizes) == x
    assert "A_32" not in [size.name for size in sizes]
    assert not {"floor", "ceil", "make_divisible", "gcd"} & set(one_line(named).replace("(", " ").split())


def test_inner_sizes_come_first() -> None:
    x = floor_div(make_divisible(A * R, 8), 16) * make_divisible(A * R, 8) + gcd(floor_div(B + 1, 32) + 5, 6)
    sizes = named_sizes(x, {"A", "B", "r"})
    assert [f"{size.name} = {one_line(size.value)}" for size in sizes] == [
        "A_a = make_divisible(A*r, 8)",
        "A_16 = floor(A_a/16)",
        "B_a = gcd(floor((B + 1)/32) + 5, 6)",
    ]
    assert one_line(put_names(x, sizes)) == "A_16*A_a + B_a"


def test_names_that_mean_quotients_say_by_what() -> None:
    x = ceil_div(H, 4) + floor_div(H, 4) * floor_div(H + 1, 4) + floor_div(3 * H, 4) + ceil_div(symbol("C_in"), 8)
    assert [f"{size.name} = {one_line(size.value)}" for size in named_sizes(x, {"H", "C_in"})] == [
        "C_8 = ceil(C_in/8)",
        "H_4 = ceil(H/4)",
        "H_4a = floor((H + 1)/4)",
        "H_4b = floor(H/4)",
        "H_a = floor(3*H/4)",
    ]


@pytest.mark.parametrize("spec", ["resnet", "alexnet", "mobilenet_v3", "efficientnet", "squeezenet", "densenet"])
def test_forms_keep_their_order_when_sizes_get_names(spec: str) -> None:
    x = load(spec).cost().poly("flops")
    sizes = named_sizes(x, {})
    for form in (plain(x), collected(x, ["B", "C"])):
        named = form.renamed(lambda term: put_names(term, sizes))
        assert without_names(named.expanded(), sizes) == x
        assert [p.coefficient for p in named.products] == [p.coefficient for p in form.products]


def test_a_largest_keeps_the_options_that_only_names_hide() -> None:
    x = load("mobilenet_v3").cost().poly("infer_bytes")
    sizes = named_sizes(x, {})
    assert without_names(put_names(x, sizes), sizes) == x
