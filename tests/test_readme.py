"""What the README shows is what happens: its commands print what it says, its Python gives what it says."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[tuple[str, str]]:
    found = [(page.name, text) for page in PAGES for kind, text in BLOCK.findall(page.read_text()) if kind == language]
    return [(f"{name}-{i}", text) for i, (name, text) in enumerate(found)]


def commands() -> list[tuple[str, str, str]]:
    """Every shown ``symcost`` command with the output shown below it."""
    found = []
    for name, text in blocks("console"):
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            if command.startswith("symcost "):
                found.append((name, command, output))
    return found


@pytest.mark.parametrize(("name", "command", "expected"), commands(), ids=lambda text: text[:40])
def test_a_command_prints_what_is_shown(name: str, command: str, expected: str, tmp_path: Path) -> None:
    for file, text in files():
        (tmp_path / file).write_text(text)
    args = [sys.executable, "-m", "symcost", *shlex.split(command)[1:]]
    run = subprocess.run(args, capture_output=True, text=True, cwd=tmp_path, check=False)
    shown = [line.rstrip() for line in expected.strip().splitlines()]
    printed = [line.rstrip() for line in (run.stdout + run.stderr).strip().splitlines()]
    assert printed == shown


def files() -> list[tuple[str, str]]:
    """The specs shown in the README, by the name in their first line: ``# tiny.yaml``."""
    named = [(re.match(r"# ([\w.]+)\n", text), text) for _, text in blocks("yaml")]
    return [(match[1], text) for match, text in named if match]


@pytest.mark.parametrize(("name", "text"), blocks("pycon"), ids=lambda text: text[:40])
def test_python_gives_what_is_shown(name: str, text: str) -> None:
    test = doctest.DocTestParser().get_doctest(text, {}, name, name, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert runner.run(test).failed == 0


def test_the_readme_shows_commands_and_python() -> None:
    assert len(commands()) >= 5
    assert blocks("pycon")
