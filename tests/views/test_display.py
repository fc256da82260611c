"""What formulas, networks and setups show in a notebook."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from symcost import Setup, dominance, formula, load, sensitivity
from symcost.notation.latex import WIDTH
from tests.notation.readers import latex as latex_reader
from tests.table.reader import Element, read


def rows(html: str) -> list[list[str]]:
    return [[c.text for c in row.children if isinstance(c, Element)] for row in read(html).all("tr")]


def test_a_formula_is_typeset_with_what_must_be_known_to_read_it() -> None:
    shown = formula(load("gpt2").cost(), "flops")
    bundle = shown._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "text/latex", "text/markdown"]
    assert bundle["text/latex"].startswith("$$\n\\begin{aligned}\n\\mathrm{flops} &= 24\\,B")
    assert bundle["text/markdown"].startswith(bundle["text/latex"])
    assert "gpt2: flops in FLOPs" in bundle["text/markdown"] or "GPT-2: flops in FLOPs" in bundle["text/markdown"]
    assert "convention symcost: 2 FLOPs per MAC" in bundle["text/markdown"]


@pytest.mark.parametrize("view", ["exact", "divisible", "smooth"])
def test_a_view_is_typeset_in_rows_that_come_to_its_value(view: str) -> None:
    cost = load("resnet50").cost()
    seen = cost.view("macs", view)
    latex = seen._repr_mimebundle_()["text/latex"]
    lines = re.sub(r"\$\$|\\(begin|end){aligned}", "", latex).strip().split("\\\\\n")
    assert max(map(len, lines)) <= WIDTH
    right = " ".join(line.split("&", 1)[1].removeprefix("=").removeprefix(r"\quad") for line in lines)
    env = {name: Fraction(value) for name, value in cost.bindings().items()}
    assert latex_reader.value(right, env) == seen.at()
    assert f"resnet50: macs in MACs, {view} view" in seen._repr_mimebundle_()["text/markdown"]


def test_a_network_shows_its_symbols() -> None:
    network = load("squeezenet1_0")
    bundle = network._repr_mimebundle_()
    assert (
        bundle["text/plain"] == str(network) == repr(network) == "<Architecture squeezenet1_0, in B, H, W, C, K, early>"
    )
    shown = {name: (kind, value) for name, kind, value, _ in rows(bundle["text/html"])}
    assert shown["H"] == ("dimension", "224")
    assert shown["sr"] == ("fixed", "1/8")
    assert shown["early"] == ("flag", "false")
    assert "Iandola et al. 2016" in read(bundle["text/html"]).all("caption")[0].text


def test_a_setup_shows_what_is_not_as_usual() -> None:
    setup = Setup(device="a100", micro_batches="m")
    assert repr(setup) == str(setup) == setup._repr_mimebundle_()["text/plain"]
    assert repr(setup) == "Setup(micro_batches='m', device='a100')"
    assert rows(setup.to_html())[1:] == [
        ["micro_batches", "m", "micro-batches on each worker whose gradients make a step"],
        ["device", "a100", "what it runs on, such as h100"],
    ]
    assert read(Setup().to_html()).all("caption")[0].text == "a setup as usual"


def test_a_verdict_and_a_quotient_show_themselves() -> None:
    cost = load("resnet18").cost()
    verdict = dominance(cost.macs, cost.params, of=cost)
    bundle = verdict._repr_mimebundle_()
    assert bundle["text/plain"] == str(verdict)
    assert read(bundle["text/html"]).text == str(verdict)
    ratio = sensitivity(cost, "macs").elasticity("C")
    shown = ratio._repr_latex_()
    assert shown.startswith("$$\\frac{") and shown.endswith("}$$")
    env = cost.bindings()
    assert latex_reader.value(shown.strip("$"), {n: Fraction(v) for n, v in env.items()}) == ratio.at(env)
