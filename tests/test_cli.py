"""The command line: what programs read, what people read, and every way to be wrong in one clear line."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from symcost.cli import main
from symcost.cli.app import VERBS
from symcost.ops.op import Op

ROOT = Path(__file__).parents[1]
TINY = """\
symcost: 1
name: Tiny
symbols:
  B: 1
  H: 32
  C: {multiple_of: 4, default: 8}
  r: {kind: ratio, default: 1/2}
  deep: {kind: flag, default: false}
inputs: {image: [B, 3, H, H]}
model:
  - {conv2d: {out: C, kernel: 5}, name: stem}
  - when: deep
    do: [relu]
  - global_avg_pool
  - linear: {out: "floor(r*C)", bias: false}
variants:
  tiny_wide: {set: {r: 3/2}}
"""


class Run:
    """What a command line came to."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *args: str) -> None:
        self.code = main(args)
        self.out, self.err = capsys.readouterr()

    @property
    def data(self) -> Any:
        assert (self.code, self.err) == (0, "")
        return json.loads(self.out)


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    path = tmp_path / "tiny.yaml"
    path.write_text(TINY)
    return str(path)


# --- what programs read -------------------------------------------------------------------------------------


def test_eval_as_the_contract_says(capsys: pytest.CaptureFixture[str]) -> None:
    data = Run(capsys, "eval", "resnet50", "--json").data
    assert data["schema"] == 1
    assert data["convention"] == "symcost"
    assert data["bindings"] == {"B": 1, "H": 224, "W": 224, "C": 64, "K": 1000}
    assert data["total"]["params"] == "25557032"
    assert data["total"]["macs"] == "4089184256"
    assert set(data) >= {"elementwise_by_kind", "units"}


def test_eval_under_a_convention(capsys: pytest.CaptureFixture[str]) -> None:
    data = Run(capsys, "eval", "resnet50", "--convention", "torch", "--metric", "flops", "--json").data
    assert data["total"] == {"flops": "8178368512"}
    assert data["convention"] == "torch"


def test_solve_as_the_contract_says(capsys: pytest.CaptureFixture[str]) -> None:
    data = Run(capsys, "solve", "resnet50", "--for", "C", "--budget", "macs <= 2G", "--json").data
    assert data.pop("closed_form")[0]["view"] == "exact"
    assert (data.pop("name"), data.pop("bindings")) == ("resnet50", {"B": 1, "H": 224, "W": 224, "K": 1000})
    assert data.pop("fixed") == {"L1": 3, "L2": 4, "L3": 6, "L4": 3, "r": 1, "g": 1}
    assert data.pop("units") == {"macs": "MACs"}
    assert data == {
        "schema": 1,
        "convention": "symcost",
        "answer": {"C": 44},
        "value": {"macs": "1958573056"},
        "next": {"C": 45, "macs": "2046692160"},
        "binding": ["macs <= 2G"],
    }


def test_solve_for_what_a_variant_fixes(capsys: pytest.CaptureFixture[str]) -> None:
    data = Run(capsys, "solve", "resnet50", "--for", "L3", "--budget", "macs<=6G", "--multiple-of", "2", "--json").data
    assert data["answer"] == {"L3": 14}


SOLVED = {
    "mobilenet_v1 --for alpha --budget macs~569M": {"alpha": 1},
    "mobilenet_v1 --for alpha --budget macs~325M": {"alpha": "3/4"},
    "mobilenet_v1 --for alpha --budget macs~149M": {"alpha": "1/2"},
    "mobilenet_v1 --for alpha --budget macs~41M": {"alpha": "1/4"},
    "mobilenet_v1 --for alpha --budget macs==325400448": {"alpha": "3/4"},
    "mobilenet_v1 --for alpha --budget macs<=325M --step 1/8": {"alpha": "5/8"},
    "resnet50 --for C --budget macs<=2G --in 8:256:8": {"C": 40},
    "resnet50 --for H W=H --budget macs<=2G": {"H": 152},
    "resnet50 --for C --budget macs<=2G --in 30,44,60": {"C": 44},
    "resnet50 --for C --budget macs>=1k --between 10:20": {"C": 20},
    "resnet50 --for C --budget macs>=1k --between 10: --smallest": {"C": 10},
    "resnet50 --for C --budget macs<=2G --between :30": {"C": 30},
    "unet --for depth --budget params<=10M": {"depth": 3},
    "unet --for depth --budget flops<=400G --convention torch --in 1:4": {"depth": 4},
}


@pytest.mark.parametrize("line", SOLVED)
def test_solve_in_one_command(capsys: pytest.CaptureFixture[str], line: str) -> None:
    assert Run(capsys, "solve", *line.split(), "--json").data["answer"] == SOLVED[line]


UNSOLVED = {
    "resnet50 --for v1 --budget macs<=2G": (2, "v1 is true or false and is fixed before the network is drawn"),
    "unet --for depth --budget macs<=2G --step 2": (2, "depth is fixed before the network is drawn: give a set "),
    "resnet50 --for C --budget macs<=2G --between 9": (2, "--between takes LOW:HIGH, such as 32:512 or 32:, got '9'"),
    "resnet50 --for C --budget macs<=2G --in 8,,9": (2, "a value of the set for C is missing; write it as 32,48,64 "),
    "resnet50 --for C --budget macs<=2G --budget params>=40M": (
        1,
        "no C meets all budgets: macs<=2G takes C <= 44; params>=40M takes C >= 81",
    ),
    "resnet50 --for C --budget macs>=2G": (1, "there is no greatest C: every C from 45 on meets macs>=2G; ask for "),
    "resnet50 --for H --budget params>=2G": (1, "no budget depends on H: 25,557,032 params for every H"),
    "resnet50 --for H --budget mac>=2G": (2, "there is no metric 'mac'; did you mean 'macs'?"),
}


@pytest.mark.parametrize("line", UNSOLVED)
def test_solve_says_why_not(capsys: pytest.CaptureFixture[str], line: str) -> None:
    run = Run(capsys, "solve", *line.split())
    code, message = UNSOLVED[line]
    assert (run.code, run.out) == (code, "")
    assert message in run.err
    assert run.err.count("\n") == 1


def test_solve_for_the_least(capsys: pytest.CaptureFixture[str]) -> None:
    command = ("solve", "resnet50", "--for", "C", "--budget", "params >= 25M", "--smallest", "--json")
    assert Run(capsys, *command).data["answer"] == {"C": 64}


def test_list_can_be_given_to_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    data = Run(capsys, "list", "--json").data
    first = data[0]
    assert set(first) >= {"name", "same_as", "symbols", "source", "about", "family"}
    assert Run(capsys, "formula", first["name"], "--json").data["metric"] == "macs"
    assert Run(capsys, "report", first["name"], "--json").data["rows"]
    assert Run(capsys, "check", first["name"], "--json").data[0]["ok"]


def test_the_ops_are_listed_with_their_fields(capsys: pytest.CaptureFixture[str]) -> None:
    data = {op["name"]: op for op in Run(capsys, "list", "--ops", "--json").data}
    assert data.keys() == Op.known.keys()
    assert [field["name"] for field in data["linear"]["fields"]] == ["out", "bias"]
    assert re.search(r"^linear +out, bias = true +Multiply", Run(capsys, "list", "--ops").out, re.MULTILINE)


def test_values_decide_what_symbols_leave_open(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "root.yaml"
    path.write_text("symcost: 1\nname: x\nsymbols: {C: 4}\ninputs: {a: [1, 2]}\nmodel: [linear: 'isqrt(C)']\n")
    assert Run(capsys, "eval", str(path)).code == 3
    assert Run(capsys, "eval", str(path), "C=25", "--json").data["total"]["macs"] == "10"


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert Run(capsys, "explain", "resnet50", "linear", "--json").data["metrics"]["macs"]["formula"] == "32*B*C*K"


def test_schema_accepts_the_shipped_specs(capsys: pytest.CaptureFixture[str]) -> None:
    schema = Run(capsys, "schema").data
    assert schema["title"] == "symcost spec"


# --- values -------------------------------------------------------------------------------------------------


def total(run: Run, metric: str = "macs") -> int:
    return int(run.data["total"][metric])


def test_values_are_exact(capsys: pytest.CaptureFixture[str], tiny: str) -> None:
    stem = 28 * 28 * 8 * 75
    assert total(Run(capsys, "eval", tiny, "--json")) == stem + 8 * 4
    for half in ("1/2", "0.5", "5e-1"):
        assert total(Run(capsys, "eval", tiny, f"r={half}", "--json")) == stem + 8 * 4
    assert total(Run(capsys, "eval", tiny, "r = 3/4", "B=2", "--json")) == 2 * (stem + 8 * 6)
    assert total(Run(capsys, "eval", f"{tiny}:tiny_wide", "--json")) == stem + 8 * 12


def test_structure_is_fixed_before_the_graph(capsys: pytest.CaptureFixture[str], tiny: str) -> None:
    assert total(Run(capsys, "eval", tiny, "--json"), "elementwise") + 28 * 28 * 8 == total(
        Run(capsys, "eval", tiny, "deep=true", "--json"), "elementwise"
    )


def test_freed_symbols_keep_the_variant_s_value(capsys: pytest.CaptureFixture[str], tiny: str) -> None:
    freed = Run(capsys, "eval", f"{tiny}:tiny_wide", "--free", "r", "--json").data
    assert freed["bindings"]["r"] == "3/2"
    assert freed["fixed"] == {}
    assert "r" in Run(capsys, "formula", f"{tiny}:tiny_wide", "--free", "r", "--json").data["text"]
    assert "r" not in Run(capsys, "formula", f"{tiny}:tiny_wide", "--json").data["symbols"]


def test_formulas_take_values_in(capsys: pytest.CaptureFixture[str], tiny: str) -> None:
    run = Run(capsys, "formula", tiny, "H=32", "r=1")
    assert run.out.splitlines()[-1] == "macs = B*C**2 + 58800*B*C"


def test_formulas_are_put_together(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys, "formula", "gpt2", "--alias", "N = B*T", "--alias", "M = N*E", "--collect", "M", "--factor")
    assert run.out.splitlines()[-2:] == ["macs = M*(12*E*L + 2*L*T + V)", "with N = B*T, M = E*N"]
    part = Run(capsys, "formula", "gpt2", "T=128", "--leading", "1", "--json").data
    assert part["text"] == "1536*B*E**2*L + ... (2 terms, 32.5 %)"
    assert part["part"]["left_out"] == 2


def test_a_spec_from_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TINY.encode())))
    assert Run(capsys, "eval", "-", "--json").data["name"] == "Tiny"


# --- what people read ---------------------------------------------------------------------------------------


def test_no_arguments_show_two_examples_that_run(capsys: pytest.CaptureFixture[str]) -> None:
    run = Run(capsys)
    assert run.code == 0
    examples = re.findall(r"^    symcost (.*)$", run.out, re.MULTILINE)
    assert len(examples) == 2
    for example in examples:
        words = [word.strip("'") for word in re.findall(r"'[^']*'|\S+", example)]
        assert Run(capsys, *words).code == 0


def test_solve_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    out = Run(capsys, "solve", "resnet50", "--for", "C", "--budget", "macs <= 2G").out
    assert out.startswith("C = 44: 1,958,573,056 MACs <= 2,000,000,000; C = 45 gives 2,046,692,160\n")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    run = Run(capsys, verb, "--help")
    assert run.code == 0
    assert "Usage: symcost" in run.out
    first = Run(capsys, "--help").out.split(f"\n  {verb} ")[1].splitlines()[0]
    assert not first.endswith("..."), "the list of verbs cuts it"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert re.fullmatch(r"symcost \d+\.\d+\.\d+\n", Run(capsys, "--version").out)


def test_a_file_named_without_its_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lm.yaml").write_text("symcost: 1\n")
    monkeypatch.chdir(tmp_path)
    assert Run(capsys, "report", "lm").err == "there is no spec 'lm'; did you mean the file 'lm.yaml'?\n"


# --- every way to be wrong ----------------------------------------------------------------------------------

WRONG = [
    (["eval", "resnet5O"], 3, "there is no spec 'resnet5O'; did you mean 'resnet50'?"),
    (["eval", "no/such.yaml"], 3, "no/such.yaml: no such file"),
    (["eval", "resnet50", "Q=3"], 2, "resnet50: there is no symbol 'Q'; there are B, H, W, C, K, L1"),
    (["eval", "resnet50", "--free", "Q"], 2, "resnet50: there is no symbol 'Q'"),
    (["eval", "resnet50", "H=0"], 3, "resnet50: H = 0 is not a positive size"),
    (["eval", "resnet50", "H=2.5"], 3, "resnet50: H = 5/2 is not a whole number, and the kind is dimension"),
    (["eval", "resnet50", "H=wide"], 3, "H: takes a number: unknown name 'wide'"),
    (["eval", "gpt2", "P=8k"], 3, "P: takes a number: '8k': '8k' is not a number; write it out, as 8000 or 8*1024"),
    (["eval", "resnet50", "H"], 2, "values are given as NAME=VALUE, such as H=256; got 'H'"),
    (["eval", "resnet50", "H="], 2, "values are given as NAME=VALUE, such as H=256; got 'H='"),
    (["eval", "resnet50", "H=1", "H=2"], 2, "H is given twice, as '1' and '2'"),
    (["eval", "resnet50", "v1=3"], 3, "resnet50: v1 = 3 is not true or false"),
    (["eval", "vgg16", "H=5"], 3, "vgg16: H = 5 is refused at node"),
    (["eval", "resnet50", "--metric", "mac"], 2, "there is no metric 'mac'; did you mean 'macs'?"),
    (["eval", "resnet50", "--convention", "troch"], 2, "there is no convention 'troch'; did you mean 'torch'?"),
    (["formula", "resnet50", "--view", "smoth"], 2, "there is no view 'smoth'; did you mean 'smooth'?"),
    (["formula", "resnet50", "--format", "tex"], 2, "there is no notation 'tex'"),
    (["formula", "resnet50", "--collect", "Q"], 2, "there is no free symbol 'Q' to collect"),
    (["formula", "resnet50", "--alias", "E"], 2, "an alias is given as NAME=EXPRESSION, such as E=D*h; got 'E'"),
    (["formula", "resnet50", "--alias", "E=B", "--alias", "E=C"], 2, "alias 'E' is given twice"),
    (["formula", "resnet50", "--alias", "E=Q"], 2, "alias 'E': unknown name 'Q'; known here: B, C, H, K, W"),
    (["formula", "resnet50", "--leading", "0"], 2, "the number of terms to show is at least 1, got 0"),
    (["formula", "resnet50", "--leading", "2", "--leading-in", "H"], 2, "the largest terms and those of the highest"),
    (["formula", "resnet50", "--leading-in", "Q"], 2, "there is no free symbol 'Q'; free are B, H, W, C, K"),
    (["formula", "resnet50", "--factor", "--format", "c"], 2, "a program is the whole formula in the network's own"),
    (["formula", "resnet50", "--json", "--format", "c"], 2, "--json and --format c are two notations; give one"),
    (["report", "resnet50", "--by", "layer"], 2, "there is no break-down by 'layer'; there are block, node and op"),
    (["explain", "resnet50", "liner"], 2, "resnet50: there is no node 'liner'; did you mean 'linear'?"),
    (["explain", "resnet50", "stage_2"], 2, "resnet50: there is no node 'stage_2', but a block; its nodes are "),
    (["solve", "resnet50"], 2, "solve takes a symbol and a budget, as in --for C --budget 'macs <= 2G'"),
    (["solve", "resnet50", "--for", "Q", "--budget", "macs <= 1G"], 2, "resnet50: there is no symbol 'Q'"),
    (["solve", "resnet50", "--for", "C", "--budget", "macs <= 2"], 1, "no C meets macs <= 2: the least is 2,844,992"),
    (["reprot"], 2, "symcost: No such command 'reprot'"),
    (["ResNet-50"], 2, "a verb stands before the network, as in `symcost report ResNet-50`; see `symcost --help`"),
    (["l" * 300], 2, "symcost: No such command 'lll"),
    (["my.yaml"], 2, "a verb stands before the network, as in `symcost report my.yaml`; see `symcost --help`"),
    (["eval"], 2, "symcost eval: Missing argument 'SPEC'; see `symcost eval --help`"),
    (["eval", "resnet50", "--wide"], 2, "symcost eval: No such option: --wide"),
    (["report", "resnet50", "--depth", "x"], 2, "symcost report: Invalid value for '--depth'"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "code", "message"), WRONG, ids=[" ".join(command) for command, _, _ in WRONG])
def test_errors(capsys: pytest.CaptureFixture[str], command: list[str], code: int, message: str) -> None:
    run = Run(capsys, *command)
    assert run.code == code
    assert run.out == ""
    assert run.err.startswith(message)
    assert run.err.count("\n") == 1


def test_all_faults_of_a_spec_are_told_at_their_places(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("symcost: 1\nname: x\ninputs: {a: [B]}\nmodel: [linaer: 3]\nfoo: 1\n")
    run = Run(capsys, "eval", str(path))
    assert run.code == 3
    assert run.out == ""
    assert all(line.startswith(f"{path}:") for line in run.err.splitlines())


def test_check_says_no(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text("symcost: 1\nname: small\nsymbols: {H: 5}\ninputs: {x: [1, 3, H]}\nmodel: [max_pool1d: 7]\n")
    run = Run(capsys, "check", str(path))
    assert run.code == 1
    assert run.out.splitlines()[-1] == "small: H = 5 is refused at node 'max_pool1d': needs H >= 7"
    assert Run(capsys, "check", str(path), "H=9").code == 0


def test_a_fault_of_symcost_is_one_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: str) -> None:
        raise KeyError(source)

    monkeypatch.setattr("symcost.cli.question.load", fail)
    run = Run(capsys, "eval", "x")
    assert run.code == 70
    assert run.err.startswith("a fault of symcost, please report it: KeyError: 'x' at ")
    assert run.err.count("\n") == 1


def test_an_interrupt_ends_quietly(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(source: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("symcost.cli.question.load", stop)
    run = Run(capsys, "eval", "x")
    assert run.code == 130
    assert run.err.strip() in ("", "interrupted")


# --- as a process -------------------------------------------------------------------------------------------


def process(*args: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "symcost", *args]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=60, **options)


def test_numbers_come_without_sympy_and_networkx() -> None:
    code = "import sys; from symcost.cli import main; main(['eval', 'resnet50', '--json']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"sympy", "networkx", "numpy", "pandas", "rich"}


def test_help_comes_without_the_machinery() -> None:
    code = "import sys; from symcost.cli import main; main(['--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {"sympy", "networkx", "pydantic", "ruamel.yaml", "symcost.graph", "rich"}


def test_a_reader_that_goes_away_is_no_error() -> None:
    reader = "import sys; sys.stdin.readline()"
    first = subprocess.Popen([sys.executable, "-m", "symcost", "schema"], cwd=ROOT, stdout=-1, stderr=-1)
    subprocess.run([sys.executable, "-c", reader], stdin=first.stdout, check=True)
    assert first.stdout is not None
    assert first.stderr is not None
    first.stdout.close()
    assert first.wait() in (0, 141)  # 0 where the pipe took all of it
    assert first.stderr.read() == b""
    first.stderr.close()


def test_the_exit_code_leaves_the_process() -> None:
    done = process("solve", "resnet50", "--for", "C", "--budget", "macs <= 2")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "no C meets macs <= 2: the least is 2,844,992 MACs, at C = 1\n"
