"""The model against the cost that it is made of, by an interpreter that shares nothing with either."""

from __future__ import annotations

import json
from fractions import Fraction
from math import ceil, floor, gcd, prod
from pathlib import Path
from typing import Any

import pytest

from symcost import NoAnswer, SpecError, UsageError, load
from symcost.algebra.poly import evaluate
from symcost.explorer import model
from symcost.graph.listing import telling_depth

ODD = load(Path(__file__).with_name("odd.yaml"))
"""A network with sizes of every kind."""


class Read:
    """A model at its start, as its docstring says to read it."""

    def __init__(self, data: dict[str, Any], at: dict[str, str]) -> None:
        self.data = data
        self.atoms = [Fraction(at[symbol["name"]]) for symbol in data["symbols"]]
        for atom in data["atoms"]:
            self.atoms.append(self.atom(*atom))

    def sum(self, terms: list[Any]) -> Fraction:
        pairs = zip(terms[::2], map(self.data["products"].__getitem__, terms[1::2]), strict=True)
        return sum((Fraction(c) * self.product(factors) for c, factors in pairs), Fraction(0))

    def product(self, factors: list[int]) -> Fraction:
        return prod(
            (self.atoms[atom] ** e for atom, e in zip(factors[::2], factors[1::2], strict=True)), start=Fraction(1)
        )

    def atom(self, kind: str, *inner: Any) -> Fraction:
        first, *rest = (self.sum(x) if isinstance(x, list) else x for x in inner)
        match kind:
            case "floor" | "ceil":
                return Fraction((floor if kind == "floor" else ceil)(first / rest[0]))
            case "round":
                near = max(rest[1], floor(first / rest[0] + Fraction(1, 2)) * rest[0])
                return Fraction(near + rest[0] if near < first * 9 / 10 else near)
            case "gcd":
                return Fraction(gcd(int(first), int(rest[0])))
            case "power":
                return Fraction(first) ** int(rest[0])
        return max([first, *rest])


@pytest.mark.parametrize("name", ["odd", "resnet50", "vit_b_16", "mixtral", "mobilenet_v1", "tome", "deepseek"])
def test_data_say_what_the_cost_says(name: str) -> None:
    cost = (ODD if name == "odd" else load(name)).cost()
    data = json.loads(json.dumps(model(cost)))
    read, env = Read(data, data["at"]), cost.bindings()
    names = [metric["name"] for metric in data["metrics"]]
    assert [read.sum(metric["value"]) for metric in data["metrics"]] == [evaluate(cost.poly(n), env) for n in names]
    rows = cost.rows("block", telling_depth(cost.graph), names)
    assert [row["name"] for row in data["rows"]] == [row.name for row in rows]
    for got, row in zip(data["rows"], rows, strict=True):
        assert [read.sum(x) for x in (got["count"], *got["values"])] == [
            evaluate(x, env) for x in (row.count, *(row.values[n] for n in names))
        ]


@pytest.mark.parametrize("name", ["odd", "resnet50", "llama3-8b", "yolov8n"])
def test_rows_come_to_the_total(name: str) -> None:
    data = model((ODD if name == "odd" else load(name)).cost())
    read = Read(data, data["at"])
    for place, metric in enumerate(data["metrics"]):
        values = [read.sum(row["values"][place]) for row in data["rows"]]
        assert read.sum(metric["value"]) == (max(values) if metric["total"] == "max" else sum(values)), metric["name"]


def test_every_kind_of_size_is_written() -> None:
    assert {atom[0] for atom in model(ODD)["atoms"]} == {"floor", "ceil", "round", "gcd", "power", "max"}


def test_what_cannot_be_exact_in_javascript_is_text() -> None:
    data = model(load("llama3-8b").cost(), ["flops"])
    read = [x for metric in data["metrics"] for x in metric["value"][::2]]
    assert all(isinstance(x, str) or abs(x) < 2**53 for x in read)
    with_fractions = model(ODD, ["params"])
    assert "1/3" in [x for atom in with_fractions["atoms"] for part in atom if isinstance(part, list) for x in part]


def test_metrics_that_are_shown() -> None:
    """Those of a report, the memory where its formula is short, and what only some networks have."""
    names = {name: [m["name"] for m in model(load(name))["metrics"]] for name in ("resnet50", "llama3-8b", "mixtral")}
    usual = ["params", "macs", "flops", "activations", "infer_bytes", "train_bytes"]
    assert names["resnet50"] == usual
    assert names["llama3-8b"] == [*usual[:4], "kv_cache", *usual[4:]]
    assert names["mixtral"][:2] == ["params", "params_active"]
    left_out = {one["name"]: one["why"] for one in model(load("tome"))["left_out"]}
    assert "terms; ask for it by name" in left_out["infer_bytes"]
    assert "the peak has no form" in left_out["train_bytes"]


def test_metrics_of_a_setup_are_told_under_it() -> None:
    network = load("gpt2").under(device="h100", precision="mixed_bf16", data_parallel=8)
    data = model(network, ["step_s", "comm_s"])
    assert [(m["name"], m["unit"], m["units"]["ms"]) for m in data["metrics"]] == [
        ("step_s", "seconds", "1/1000"),
        ("comm_s", "seconds", "1/1000"),
    ]
    assert any("h100" in line for line in data["setup"])
    cost = network.cost()
    assert Read(data, data["at"]).sum(data["metrics"][0]["value"]) == evaluate(cost.poly("step_s"), cost.bindings())


def test_what_is_asked_for_and_has_no_formula_is_an_error() -> None:
    with pytest.raises(NoAnswer, match="the peak has no form"):
        model(load("tome"), ["train_bytes"])
    with pytest.raises(UsageError, match="did you mean 'macs'"):
        model(load("resnet50"), ["mac"])
    with pytest.raises(SpecError, match="is not a positive size"):
        model(load("resnet50"), at={"H": 0})


def test_a_model_says_what_it_is_of() -> None:
    data = model(load("resnet50").cost("torch"), at={"H": "2**8"})
    assert (data["schema"], data["name"], data["convention"]["name"], data["at"]["H"]) == (
        1,
        "resnet50",
        "torch",
        "256",
    )
    family = model(load("resnet50"))
    assert family["title"] == "ResNet, Wide ResNet and ResNeXt"
    assert family["fixed"]["L3"] == "6"
    assert "He" in family["source"]


def test_repeated_blocks_say_how_often() -> None:
    data = model(load("llama3-8b"))
    read = Read(data, data["at"])
    times = {row["name"]: read.sum(row["times"]) for row in data["rows"] if "times" in row}
    assert times["repeat.layer.attention"] == 32
    assert "embedding" not in times


def test_the_model_of_a_page_is_small() -> None:
    assert len(json.dumps(model(load("resnet50")), separators=(",", ":"))) < 6_000
