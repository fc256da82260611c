"""Help: it fits every terminal, says what options take, and its examples run."""

from __future__ import annotations

import re
import shlex

import pytest

from symcost.cli import main
from symcost.cli.app import VERBS


def helped(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main([*words, "--help"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_help_fits_eighty_columns(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    told = helped(capsys, *filter(None, [verb]))
    assert max(map(len, told.splitlines())) <= 80
    assert "<int" not in told, "an option says what it takes"
    assert re.search(rf"^      symcost {verb or 'report'} ", told, re.MULTILINE)
    assert told.splitlines()[-1].startswith("  --help") or not verb


def test_the_first_examples_run(capsys: pytest.CaptureFixture[str]) -> None:
    lines = re.findall(r"^      symcost (.*)$", helped(capsys), re.MULTILINE)
    assert len(lines) == 2
    for line in lines:
        assert main(shlex.split(line)) == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["reprot"], "symcost: No such command 'reprot'; did you mean 'report' or 'export'?; see `symcost --help`"),
        (
            ["eval", "lenet5", "--metrics", "macs"],
            "symcost eval: No such option: --metrics; did you mean '--metric'?; see `symcost eval --help`",
        ),
        (["eval", "lenet5", "--wide"], "symcost eval: No such option: --wide; see `symcost eval --help`"),
    ],
)
def test_what_is_meant_is_said(capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    assert main(words) == 2
    assert capsys.readouterr() == ("", f"{message}\n")
