"""The verb optimize, as a user types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from symcost.cli.progress import line, watched
from symcost.optimum.search import Search
from tests.optimum.test_bound import plan_of

ROOT = Path(__file__).parents[2]
ASKED = ("resnet50", "W=H", "--over", "C=16:256:8, H=32:512:32, L3=1:40", "--maximize", "C*H*L3")


def optimize(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "symcost", "optimize", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_an_answer() -> None:
    done = optimize(*ASKED, "--budget", "macs <= 4G")
    assert (done.returncode, done.stderr) == (0, "")
    said, conditions = done.stdout.split("\n\n")
    assert " ".join(said.split()) == (
        "C = 88, H = 96, L3 = 40: C*H*L3 = 337,920, the greatest of 19,840 designs; 3,989,123,072 MACs <= 4,000,000,000"
    )
    assert conditions.startswith("at B = 1, W = H, K = 1000; proof: bounds leave nothing greater, in ")


def test_json() -> None:
    done = optimize(*ASKED, "--budget", "macs <= 4G", "--budget", "params <= 25M", "--json", "--ties", "1")
    data = json.loads(done.stdout)
    assert data["complete"] is True
    assert data["value"] == data["bound"] == str(data["answer"]["C"] * data["answer"]["H"] * data["answer"]["L3"])
    assert int(data["metrics"]["macs"]) <= 4 * 10**9 and int(data["metrics"]["params"]) <= 25 * 10**6


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (ASKED[:1], 2, "optimize takes unknowns, as in --over 'C=16:256:8, L1=1:8' --maximize 'C*L1'"),
        ((*ASKED[:4], "--budget", "macs <= 4G"), 2, "give one of maximize and minimize"),
        ((*ASKED, "--budget", "macs <= 1k"), 1, "no design meets macs <= 1k: the least is "),
        (("resnet50", "--over", "Q", "--maximize", "Q"), 2, "resnet50: there is no symbol 'Q'"),
        ((*ASKED[:1], "W=0", *ASKED[2:], "--budget", "macs <= 4G"), 3, "resnet50: W = 0 is not a positive size"),
    ],
)
def test_refusals(words: tuple[str, ...], code: int, said: str) -> None:
    done = optimize(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr


def test_progress_is_for_terminals() -> None:
    with watched() as watch:
        assert watch is None


def test_a_line_of_progress() -> None:
    plan = plan_of(1002)
    assert plan is not None
    search = Search(plan.problem(plan.goal()), most=1)
    assert line(search, 2.4) == "0 boxes in 2 s, no design yet"
    search.run()
    search.value = 100
    assert line(search, 3).startswith("1 boxes in 3 s, within ")
