"""All verbs alike: the examples of their help run, and what they print for programs is one kind of data."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from symcost.cli import main
from symcost.cli.app import VERBS
from symcost.metrics.convention import conventions

JSON = {
    "report": "lenet5 --by op",
    "formula": "lenet5 --metric flops",
    "eval": "lenet5",
    "solve": "lenet5 --for C --budget 'flops <= 10M'",
    "sensitivity": "lenet5",
    "knobs": "lenet5",
    "asymptotics": "lenet5 --in C --per params",
    "crossover": "lenet5 --first macs --second 100*params --in H",
    "growth": "lenet5 --in H --metric flops",
    "iso": "lenet5 --along K=2:10 --largest C --budget 'flops <= 10M'",
    "optimize": "lenet5 --over C=6:60:6 --maximize C --budget 'flops <= 10M'",
    "compare": "lenet5 lenet5 b.C=12 --in H",
    "reconcile": "lenet5 'params = 61k'",
    "pareto": "lenet5 --over C=6:60:6 --minimize macs --maximize params",
    "peak": "lenet5 --in C",
    "train": "lenet5 device=h100 examples=60000",
    "memory": "lenet5",
    "time": "lenet5 device=h100",
    "serve": "llama3_8b device=h100 --tokens 2",
    "explain": "lenet5 linear",
    "check": "lenet5",
    "list": "",
}
LISTS = {"check", "list"}
AMOUNTS = {"total", "value", "values", "metrics", "elements", "next", "bound", "params", "macs", "flops"}
"""Keys of what may have any number of digits: it is text, however few it has here."""


def examples() -> list[str]:
    docs = [joined(verb.__doc__ or "") for verb in VERBS.values()]
    return [line for doc in docs for line in re.findall(r"^ +symcost (.*)$", doc, re.MULTILINE)]


def joined(text: str) -> str:
    """Join lines as shells do, at a backslash."""
    return re.sub(r"\\\n *", "", text)


def test_every_verb_has_an_example() -> None:
    assert {line.split()[0] for line in examples()} == set(VERBS)


@pytest.mark.parametrize("line", examples())
def test_examples_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str
) -> None:
    monkeypatch.chdir(tmp_path)  # where pictures are put
    words = shlex.split(line.split(" > ", maxsplit=1)[0])
    assert main(words) == 0
    out = capsys.readouterr().out
    shown = f"    symcost {line}\n"
    assert out
    assert main([words[0], "--help"]) == 0
    assert shown in joined(capsys.readouterr().out), "help shows it as it is to be copied"


def answer(capsys: pytest.CaptureFixture[str], verb: str, *more: str) -> Any:
    assert main([verb, *shlex.split(JSON[verb]), *more, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out, parse_float=pytest.fail, parse_constant=pytest.fail)


def test_every_verb_that_answers_is_here() -> None:
    assert set(JSON) == set(VERBS) - {"schema", "export"}  # the answers of one are JSON, of the other documents


@pytest.mark.parametrize("verb", JSON)
def test_data(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    data = answer(capsys, verb)
    if verb in LISTS:
        assert all("name" in row for row in data)
        return
    assert data["schema"] == 1
    assert data["convention"] == "symcost"
    assert data.get("name", data.get("names")) in ("LeNet-5", ["LeNet-5", "LeNet-5 (C=12)"], "llama3_8b")
    for key, amount in amounts(data):
        assert isinstance(amount, str), f"{key} is {amount!r}, an amount that is no text"
        assert re.fullmatch(r"-?\d+(/\d+)?", amount), f"{key} is {amount}, which is not exact"


def amounts(data: Any, key: str = "", *, inside: bool = False) -> Iterator[tuple[str, Any]]:
    """Give numbers below the keys of amounts, without sizes and formulas that stand beside them."""
    if isinstance(data, dict):
        for name, value in data.items():
            if not (inside and name in {"B", "C", "H", "S", "formula"}):
                yield from amounts(value, name, inside=inside or name in AMOUNTS)
    elif isinstance(data, list):
        for value in data:
            yield from amounts(value, key, inside=inside)
    elif inside and data is not None and not (isinstance(data, str) and not re.search(r"\d", data)):
        yield key, data


@pytest.mark.parametrize("verb", sorted(set(JSON) - LISTS - {"peak", "memory", "serve"}))
def test_the_convention_is_told(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    assert "torch" in conventions()
    assert answer(capsys, verb, "--convention", "torch")["convention"] == "torch"


@pytest.mark.parametrize("verb", ["eval", "report", "solve", "optimize"])
def test_every_amount_has_a_unit(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    data = answer(capsys, verb)
    named = data["total"] if "total" in data else data["metrics"] if "metrics" in data else data["value"]
    assert set(data["units"]) == set(named)
    assert all(data["units"].values())


@pytest.mark.parametrize("verb", ["formula", "sensitivity", "asymptotics", "growth", "peak"])
def test_the_one_amount_has_a_unit(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    assert answer(capsys, verb)["unit"] in {"FLOPs", "elements"}
