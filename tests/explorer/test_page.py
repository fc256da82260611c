"""The page as a text: what it shows without scripts, and that nothing in it can run but its own script."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from fractions import Fraction
from hashlib import sha256
from zlib import decompress

import pytest

import symcost
from symcost.algebra.poly import evaluate
from symcost.architecture import variant_of
from symcost.explorer import joined, model
from symcost.explorer.page import page
from symcost.spec import read_spec
from tests.explorer.reading import Nesting, formulas

MOST = 60_000
EVIL = "</script><img src=x onerror=alert(1)> & \"quotes\" 'too' ]]> <!-- \u2028"
SPEC = f"""
symcost: 1
name: {json.dumps(EVIL)}
source: {json.dumps(EVIL)}
symbols: {{B: 1, C: {{default: 8, about: {json.dumps(EVIL)}}}, H: 4}}
inputs: {{image: [B, C, H, H]}}
model: [conv2d: {{out: C, kernel: 3}}]
"""


@pytest.fixture(scope="module")
def resnet50() -> str:
    return page(symcost.load("resnet50"))


def test_it_is_small(resnet50: str) -> None:
    assert len(resnet50.encode()) <= MOST


def test_tags_nest_and_nothing_is_asked_for(resnet50: str) -> None:
    tags = Nesting(resnet50).tags
    assert not [tag for tag, attributes in tags if {"src", "href", "style", "onload"} & attributes.keys()]
    assert [attributes["lang"] for tag, attributes in tags if tag == "html"] == ["en"]
    addresses = re.findall(r"https?:[^\s\"']+", resnet50)
    assert addresses == []


def test_only_this_script_and_this_style_may_run(resnet50: str) -> None:
    (policy,) = re.findall(r'Content-Security-Policy" content="(.*?)"', resnet50)
    (script,) = re.findall(r'<script type="module">(.*?)</script>', resnet50, re.DOTALL)
    (style,) = re.findall(r"<style>(.*?)</style>", resnet50, re.DOTALL)
    hashed = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in (script, style)]
    assert policy == (
        f"default-src 'none'; script-src {hashed[0]} blob:; style-src {hashed[1]}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def test_what_it_unpacks_is_the_module(resnet50: str) -> None:
    (text,) = re.findall(r'atob\("(.*?)"\)', resnet50)
    assert decompress(b64decode(text)).decode() == joined("page.js")


def test_the_data_are_the_model(resnet50: str) -> None:
    (data,) = re.findall(r'id="model">(.*?)</script>', resnet50, re.DOTALL)
    assert json.loads(data) == model(symcost.load("resnet50"))


@pytest.mark.parametrize("name", ["resnet50", "mobilenet_v3", "llama3-8b"])
def test_formulas_are_those_of_the_cost(name: str) -> None:
    network = symcost.load(name)
    cost = network.cost()
    env = {s: 2 * value for s, value in cost.bindings().items()}
    named = {s.replace("alpha", "α"): Fraction(value) for s, value in env.items()}
    read = formulas(page(network), named)
    assert read.keys() == {metric["name"] for metric in model(network)["metrics"]}
    assert read == {metric: evaluate(cost.poly(metric), env) for metric in read}


def test_a_long_formula_says_what_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symcost.explorer.formulas.MOST_TERMS", 3)
    text = page(symcost.load("lenet5"), ["flops"])
    assert re.search(r"\+ … \(\d+ terms, [\d.]+ %\)</dd>", text)


def test_texts_of_a_spec_stay_texts() -> None:
    text = page(variant_of(read_spec(SPEC.encode()), None))
    tags = [tag for tag, _ in Nesting(text).tags]
    assert "img" not in tags
    assert tags.count("script") == 2
    (data,) = re.findall(r'id="model">(.*?)</script>', text, re.DOTALL)
    assert json.loads(data)["name"] == EVIL


def test_the_start_and_the_convention_are_those_asked_for() -> None:
    network = symcost.load("lenet5")
    text = page(network, ["flops"], {"H": 48, "W": "48"}, convention="torch")
    flops = network.cost("torch").at(H=48, W=48).flops
    assert f"<td>{flops:,}</td>" in text
    assert "<dt>Convention</dt><dd>torch: " in text
    assert page(network.cost("torch"), ["flops"], {"H": 48, "W": 48}).count(f"{flops:,}") == 1


def test_units_conditions_and_meanings_are_there(resnet50: str) -> None:
    assert "multiply-accumulates of contractions [MACs]" in resnet50
    assert "<dd>image height</dd>" in resnet50
    assert "<p>The formulas hold for 2 divides q.</p>" in page(symcost.load("llama3-8b"), ["macs"])
