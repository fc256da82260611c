"""Verbs that draw: the file is a picture, and what is printed stays the same."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from symcost.cli import main

pytest.importorskip("matplotlib")

DRAWN = [
    "report lenet5 C=9",
    "report lenet5 --as treemap --by op",
    "peak lenet5",
    "peak lenet5 --training B=4",
    "sensitivity lenet5",
    "sensitivity lenet5 --change 1/10",
    "growth lenet5 --in H=8:64",
    "iso lenet5 --along K=2:10 --largest C=3:60:3 --budget 'flops <= 1M' --budget 'flops <= 10M and params <= 60k'",
    "crossover lenet5 --first macs --second 100*params --in H",
]
START = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


@pytest.mark.parametrize("line", DRAWN)
def test_pictures(capsys: pytest.CaptureFixture[str], tmp_path: Path, line: str) -> None:
    suffix = list(START)[DRAWN.index(line) % 3]
    path = tmp_path / f"p.{suffix}"
    words = [*shlex.split(line), "--plot", str(path)]
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert err == "" and path.read_bytes().startswith(START[suffix])
    if "--change" not in line:
        assert main(words[:-2]) == 0
        assert capsys.readouterr().out == out


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("report lenet5 --plot p.gif", "--plot 'p.gif': the name ends in .png, .svg or .pdf"),
        (
            "report lenet5 --plot p.png --as pie",
            "there is no picture 'pie' of a break-down; there are bars and treemap",
        ),
        ("sensitivity lenet5 --change 1/10", "--change is of a picture; say which file with --plot"),
        ("growth lenet5", "growth takes a size, as in --in H=32:512"),
        ("iso lenet5", "iso takes two sizes and budgets, as in --along L3=2:24:2 --largest C --budget 'macs <= 4G'"),
    ],
)
def test_refusals(capsys: pytest.CaptureFixture[str], line: str, message: str) -> None:
    assert main(shlex.split(line)) == 2
    assert message in capsys.readouterr().err
