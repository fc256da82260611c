"""Ops of one's own on the command line: a file that is named there is run; every way to be wrong is one line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from symcost.cli import main
from symcost.ops.op import Op

ROOT = Path(__file__).parents[1]
(TLU,) = re.findall(r"^```python\n(.*?)^```", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE | re.DOTALL)
SPEC = """\
symcost: 1
name: cut
symbols: {B: 1, C: 8, H: 4}
inputs: {image: [B, C, H, H]}
model: [tlu]
"""


@pytest.fixture(autouse=True)
def _in_a_folder_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Op, "known", dict(Op.known))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    Path("cut.yaml").write_text(SPEC)


@pytest.mark.parametrize("source", ["tlu_ops.py", "tlu_ops"])
def test_a_file_or_a_module(source: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "cut.yaml"]) == 3
    assert capsys.readouterr().err == "cut.yaml:5:9: no op or block is named 'tlu'; did you mean 'glu'?\n"
    Path("tlu_ops.py").write_text(TLU)
    assert main(["--ops", source, "eval", "cut.yaml", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["total"]["params"] == "8"


def test_all_verbs_know_it(capsys: pytest.CaptureFixture[str]) -> None:
    Path("ops.py").write_text(TLU)
    own = ["--ops", "ops.py"]
    assert main([*own, "check", "cut.yaml"]) == 0
    assert main([*own, "list", "--ops", "tlu"]) == 0
    assert "threshold of its channel" in capsys.readouterr().out
    assert main([*own, "schema"]) == 0
    assert "Tlu" in json.loads(capsys.readouterr().out)["$defs"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "defines no op: a subclass of symcost.ops.Op with a field 'op'"),
        ("import os\nf(3)\n", ": NameError: name 'f' is not defined, in line 2"),
        ("def f(:\n", ": SyntaxError: invalid syntax (ops.py, line 1)"),
        (
            TLU.replace('"tlu"', '"relu"'),
            ": Tlu: an op is called 'relu' already, symcost.ops.activation.Activation; name one otherwise",
        ),
    ],
)
def test_a_file_that_cannot_be_used(text: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("ops.py").write_text(text)
    assert main(["--ops", "ops.py", "eval", "cut.yaml"]) == 2
    colon = "" if said.startswith(":") else " "
    assert capsys.readouterr().err == f"--ops 'ops.py'{colon}{said}\n"


def test_what_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--ops", "none.py", "list"]) == 2
    assert main(["--ops", "nowhere", "list"]) == 2
    assert capsys.readouterr().err == (
        "--ops 'none.py': there is no such file\n--ops 'nowhere': ModuleNotFoundError: No module named 'nowhere'\n"
    )


def test_a_fault_in_it_is_the_users_to_mend(capsys: pytest.CaptureFixture[str]) -> None:
    Path("ops.py").write_text(TLU.replace("a.C", "a.D"))
    assert main(["--ops", "ops.py", "eval", "cut.yaml"]) == 2
    assert re.fullmatch(
        r".*ops\.py:\d+: in an op of your own: AttributeError: "
        r"the inputs in 'takes' have no axis 'D'; there are B, C\n",
        capsys.readouterr().err,
    )


def test_after_the_verb_it_is_too_late(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "cut.yaml", "--ops", "ops.py"]) == 2
    assert capsys.readouterr().err == (
        "symcost eval: No such option: --ops; it stands before the verb; see `symcost eval --help`\n"
    )
