"""Formulas put together as people ask for it: what is shown, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import symcost
from symcost import UsageError, load
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.cost import Cost
from symcost.notation.naming import without_names
from symcost.views.formula import Formula, formula


@pytest.fixture(scope="module")
def gpt() -> Cost:
    return load("gpt2").cost()


@pytest.fixture(scope="module")
def resnet() -> Cost:
    return load("resnet50").cost()


def body(shown: Formula) -> str:
    return "".join(line + "\n" for line in str(shown).splitlines() if not line.startswith("#"))


def whole(shown: Formula) -> Num:
    return without_names(shown.form.expanded(), shown.names)


def test_factored_and_collected(gpt: Cost) -> None:
    assert body(formula(gpt, "macs", factor=True)) == "macs = B*E*T*(12*E*L + 2*L*T + V)\n"
    assert body(formula(gpt, "macs", collect=["L"], factor=True)) == "macs = 2*B*E*L*T*(6*E + T) + B*E*T*V\n"


def test_aliases(gpt: Cost) -> None:
    shown = formula(gpt, "macs", alias={"N": "B*T", "M": "N*E"}, factor=True)
    assert body(shown) == "macs = M*(12*E*L + 2*L*T + V)\nwith N = B*T, M = E*N\n"
    assert whole(shown) == gpt.poly("macs")


def test_aliases_may_be_collected(gpt: Cost) -> None:
    shown = formula(gpt, "macs", alias={"N": "B*T"}, collect=["N"])
    assert body(shown) == "macs = N*(12*E**2*L + 2*E*L*T + E*V)\nwith N = B*T\n"


def test_unused_aliases_are_told(gpt: Cost) -> None:
    shown = formula(gpt, "macs", alias={"N": "B*T", "D": "E/h"})
    assert "# alias D is not used: E/h is no part of it" in str(shown).splitlines()
    assert [name.name for name in shown.names] == ["N"]


def test_aliases_know_what_divides() -> None:
    cost = load("mobilenet_v2").cost()
    shown = formula(cost, "params", alias={"Q": "floor(C/4)"})
    assert [name.value for name in shown.names] == [symbol("C") * Fraction(1, 4)]
    assert "make_divisible(3*Q*alpha, 8)" in body(shown)
    assert whole(shown) == cost.poly("params")


def test_named_sizes(resnet: Cost) -> None:
    shown = formula(resnet, "macs", name_sizes=True)
    assert body(shown) == (
        "macs = 3520*B*C**2*H_32*W_32\n"
        "     + 1824*B*C**2*H_16*W_16\n"
        "     + 320*B*C**2*H_8*W_8\n"
        "     + 60*B*C**2*H_4*W_4\n"
        "     + 147*B*C*H_2*W_2\n"
        "     + 32*B*C*K\n"
        "with H_2 = ceil(H/2), H_4 = ceil(H/4), H_8 = ceil(H/8), H_16 = ceil(H/16), H_32 = ceil(H/32),\n"
        "     W_2 = ceil(W/2), W_4 = ceil(W/4), W_8 = ceil(W/8), W_16 = ceil(W/16), W_32 = ceil(W/32)\n"
    )
    assert whole(shown) == resnet.poly("macs")


def test_sizes_do_not_take_the_names_of_aliases(resnet: Cost) -> None:
    shown = formula(resnet, "macs", alias={"H_2": "B*C"}, name_sizes=True)
    assert len({name.name for name in shown.names}) == len(shown.names)
    assert whole(shown) == resnet.poly("macs")


def test_a_part_says_so_in_every_notation(resnet: Cost) -> None:
    shown = formula(resnet, "macs", leading=2, name_sizes=True)
    assert body(shown).startswith("macs = 1824*B*C**2*H_16*W_16 + 320*B*C**2*H_8*W_8\n     + ... (4 terms, 39.1 %)\n")
    note = "a part of macs, 2 of 6 terms: the largest at B = 1, H = 224, W = 224, C = 64, K = 1000, 60.9 % of the value"
    assert note in shown.notes()
    assert r"&\quad + \cdots \quad \text{(4 terms, 39.1 \%)} \\" in shown.to("latex").splitlines()
    assert r"+ \cdots \quad \text{(4 terms, 39.1 \%)}" in shown._repr_latex_()
    assert "<mo>…</mo><mtext>\u00a0(4 terms, 39.1 %)</mtext>" in shown.to("mathml")
    data = shown.to_json()
    assert data["text"].endswith(" + ... (4 terms, 39.1 %)")
    assert (data["part"]["terms"], data["part"]["left_out"]) == (2, 4)
    assert data["part"]["largest_at"]["H"] == 224
    assert formula(resnet, "macs").to_json()["part"] is None


def test_shares_are_exact(resnet: Cost) -> None:
    part = formula(resnet, "macs", leading=2, at={"H": 32, "W": 32}).part
    assert part is not None and part.share is not None
    env = resnet.bindings({"H": 32, "W": 32})
    assert part.share == 1 - evaluate(part.kept, env) / Fraction(evaluate(resnet.poly("macs"), env))


def test_only_sizes_that_matter_are_told(resnet: Cost) -> None:
    shown = formula(resnet, "params", leading=1, alias={"N": "B*H", "M": "C*C"})
    assert "a part of params, 1 of 4 terms: the largest at C = 64, K = 1000, 91.7 % of the value" in shown.notes()
    assert body(shown) == "params = 5724*M\n       + ... (3 terms, 8.3 %)\nwith M = C**2\n"


def test_all_terms_are_no_part(resnet: Cost) -> None:
    assert formula(resnet, "macs", leading=6).part is None
    assert formula(resnet, "params", leading="H").part is None


def test_highest_degree(gpt: Cost) -> None:
    shown = formula(gpt, "flops", leading="T")
    assert body(shown) == (
        "flops = 4*B*E*L*T**2 + 6*B*L*T**2*h\n      + ... (6 terms of lower degree in T)\n"
    )  # fmt: skip
    assert "a part of flops, 2 of 8 terms: those of the highest degree in T" in shown.notes()
    assert shown.to_json()["part"] == {"terms": 2, "left_out": 6, "highest_degree_in": "T"}


def test_mathml_is_well_formed_with_names_and_rest(resnet: Cost) -> None:
    shown = formula(resnet, "macs", leading=2, name_sizes=True, alias={"N": "B*C"})
    root = ET.fromstring(shown.to("mathml"))  # noqa: S314
    assert root.tag == "{http://www.w3.org/1998/Math/MathML}math"
    assert len(root[0]) == 3 + len(shown.names)


def test_notebooks_get_latex(gpt: Cost) -> None:
    bundle = formula(gpt, "macs", factor=True)._repr_mimebundle_()
    assert bundle["text/latex"] == (
        "$$\n\\begin{aligned}\n"
        r"\mathrm{macs} &= B\,E\,T\,\left(12\,E\,L + 2\,L\,T + V\right)"
        "\n\\end{aligned}\n$$"
    )
    assert bundle["text/plain"].endswith("macs = B*E*T*(12*E*L + 2*L*T + V)")


def test_long_brackets_of_latex_stand_in_rows() -> None:
    cost = load("resnet50").cost()
    rows = formula(cost, "flops", factor=True).to("latex").splitlines()
    assert rows[-12].startswith(r"\mathrm{flops} &= B\,\Bigl(7040\,C^{2}")
    assert rows[-11].startswith(r"&\quad \quad + 3648\,C^{2}")
    assert rows[-2] == r"&\quad \quad + K\Bigr)"


def test_each_option_of_a_peak_begins_a_line(resnet: Cost) -> None:
    shown = formula(resnet, "peak_activations", name_sizes=True)
    assert body(shown).splitlines()[:3] == [
        "peak_activations = max(",
        " " * 21 + "12*B*C*H_4*W_4,",
        " " * 21 + "16*B*C*H_16*W_16 + 64*B*C*H_32*W_32,",
    ]
    assert whole(shown) == resnet.poly("peak_activations")
    rows = [row for row in shown.to("latex").splitlines() if row[0] != "%"]
    assert rows[1] == r"\mathrm{peak\_activations} &= \max\Bigl(12\,B\,C\,H_{4}\,W_{4}, \\"
    assert rows[2] == r"&\quad \quad 16\,B\,C\,H_{16}\,W_{16} + 64\,B\,C\,H_{32}\,W_{32}, \\"


def test_functions_to_call(resnet: Cost) -> None:
    np = pytest.importorskip("numpy")
    plain, arrays = (symcost.formula(resnet, "macs").function(notation) for notation in ("python", "numpy"))
    assert plain() == plain(H=224, C=64) == 4_089_184_256
    assert str(plain.__doc__).startswith("resnet50: macs in MACs, multiply-accumulates of contractions\n")
    assert arrays(C=np.array([44, 45])).tolist() == [1_958_573_056, 2_046_692_160]
    with pytest.raises(UsageError, match="a function to call is made in python or numpy, not in 'c'"):
        formula(resnet, "macs").function("c")
    with pytest.raises(UsageError, match="a program is the whole formula"):
        formula(resnet, "macs", leading=2).function()


def test_functions_take_exact_ratios() -> None:
    cost = load("mobilenet_v1").cost()
    assert formula(cost, "macs").function()(alpha=Fraction(3, 4)) == cost.at(alpha=Fraction(3, 4)).macs


@pytest.mark.parametrize("options", [{"factor": True}, {"collect": ["B"]}, {"alias": {"N": "B*T"}}, {"leading": 1}])
@pytest.mark.parametrize("notation", ["python", "numpy", "c", "js"])
def test_programs_are_whole(gpt: Cost, options: dict[str, Any], notation: str) -> None:
    with pytest.raises(UsageError) as refused:
        formula(gpt, "macs", **options).to(notation)
    assert str(refused.value) == (
        "a program is the whole formula in the network's own symbols; to collect, factor, name and shorten is for "
        "people: text, latex, mathml and json"
    )


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"alias": {"E": "T"}}, "alias 'E': GPT-2 has a symbol of this name"),
        ({"alias": {"C_in": "T"}}, "alias 'C_in': this is not a plain name, or one that means something else"),
        ({"alias": {"2x": "T"}}, "alias '2x': this is not a plain name, or one that means something else"),
        ({"alias": {"N": "Q*T"}}, "alias 'N': unknown name 'Q'; known here: B, E, L, P, T, V, h"),
        ({"alias": {"N": "M", "M": "T"}}, "alias 'N': unknown name 'M'; known here: B, E, L, P, T, V, h"),
        ({"alias": {"N": "__import__('os')"}}, "alias 'N': \"__import__('os')\": \"'\" at column 12 has no meaning"),
        ({"alias": {"N": "3 + 4"}}, "alias 'N': '3 + 4' has no symbol in it, and a name is for what has"),
        ({"alias": {"N": "T > 0"}}, "alias 'N': 'T > 0' has no symbol in it, and a name is for what has"),
        ({"collect": ["Q"]}, "there is no free symbol 'Q' to collect; free are B, T, E, h, L, V, P"),
        ({"leading": -1}, "the number of terms to show is at least 1, got -1"),
        ({"leading": "Q"}, "there is no free symbol 'Q'; free are B, T, E, h, L, V, P"),
        ({"at": {"T": 5}}, "values are for the largest terms; say how many terms to show"),
        ({"leading": "T", "at": {"T": 5}}, "the terms of the highest degree are the same at all values; give none"),
    ],
)
def test_refusals(gpt: Cost, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        formula(gpt, "macs", **asked)
    assert str(refused.value).startswith(message)
