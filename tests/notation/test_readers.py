"""LaTeX and MathML mean what they show: readers that know the notations alone give the exact values."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost import load
from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, evaluate
from symcost.notation.factor import factored
from symcost.notation.form import Sum, collected, plain
from symcost.notation.latex import latex, latex_name, latex_rows
from symcost.notation.mathml import mathml
from symcost.views.formula import formula
from tests.notation.functions import Case, Point, cases
from tests.notation.polys import points, polys, products
from tests.notation.readers import latex as latex_reader
from tests.notation.readers import mathml as mathml_reader


def check(form: Sum, point: Point, value: Number) -> None:
    in_latex = {latex_name(name): Fraction(size) for name, size in point.items()}
    in_mathml = {mathml_reader.shown(name): Fraction(size) for name, size in point.items()}
    assert latex_reader.value(latex(form), in_latex) == value
    assert latex_reader.value(" ".join(latex_rows(form, 60)), in_latex) == value
    assert mathml_reader.value(mathml(form), in_mathml) == value


def _forms(x: Num, names: list[str]) -> list[Sum]:
    return [plain(x), collected(x, names), factored(x), collected(x, names, factored)]


@given(st.one_of(polys, products), points)
def test_random_formulas(x: Num, point: dict[str, Number]) -> None:
    for form in _forms(x, ["A", "B"]):
        check(form, point, evaluate(x, point))


@pytest.mark.parametrize("case", cases(), ids=[case.name for case in cases()])
def test_all_kinds_of_formulas_and_all_shipped_networks(case: Case) -> None:
    names = sorted(case.function.arguments)
    forms = _forms(case.function.value, names[:2]) if case.name.endswith("params") else []
    for form in forms or [plain(case.function.value)]:
        for point in case.points[:3]:
            check(form, point, evaluate(case.function.value, point))


@pytest.mark.parametrize("name", ["resnet", "alexnet", "mobilenet_v2", "efficientnet", "densenet", "gpt2", "vgg"])
def test_tables_of_equations_with_names(name: str) -> None:
    cost = load(name).cost()
    shown = formula(cost, "macs", name_sizes=True, alias={"N": "B*3"}, collect=["N"], factor=True)
    point = cost.bindings()
    env = {mathml_reader.shown(symbol): Fraction(size) for symbol, size in point.items()}
    source = shown.to("mathml")
    assert mathml_reader.equations(source, env)["macs"] == cost.at().macs
    assert {name.name for name in shown.names} >= ({"N"} if "B" in cost.symbols else set())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"\frac{3\,C^{2}}{4\,B}", 12),
        (r"-C + 5\,\left(C - B\right)^{2}", 41),
        (r"3 \cdot 2^{B}", 6),
        (r"\left\lceil \frac{C + 1}{2} \right\rceil^{2}", 9),
        (r"\operatorname{round}_{8,16}\left(C\right)", 16),
    ],
)
def test_the_reader_of_latex_reads_latex(text: str, value: int) -> None:
    assert latex_reader.value(text, {"B": Fraction(1), "C": Fraction(4)}) == value
