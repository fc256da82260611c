"""What takes long says so on terminals, and nowhere else."""

from __future__ import annotations

import re

from symcost.cli.progress import EVERY, bar, busy, say, settle, watched
from tests.cli.terminals import on_terminal

SOON = (
    "import symcost.cli.progress as p; p.SHOWN_AFTER = {after}; from symcost.cli import main; raise SystemExit(main())"
)


def test_long_work_is_told_on_the_terminal_and_taken_away() -> None:
    found = on_terminal("train", "resnet50", "device=h100", "examples=1000", code=SOON.format(after=0.01))
    assert found.code == 0
    assert "counting what resnet50 takes" in found.terminal
    assert re.search(r"\x1b\[2K(?!.*counting).*FLOPs", found.terminal, re.DOTALL), "the line is gone before the answer"
    assert "\x1b[33m" not in found.terminal, "yellow is not read on white"


def test_a_pipe_gets_the_answer_alone() -> None:
    found = on_terminal("eval", "resnet50", "--json", out=False, code=SOON.format(after=0.01))
    assert found.out.startswith("{")
    assert found.out.endswith("}\n")
    assert "resnet50" in found.terminal


def test_short_work_and_dumb_terminals_get_none() -> None:
    assert "\x1b[2K" not in on_terminal("eval", "lenet5", code=SOON.format(after=50)).terminal
    assert "\x1b" not in on_terminal("eval", "lenet5", code=SOON.format(after=0.01), TERM="dumb").terminal


def test_searches_say_how_far_they_are() -> None:
    words = [
        "pareto",
        "lenet5",
        "--over",
        "C=6:600:6",
        "--over",
        "K=10:400:2",
        "--minimize",
        "macs",
        "--maximize",
        "params",
    ]
    found = on_terminal(*words, code=SOON.format(after=0.01))
    assert found.code == 0
    assert " designs " in found.terminal


def test_nothing_is_watched_where_nobody_looks() -> None:
    with busy(), watched() as search, bar("things") as things:
        say("something")
        settle()
        assert search is None
        assert things is None
    assert EVERY > 0
