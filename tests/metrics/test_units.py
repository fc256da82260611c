"""Numbers under a convention that counts in MACs say so, wherever they are shown."""

from __future__ import annotations

import contextlib
import io
import json

import pytest

import symcost
from symcost.cli import main
from symcost.errors import UsageError
from symcost.metrics.metric import metric, metrics, unit_of
from symcost.solver.budget import Budget

NET = "alexnet"


def said(*words: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main(list(words)) == 0
    return out.getvalue()


def test_only_priced_metrics_follow_the_convention() -> None:
    for name, m in metrics().items():
        assert unit_of(name) == unit_of(name, "torch") == m.unit
        assert unit_of(name, "thop:causal=half") == ("MACs" if m.in_flops else m.unit)


@pytest.mark.parametrize(
    "words",
    [
        ("eval", NET),
        ("report", NET),
        ("formula", NET, "--metric", "flops"),
        ("formula", NET, "--metric", "flops", "--view", "smooth"),
        ("explain", NET, "conv2d"),
        ("solve", NET, "--for", "B", "--budget", "flops <= 2G"),
        ("compare", NET, "vgg11", "--metric", "flops"),
        ("sensitivity", NET, "--metric", "flops"),
        ("pareto", NET, "--over", "B=1:4", "--minimize", "flops", "--maximize", "B"),
        ("optimize", NET, "--over", "B=1:9", "--minimize", "flops"),
        ("knobs", NET, "--cut", "flops", "--keep", "params", "--by", "10%"),
    ],
    ids=lambda words: str(words[0]),
)
def test_every_verb_says_macs(words: tuple[str, ...]) -> None:
    told = said(*words, "--convention", "thop")
    assert "MACs" in told
    told, _, _ = told.partition("forward work as conventions count it")  # which says the unit of each
    for line in told.splitlines():
        assert "FLOPs" not in line or line.startswith("convention"), line


def test_json_says_macs() -> None:
    assert json.loads(said("eval", NET, "--convention", "thop", "--json"))["units"]["flops"] == "MACs"
    written = json.loads(said("formula", NET, "--metric", "flops", "--convention", "thop", "--format", "json"))
    grown = json.loads(said("asymptotics", NET, "--metric", "flops", "--in", "C", "--convention", "thop", "--json"))
    assert written["unit"] == grown["unit"] == "MACs"


def test_a_limit_is_in_the_unit_of_the_convention() -> None:
    net = symcost.load(NET)
    macs = symcost.solve(net.cost("torchvision"), for_="B", budgets="flops <= 7 GMACs").answer
    assert macs == symcost.solve(net.cost("torch"), for_="B", budgets="flops <= 14 GFLOPs").answer == 9
    for name, text, units in [
        ("torch", "flops <= 7 GMACs", "counted in FLOPs by 'torch', not in MACs"),
        ("thop", "flops <= 7 GFLOPs", "counted in MACs by 'thop', not in FLOPs"),
    ]:
        for budget in (text, Budget.parse(text)):
            with pytest.raises(UsageError, match=f"^budget '{text}': flops is {units}$"):
                symcost.solve(net.cost(name), for_="B", budgets=budget)
    with pytest.raises(UsageError, match=r"^budget 'flops <= 7 GB': "):
        Budget.parse("flops <= 7 GB")
    assert metric("macs").unit == "MACs"
