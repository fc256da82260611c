"""What the options of a largest share stands before it, and the value is the same at all sizes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost import load
from symcost.algebra.atoms import Number
from symcost.algebra.extent import ceil_div
from symcost.algebra.maximum import maximum
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.catalog import files
from symcost.notation.lines import one_line
from symcost.notation.shared import shared_out
from symcost.views.formula import formula
from tests.notation.polys import A, B, G, polys

L = symbol("L")
LEAST = -maximum([-1, -L + 1], {})
points = st.fixed_dictionaries(
    {"A": st.integers(1, 99), "B": st.integers(1, 40), "G": st.integers(1, 9), "r": st.fractions(Fraction(1, 9), 9)}
)


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ([9 * A * B, A * B**2 + 3 * A * B * G], "A*B*max(9, B + 3*G)"),
        ([6 * A, 4 * B], "2*max(2*B, 3*A)"),
        ([A * Fraction(1, 6), B * Fraction(1, 4)], "max(2*A, 3*B)/12"),
        ([A**2 * ceil_div(B, 2), A**3 + 5 * A**2], "A**2*max(A + 5, ceil(B/2))"),
        ([A * LEAST, 3 * LEAST + B], "max(A*min(1, L - 1), B + 3*min(1, L - 1))"),
        ([A * LEAST, 3 * LEAST], "max(3*min(1, L - 1), A*min(1, L - 1))"),  # which is not proved to be at least 0
        ([A - B, 0], "max(0, A - B)"),
        ([2 * A * B - 2 * A * G, 0], "2*A*max(0, B - G)"),
    ],
)
def test_shown(options: list[Num], shown: str) -> None:
    assert one_line(shared_out(maximum(options, {}))) == shown


@given(polys, polys, points)
def test_the_value_is_the_same(x: Num, y: Num, point: dict[str, Number]) -> None:
    whole = A * maximum([B * x, B * y, 6 * A * B], {}) + x
    assert evaluate(shared_out(whole), point) == evaluate(whole, point)


@pytest.mark.parametrize("name", [path.stem for path in files()])
def test_peaks_of_shipped_networks(name: str) -> None:
    cost = load(name).cost()
    shown = formula(cost, "peak_activations", factor=True)
    assert evaluate(shown.form.expanded(), cost.bindings()) == evaluate(cost.poly("peak_activations"), cost.bindings())


def test_on_request_only() -> None:
    cost = load("gpt2").cost()
    assert formula(cost, "peak_activations").to("text").splitlines()[-1] == (
        "peak_activations = max(9*B*E*T, B*E*T + B*T*V)"
    )
    for options in ({"factor": True}, {"collect": ["B"]}):
        shown = formula(cost, "peak_activations", **options)
        assert shown.to("text").splitlines()[-1] == "peak_activations = B*T*max(9*E, E + V)"
