"""One network under several conventions: the terms add up, and each is what its convention counts."""

from __future__ import annotations

import json

import pytest

import symcost
from symcost.algebra.poly import evaluate, total
from symcost.cli.main import main
from symcost.comparison.pricing import compare_conventions
from symcost.errors import UsageError
from symcost.metrics.convention import conventions

Capture = pytest.CaptureFixture[str]
IMAGE = ("resnet50", "mobilenet_v3_large", "googlenet", "densenet121", "unet")
LANGUAGE = ("gpt2", "llama3_8b")
EVERY = tuple(name for name in conventions() if name not in ("megatron", "kaplan", "chinchilla", "palm"))


@pytest.mark.parametrize("network", IMAGE)
def test_terms_add_up_to_each_total_and_differences_to_each_difference(network: str) -> None:
    found = compare_conventions(network, EVERY)
    for i, name in enumerate(EVERY):
        whole = symcost.load(network).cost(name).poly("flops")
        assert total((term.amounts[i], 1) for term in found.terms) == whole == found.totals[i]
        differences = [term.amounts[i] - term.amounts[0] for term in found.terms]
        assert total((x, 1) for x in differences) == found.totals[i] - found.totals[0]


@pytest.mark.parametrize("network", LANGUAGE)
def test_language_models_too(network: str) -> None:
    names = ["torch", "torch:causal=half", "torch:causal=kept, logits=left_out"]
    found = compare_conventions(network, names)
    for i, name in enumerate(names):
        assert total((term.amounts[i], 1) for term in found.terms) == symcost.load(network).cost(name).poly("flops")


def test_fvcore_s_terms_are_those_it_gives_itself() -> None:
    """``fvcore_by_op`` of the truth for ResNet-50 at 224."""
    found = compare_conventions("resnet50", ["torch", "fvcore"])
    theirs = {"conv2d": 4087136256, "batch_norm": 22227968, "global_avg_pool": 100352, "linear": 2048000}
    assert {term.op: evaluate(term.amounts[1], found.at) for term in found.terms} == theirs


def test_how_it_reads(capsys: Capture) -> None:
    assert main(["compare", "resnet50", "--conventions", "torch,fvcore,thop", "H=224"]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert err == "" and max(map(len, lines)) <= 100
    assert "batch_norm                   0     22,227,968     44,455,936      22,227,968      44,455,936" in lines
    assert "total            8,178,368,512  4,111,512,576  4,133,742,592  -4,066,855,936  -4,044,625,920" in lines
    assert "linear: torch 2 per MAC; fvcore, thop 1 per MAC" in lines


def test_programs_get_formulas_and_rules(capsys: Capture) -> None:
    assert main(["compare", "resnet50", "--conventions", "torch,fvcore", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    (row,) = [row for row in data["rows"] if row["op"] == "batch_norm"]
    assert row["differences"] == ["0", "22227968"] and row["formulas"][0] == "0"
    assert sum(int(row["differences"][1]) for row in data["rows"]) == int(data["total"][1]) - int(data["total"][0])


def test_switches_keep_their_commas(capsys: Capture) -> None:
    line = "torch, torch:causal=half, logits=left_out, kaplan"
    assert main(["compare", "gpt2", "--conventions", line, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in data["conventions"]] == ["torch", "torch:causal=half, logits=left_out", "kaplan"]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["resnet50"], 2, "two networks are compared, or one under --conventions torch,fvcore"),
        (["resnet50", "--conventions", "torch"], 2, "conventions are compared two or more at a time: torch,fvcore"),
        (["resnet50", "--conventions", "torch,fvcor"], 2, "there is no convention 'fvcor'; did you mean 'fvcore'?"),
        (["resnet50", "--conventions", "torch,megatron"], 1, "convention 'megatron' does not say what conv2d costs"),
        (["resnet50", "resnet18", "--conventions", "torch,fvcore"], 2, "values are given as NAME=VALUE"),
    ],
)
def test_what_has_no_answer(capsys: Capture, words: list[str], code: int, message: str) -> None:
    assert main(["compare", *words]) == code
    assert message in capsys.readouterr().err


def test_one_convention_is_no_comparison() -> None:
    with pytest.raises(UsageError, match="two or more"):
        compare_conventions("resnet50", ["torch", "torch"])


def test_an_explanation_says_what_each_convention_counts(capsys: Capture) -> None:
    assert main(["explain", "resnet50", "unit.batch_norm", "--json"]) == 0
    counts = json.loads(capsys.readouterr().out)["conventions"]
    values = {name: found.get("value") for name, found in counts.items()}
    assert values == {
        **values,
        "symcost": "1605632", "textbook": "3211264", "torch": "0", "torchvision": "0", "fvcore": "1605632",
        "thop": "3211264", "ptflops": "1605632", "megatron": "0", "kaplan": "0", "chinchilla": "0",
        "deepspeed": "1605632", "ptflops_aten": "0",
    }  # fmt: skip
    assert main(["explain", "resnet50", "unit.batch_norm"]) == 0
    out = capsys.readouterr().out
    line = next(line for line in out.splitlines() if line.startswith("fvcore"))
    words = "fvcore 1,605,632 MACs 1 per input element, 1 per input element of an op with a weight"
    assert " ".join(line.split()) == words
