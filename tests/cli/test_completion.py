"""Completion as shells ask for it: by the variable, with the words of the line."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from symcost import shelf
from symcost.catalog import names, shipped
from symcost.cli import candidates, main
from symcost.cli.app import VERBS, app
from symcost.metrics.convention import conventions
from symcost.metrics.metric import metrics
from symcost.optimizers.reading import optimizers
from symcost.setup import settings
from symcost.solver.domain import read_exact
from tests.cli.terminals import ROOT

BROKEN_AT = "=:"
FREE_TEXT = {"FILE", "EXPR", "LOW:HIGH", "N", "NUMBER", "NODE", "PART", "SECONDS", "VALUES", "NAME=EXPR", None, ""}
"""What is not completed: numbers, formulas, and files, which shells do themselves."""


def pieces(line: str) -> list[str]:
    """Return a line in the words that Bash makes of it."""
    found: list[str] = [""]
    for sign in line:
        if sign == " ":
            found.append("")
        elif sign in BROKEN_AT:
            found += [sign, ""] if found[-1] else [sign]
        else:
            found[-1] += sign
    return found if found[-1] or line.endswith(" ") else found[:-1]


def bash(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, line: str) -> list[str]:
    words = pieces(line)
    monkeypatch.setenv("_SYMCOST_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "\n".join(words))
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    assert main([]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out.splitlines()


LINES: dict[str, list[str]] = {
    "symcost re": ["report", "reconcile"],
    "symcost --vers": ["--version"],
    "symcost eval resnext50": ["resnext50_32x4d"],
    "symcost eval specs/lenet5_": ["specs/lenet5_1998.yaml"],
    "symcost eval spe": ["specs/"],
    "symcost eval specs/vgg.yaml:vgg11": ["vgg11", "vgg11_bn"],
    "symcost eval lenet5 --conv": ["--convention"],
    "symcost eval lenet5 --convention to": ["torch", "torchvision"],
    "symcost compare lenet5 --conventions torch,fv": ["torch,fvcore"],
    "symcost eval lenet5 --metric ma": ["macs", "master_bytes"],
    "symcost eval lenet5 --metric elementwise.a": ["elementwise.add"],
    "symcost report lenet5 --by ": ["block", "node", "op"],
    "symcost formula lenet5 --view s": ["smooth"],
    "symcost formula lenet5 --format ": ["text", "latex", "mathml", "python", "numpy", "c", "js", "json"],
    "symcost solve alexnet --for ": ["B", "H", "W", "C", "F", "K"],
    "symcost solve --budget": ["--budget"],
    "symcost formula resnet50 --collect B,C": ["B,C"],
    "symcost eval alexnet --free B,": ["B,H", "B,W", "B,C", "B,F", "B,K"],
    "symcost eval lenet5 H": ["H=", "H=32"],
    "symcost eval resnet50 v1=": ["true", "false"],
    "symcost train lenet5 optimizer=ada": ["adafactor", "adagrad", "adam", "adamw"],
    "symcost train lenet5 device=h": ["h100", "h100_pcie", "h800", "h200"],
    "symcost train lenet5 precision=mixed_b": ["mixed_bf16"],
    "symcost train lenet5 zero=": ["0", "1", "2", "3"],
    "symcost train lenet5 clip_norm=": ["true", "false"],
    "symcost train lenet5 epo": ["epochs=", "epochs=1"],
    "symcost compare lenet5 lenet5 b.C": ["b.C=", "b.C=6"],
    "symcost eval nonesuch H": [],
    "symcost eval lenet5 H=1 --metric nonesuch": [],
}


@pytest.mark.parametrize("line", LINES)
def test_bash(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    assert bash(capsys, monkeypatch, line) == LINES[line]


def test_every_verb_and_name_is_there(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(bash(capsys, monkeypatch, "symcost ")) == set(VERBS)
    found = bash(capsys, monkeypatch, "symcost eval ")
    assert {name for name in found if not name.endswith(("/", *candidates.SUFFIXES))} == set(names())


def test_the_glance_is_right() -> None:
    for path in shelf.files():
        text, spec = path.read_text(), shipped(path)
        assert shelf.variants(text) == tuple(spec.variants)
        seen = shelf.symbols(text)
        assert seen.keys() <= spec.symbols.keys()
        if "\nuse:" not in text:
            assert list(seen) == list(spec.symbols)
        for name, default in seen.items():
            if default and " " not in default:
                assert (
                    read_exact(name, default.replace("true", "1").replace("false", "0")) == spec.symbols[name].default
                )


def test_names_by_a_glance_are_all_there_are() -> None:
    assert candidates.metrics(None, "") == sorted(name for name in metrics() if "." not in name)
    assert candidates.conventions(None, "") == sorted(conventions())
    assert {word.removesuffix("=") for word in candidates.words(typer_context(), "")} == set(settings())
    assert list(candidates._optimizers("")) == sorted(optimizers())


def typer_context(**params: Any) -> Any:
    class Context:
        args: tuple[str, ...] = ()

        def __init__(self) -> None:
            self.params = params

    return Context()


def test_whatever_an_option_takes_is_completed_or_known_not_to_be() -> None:
    command: Any = typer.main.get_command(app)
    for verb in command.commands.values():
        for parameter in verb.params:
            assert candidates.of(parameter) is not None or parameter.metavar in FREE_TEXT, parameter.opts


def process(shell: str, line: str, **environment: str) -> str:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "_SYMCOST_COMPLETE": f"complete_{shell}", **environment}
    env |= {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    command = [sys.executable, "-m", "symcost"]
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return done.stdout


def test_zsh_and_fish() -> None:
    assert '"device=h100"' in process("zsh", "symcost train lenet5 device=h")
    assert "_files" in process("zsh", "symcost eval lenet5 --metric nonesuch")
    assert process("fish", "symcost eval lenet5 --metric mac").split() == ["macs"]


def test_completion_waits_for_nothing_large() -> None:
    code = "import sys; from symcost.cli import main; main([]); print(*sys.modules)"
    loaded: set[str] = set()
    for line in (
        "symcost re",
        "symcost eval res",
        "symcost eval resnet50 --metric ma",
        "symcost solve resnet50 --for ",
    ):
        words = line.split(" ")
        env = {**os.environ, "PYTHONPATH": str(ROOT), "_SYMCOST_COMPLETE": "complete_bash"}
        env |= {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}
        done = subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True)
        loaded |= set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"sympy", "networkx", "ruamel.yaml", "rich", "numpy", "symcost.spec", "symcost.graph"}


def test_bash_itself(tmp_path: Path) -> None:
    shell = shutil.which("bash")
    if shell is None:
        pytest.skip("there is no Bash")
    program = tmp_path / "symcost"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m symcost "$@"\n')
    program.chmod(0o755)
    script = (
        'eval "$(symcost --show-completion bash)"\n'
        "COMP_WORDS=(symcost train lenet5 device = h2) COMP_CWORD=5\n"
        '_symcost_completion symcost && echo "${COMPREPLY[@]}"\n'
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(
        [shell, "--norc", "-c", script], env=env, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("h200\n", "")
