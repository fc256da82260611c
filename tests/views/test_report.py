"""Reports as people get them in Python and in notebooks: the same rows and the same exact numbers in every format."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

import symcost
from symcost import NoAnswer, SpecError, UsageError, load
from symcost.algebra.poly import symbol
from symcost.calculus.response import sensitivity as response
from symcost.table import Folded
from symcost.table.tabled import Tabled
from symcost.views.memory import memory
from symcost.views.sensitivity import sensitivity
from symcost.views.train import train
from tests.notation.readers import stripped
from tests.table.reader import Element, read

GPT2 = load("gpt2")


def rows(tree: Element) -> list[list[str]]:
    return [[c.text for c in row.children if isinstance(c, Element)] for row in tree.all("tr")]


def test_a_name_an_architecture_and_a_cost_give_the_same_rows() -> None:
    one, two, three = (symcost.report(network, at={"T": 77}) for network in ("gpt2", GPT2, GPT2.cost()))
    assert str(one) == str(two)
    assert one.table() == two.table() == three.table()
    assert str(three).startswith("GPT-2\nat B = 1, T = 77, E = 768")
    palm = symcost.report("gpt2", metrics="flops", convention="palm")
    assert palm.table().total[2] == GPT2.cost("palm").at().flops  # type: ignore[index]


def test_a_repeated_block_is_one_row_that_says_how_often() -> None:
    found = symcost.report("gpt2")
    assert [row.split("  ")[0] for row in str(found.table()).splitlines()[3:8]] == [
        "embedding", "position_embedding", "dropout", "repeat x L", "layer_norm",
    ]  # fmt: skip
    assert rows(read(found.to_html()))[4][0] == "repeat ×\u00a0L"
    assert r"repeat $\times L$ & 276" in found.to_latex()
    assert "| repeat x L | 276 |" in found.to_markdown()
    assert [row.get("times") for row in found.data["rows"]] == [None, None, None, "L", None, None]
    deep = symcost.report(load("resnet").fix(L2=4), depth=2)
    names = [row[0] for row in rows(read(deep.to_html()))]
    assert "stage.repeat ×\u00a0(L1 −1)" in names
    assert "stage_2.repeat ×\u00a03" in names
    assert "stage_2" not in names


def test_two_repetitions_in_a_block_are_not_taken_for_one(tmp_path: Path) -> None:
    text = """
symcost: 1
name: twice
symbols: {B: 1, E: 8, L: 3}
inputs: {x: [B, E]}
blocks:
  once: {body: [{repeat: L, do: [linear: E, relu]}]}
  both: {body: [{repeat: L, do: [linear: E]}, {repeat: L, do: [linear: E]}]}
model: [once, both]
"""
    path = tmp_path / "spec.yaml"
    path.write_text(text)
    table = symcost.report(path, depth=1, metrics=["params"]).table()
    assert [row[0] for row in table.rows] == [Folded("once", symbol("L")), "both"]
    assert [(row.name, str(row.times)) for row in load(path).cost().by_block(2)] == [
        ("once.repeat", "L"), ("both.repeat", "L"), ("both.repeat_2", "L"),
    ]  # fmt: skip


def test_numbers_in_html_are_those_of_the_cost() -> None:
    cost = load("resnet50").cost()
    found = symcost.report(cost, at={"H": 256}, metrics=["params", "macs", "flops"], formulas=True)
    (heads, *body) = rows(read(found.to_html()))
    exact = cost.at(H=256)
    total = dict(zip(heads, body[-1], strict=True))
    assert total["params"].replace(",", "") == str(exact.params)
    assert total["MACs"].replace(",", "") == str(exact.macs)
    env = {name: Fraction(value) for name, value in cost.bindings({"H": 256}).items()}
    flops, formulas = heads.index("FLOPs"), heads.index("flops formula [FLOPs]")
    for row in body:
        assert stripped.value(row[formulas], env) == int(row[flops].replace(",", ""))


def test_formulas_have_room_unless_metrics_are_named() -> None:
    named = symcost.report("gpt2", metrics=["params", "macs"], formulas="macs")
    assert [column.name for column in named.table().columns][2:] == [
        "params",
        "macs",
        "share of params",
        "macs formula",
    ]
    alone = symcost.report("gpt2", formulas="params").table()
    assert [column.name for column in alone.columns][2:] == ["params", "share of params", "params formula"]


def test_the_header_says_units_convention_and_sizes_and_conditions_stand_below() -> None:
    tree = read(symcost.report("gpt2").to_html())
    (caption,) = tree.all("caption")
    assert "convention symcost: 2 FLOPs per MAC" in caption.text
    assert "at B = 1, T = 1024, E = 768" in caption.text
    assert "as in the authors' code" in caption.text
    assert tree.all("p")[-1].text == "the formulas hold for P >= T, h divides E"


def test_formulas_are_of_the_metric_that_is_named() -> None:
    found = symcost.report("gpt2", metrics=["params", "macs"], formulas="macs").table()
    assert [column.name for column in found.columns][-1] == "macs formula"
    assert found.total is not None and found.total[-1] == GPT2.cost().poly("macs")
    other = symcost.report("gpt2", metrics=["params"], formulas="macs")
    assert [column.name for column in other.table().columns] == [
        "block", "count", "params", "share of params", "macs formula",
    ]  # fmt: skip
    assert other.data["total"] == {"params": "124439808"}


def test_programs_get_the_rows() -> None:
    found = symcost.report("gpt2")
    read_back = list(csv.DictReader(io.StringIO(found.to_csv())))
    assert sum(int(row["macs"]) for row in read_back) == GPT2.cost().at().macs
    pytest.importorskip("polars")
    assert found.to_polars()["macs"].sum() == GPT2.cost().at().macs


def test_what_is_refused() -> None:
    with pytest.raises(UsageError, match="no break-down by 'layer'"):
        symcost.report("gpt2", by="layer")
    with pytest.raises(SpecError, match="H"):
        symcost.report("gpt2", at={"H": 3})
    with pytest.raises(NoAnswer, match="there is no table 1: the answer has 1, counted from 0"):
        symcost.report("gpt2").table(1)


def _train() -> Tabled:
    network = GPT2.under(device="a100", precision="mixed_bf16", examples=1000, epochs=3)
    return train(network, network.cost(), network.cost().bindings())[0]


def _memory() -> Tabled:
    return memory(GPT2, GPT2.cost(), GPT2.cost().bindings(), 1, "T")


def _sensitivity() -> Tabled:
    cost = GPT2.cost()
    return sensitivity(GPT2, cost, response(cost, "macs"), formulas=True)


ANSWERS: dict[str, Callable[[], Tabled]] = {
    "train": _train,
    "memory": _memory,
    "sensitivity": _sensitivity,
    "solve": lambda: symcost.solve(GPT2.cost(), for_="E", budgets=["params <= 1G"]),
    "compare": lambda: symcost.compare(load("resnet18").cost(), load("resnet34").cost(), "macs"),
    "conventions": lambda: symcost.compare_conventions(load("lenet5").cost(), ["symcost", "fvcore"]),
    "knobs": lambda: symcost.knobs(load("resnet18").cost(), "macs"),
    "frontier": lambda: symcost.pareto(load("lenet5").cost(), ["macs", "params"], ["C=4:8"]),
    "bound": lambda: load("resnet50").cost().view("macs", "smooth").bound(H=(200, None)),
    "cost": GPT2.cost,
    "graph": GPT2.graph,
    "totals": lambda: GPT2.cost().at(),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_format_says_every_word_of_the_text(name: str) -> None:
    answer = ANSWERS[name]()
    bundle = answer._repr_mimebundle_()
    assert {"text/plain", "text/markdown", "text/html", "text/latex"} <= bundle.keys()
    html = read(bundle["text/html"]).text
    figures = set(re.findall(r"\d[\d,.]*\d|\d", _without_formulas(answer.to_text())))
    assert figures, "a text without a number"
    for said in (html, bundle["text/markdown"].replace("\\", ""), bundle["text/latex"].replace("\\", "")):
        missing = {figure for figure in figures if figure not in said}
        assert not missing
    assert bundle["text/latex"].count(r"\begin{tabular}") == bundle["text/latex"].count(r"\end{tabular}")
    assert _balanced(bundle["text/latex"])


def _without_formulas(text: str) -> str:
    """Return text without what lines of names and numbers are broken in, and without formulas."""
    return re.sub(r"[\w]*[a-zA-Z_(][\w.()*/]*", " ", text)


def _balanced(latex: str) -> bool:
    bare = re.sub(r"\\\\|\\[{}]", "", latex)
    return bare.count("{") == bare.count("}") and bare.replace(r"\$", "").count("$") % 2 == 0
