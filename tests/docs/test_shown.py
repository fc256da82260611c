"""What pages show is what happens: their commands print what they say, their Python gives what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.shown import ROOT, blocks, pages, renewed

PAGES = pages()
NOT_RUN = 6
"""How many blocks of the documentation do not run, each with its reason: what installs, asks a browser or a shell."""

every_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


@every_page
def test_a_page_shows_what_happens(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert renewed(text).splitlines() == text.splitlines()


@pytest.mark.parametrize("path", PAGES[2:], ids=lambda path: str(path.relative_to(ROOT)))
def test_every_block_runs_or_says_why_not(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "\nTraceback " not in text
    found = [block for block in blocks(text) if not block.language.startswith("{")]
    for block in found:
        runs = block.language in {"console", "pycon"} or block.file
        assert runs or block.mark.startswith("% not run: "), block.text
        if block.language == "console" and not block.mark:
            assert all(line.startswith("$ symcost ") for line in block.text.splitlines() if line.startswith("$ "))


def test_few_blocks_do_not_run() -> None:
    marked = [block for path in PAGES for block in blocks(path.read_text(encoding="utf-8")) if block.mark]
    assert len(marked) <= NOT_RUN


def test_the_readme_shows_commands_and_python() -> None:
    found = blocks(PAGES[0].read_text(encoding="utf-8"))
    assert sum(block.text.count("\n$ symcost ") + 1 for block in found if block.language == "console") >= 5
    assert any(block.language == "pycon" for block in found)


def test_a_command_by_itself_prints_the_same() -> None:
    """Pages run their commands in one process; so does this, in one of its own."""
    words = ["solve", "resnet50", "--for", "C", "--budget", "macs <= 2G"]
    run = subprocess.run([sys.executable, "-m", "symcost", *words], capture_output=True, text=True, check=True)
    assert run.stdout in renewed("```console\n$ symcost solve resnet50 --for C --budget 'macs <= 2G'\n```\n")


def test_what_has_changed_is_seen() -> None:
    page = "```pycon\n>>> 1 + 1\n3\n>>> int('x')\n```\n"
    told = "ValueError: invalid literal for int() with base 10: 'x'"
    assert renewed(page) == (
        f"```pycon\n>>> 1 + 1\n2\n>>> int('x')\nTraceback (most recent call last):\n    ...\n{told}\n```\n"
    )
