"""Blocks of other specs: what they bring along, what they mean here, and what is said where that does not work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import symcost
from symcost.cost import Cost
from symcost.errors import SpecError
from symcost.spec.models import Call, Spec
from symcost.spec.shipped import names, underscored
from symcost.spec.symbols import Symbol
from symcost.spec.use import Use
from tests.specs.naive.walk import count

LIBRARY = """\
symcost: 1
name: library
symbols:
  B: 1
  H: 8
  C: {default: 4, multiple_of: 2**n, about: width}
  n: {kind: constant, default: 1, min: 0, max: 3}
  k: 3
  unread: 7
  deep: {kind: flag, default: false}
inputs: {image: [B, 3, H, H]}
blocks:
  unit: {args: {c: ~, s: 1}, body: [conv2d: {out: c, kernel: k, stride: s, padding: same}]}
  stage:
    args: {c: C, k: 1, s: k}
    body:
      - repeat: 2
        index: i
        do: [unit: c + i - i]
      - {unit: {c: 2*c, s: 2}, name: half}
      - {when: deep, do: [unit: c]}
model: [stage]
variants:
  five: {set: {k: 5, deep: true}, default: {C: 6}}
"""
NET = """\
symcost: 1
name: net
use: {%s}
symbols: {B: 1, H: 8}
inputs: {image: [B, 3, H, H]}
blocks:
  unit: {body: [relu]}
model:
"""


def net(tmp_path: Path, use: str, model: str = "  - stage\n") -> Path:
    (tmp_path / "library.yaml").write_text(LIBRARY)
    (tmp_path / "net.yaml").write_text(NET % use + model)
    return tmp_path / "net.yaml"


def cost(path: Path) -> Cost:
    return symcost.load(path).cost("torch")


def said(path: Path) -> str:
    with pytest.raises(SpecError) as caught:
        symcost.load(path).graph()
    return str(caught.value).replace(str(path.parent), "@")


def test_a_block_brings_the_blocks_that_it_applies(tmp_path: Path) -> None:
    """They do not meet those of the spec: its own ``unit`` is another."""
    path = net(tmp_path, "library.yaml: [stage]", "  - stage\n  - unit\n")
    assert list(symcost.read_spec(path).blocks) == ["unit", "stage", "library.unit"]
    assert [node.name for node in symcost.load(path).graph().nodes] == [
        "stage.repeat.round_1.unit.conv2d",
        "stage.repeat.rest.unit.conv2d",
        "stage.half.conv2d",
        "unit.relu",
    ]


def test_it_costs_what_it_costs_at_home(tmp_path: Path) -> None:
    path = net(tmp_path, "library.yaml: [stage]")
    assert cost(path).macs == cost(tmp_path / "library.yaml").macs


def test_it_brings_the_symbols_that_it_reads(tmp_path: Path) -> None:
    """With those that they are declared by, and not those that its arguments and indices hide."""
    symbols = symcost.read_spec(net(tmp_path, "library.yaml: [stage]")).symbols
    assert list(symbols) == ["B", "H", "C", "n", "k", "deep"]
    assert symbols["C"] == Symbol(default=4, multiple_of="2**n", about="width")


def test_a_symbol_that_is_declared_here_keeps_its_meaning(tmp_path: Path) -> None:
    path = net(tmp_path, "library.yaml: [stage]")
    path.write_text(path.read_text().replace("H: 8}", "H: 8, C: 10}"))
    assert symcost.read_spec(path).symbols["C"] == Symbol(default=10)


def test_what_a_variant_sets_is_put_in(tmp_path: Path) -> None:
    """Its ``set`` as numbers, unless an argument hides the name or the symbol is declared here; its defaults stay."""
    path = net(tmp_path, '"library.yaml:five": [stage]')
    symbols = symcost.read_spec(path).symbols
    assert list(symbols) == ["B", "H", "C", "n"]
    assert symbols["C"].default == 6
    found = cost(path)
    assert found.params == symcost.load(f"{tmp_path / 'library.yaml'}:five").cost("torch").params
    path.write_text(path.read_text().replace("H: 8}", "H: 8, k: 7}"))
    assert {str(letter) for letter in cost(path).params.free_symbols} == {"C", "k"}


def test_symbols_can_be_set_here(tmp_path: Path) -> None:
    """To numbers, or to what is written in the symbols of the spec; they are then not among its symbols."""
    path = net(tmp_path, "library.yaml: {blocks: [stage], set: {C: 6*B, n: 0, k: 5}}", "  - stage: {s: 5}\n")
    assert list(symcost.read_spec(path).symbols) == ["B", "H", "deep"]
    assert cost(path).at(B=2).params == symcost.load(tmp_path / "library.yaml").fix(C=12, k=5, n=0).cost().params


AGREES = {
    "library.yaml: [stage]": "  - stage: 6\n",
    "./library.yaml: {blocks: {theirs: stage}, set: {k: 5}}": "  - theirs: 6\n",
    "resnet18: {blocks: {stage: stage}}": "  - stage: {c: 6, n: 2}\n",
    "resnet50: [stage], mobilenet_v2: {blocks: {thin: stage}, set: {alpha: 1/2, t: B + 1}}": (
        "  - stage: {c: 6, n: 2}\n  - thin: {c: 24, n: 2}\n"
    ),
}


@pytest.mark.parametrize("use", AGREES)
def test_the_plain_interpreter_agrees(tmp_path: Path, use: str) -> None:
    path = net(tmp_path, use, AGREES[use])
    assert count(path, H=10).macs == cost(path).at(H=10).macs


def test_steps_of_a_block_can_be_read_by_name(tmp_path: Path) -> None:
    model = "  - {body: ~, name: b}\n  - {relu: ~, from: b.%s}\n"
    nodes = symcost.load(net(tmp_path, "library.yaml: {blocks: {body: stage}}", model % "half")).graph().nodes
    assert nodes[nodes[-1].ins[0].source].name == "b.half.conv2d"
    assert said(net(tmp_path, "library.yaml: {blocks: {body: stage}}", model % "hlf")) == (
        "@/net.yaml:10:3: node 'relu' reads 'b.hlf', which no earlier node makes; did you mean 'b.half'?"
    )


def test_files_use_files(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "library.yaml").write_text(LIBRARY)
    (tmp_path / "parts" / "more.yaml").write_text(
        NET % "library.yaml: [stage]" + "  - stage\n".replace("stage", "twice")
    )
    text = (tmp_path / "parts" / "more.yaml").read_text()
    text = text.replace("blocks:\n", "blocks:\n  twice: {args: {c: ~}, body: [stage: c, stage: c]}\n")
    (tmp_path / "parts" / "more.yaml").write_text(text.replace("- twice", "- twice: 3"))
    path = net(tmp_path, "parts/more.yaml: [twice]", "  - twice: 3\n")
    assert list(symcost.read_spec(path).blocks) == ["unit", "twice", "more.stage", "more.library.unit"]
    assert cost(path).macs == cost(tmp_path / "parts" / "more.yaml").macs


def test_json_stands_alone(tmp_path: Path) -> None:
    spec = symcost.read_spec(net(tmp_path, "library.yaml: [stage]"))
    assert "use" not in json.loads(spec.to_json())
    assert symcost.read_spec(spec.to_json()) == spec


def test_json_files_use_too(tmp_path: Path) -> None:
    path = net(tmp_path, "library.yaml: [stage]")
    spec = {"symcost": 1, "name": "j", "use": {"library.yaml": ["stage"]}, "symbols": {"B": 1, "H": 8}}
    spec |= {"inputs": {"image": ["B", 3, "H", "H"]}, "model": [{"op": "call", "block": "stage", "args": {}}]}
    (tmp_path / "net.json").write_text(json.dumps(spec))
    assert cost(tmp_path / "net.json").macs == cost(path).macs


def test_python_uses_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = net(tmp_path, "library.yaml: {blocks: {body: stage}}", "  - body\n")
    monkeypatch.chdir(tmp_path)
    built = Spec(
        name="net",
        use={"library.yaml": Use(blocks={"body": "stage"})},
        symbols={"B": Symbol(default=1), "H": Symbol(default=8)},
        inputs={"image": ("B", 3, "H", "H")},
        blocks={"unit": symcost.read_spec(path).blocks["unit"]},
        model=(Call(block="body"),),
    )
    assert built == symcost.read_spec(path)
    with pytest.raises(
        SpecError, match=r"use\.library\.yaml: 'library\.yaml' has no block 'stge'; did you mean 'stage'"
    ):
        Spec(name="net", use={"library.yaml": ("stge",)}, inputs={"x": (1,)}, model=(Call(block="stage"),))


MESSAGES = {
    "librry: [stage]": "@/net.yaml:3:7: there is no spec 'librry' to use; a path ends in .yaml or .json",
    "resnet5: [stage]": "@/net.yaml:3:7: there is no spec 'resnet5' to use; did you mean 'resnet50'?",
    "libary.yaml: [stage]": "@/net.yaml:3:7: there is no file 'libary.yaml' to use",
    '"library.yaml:fve": [stage]': "@/net.yaml:3:7: there is no variant 'fve' to use; did you mean 'five'?",
    "library.yaml: [stge]": "@/net.yaml:3:7: 'library.yaml' has no block 'stge'; did you mean 'stage'?",
    "library.yaml: [unit]": ("@/net.yaml:3:7: block 'unit' is there already; write blocks: {OTHER_NAME: unit}"),
    "library.yaml: [stage], resnet: [stage]": (
        "@/net.yaml:3:30: block 'stage' is there already; write blocks: {OTHER_NAME: stage}"
    ),
    "library.yaml: [stage], mobilenet_v2: [stage]": (
        "@/net.yaml:3:30: block 'stage' is there already; write blocks: {OTHER_NAME: stage}"
    ),
    "library.yaml: [stage], resnet: {blocks: {other: features}}": (
        "@/net.yaml:3:30: symbol 'C' of 'resnet' is not the one of a spec above; declare it here or set it"
    ),
    "library.yaml: stage": (
        "@/net.yaml:3:7: use: takes specs with their blocks, as in {resnet50: [features]} or {resnet50:"
        " {blocks: [features], set: {C: 32}}}"
    ),
    "library.yaml: {blocks: [stage], set: {kk: 3}}": (
        "@/net.yaml:3:7: 'library.yaml' has no symbol 'kk'; did you mean 'k'?"
    ),
    "library.yaml: {blocks: [stage], set: {n: s}}": (
        "@/net.yaml:3:7: set: 's' is something else inside the blocks of 'library.yaml'; give it another name"
    ),
    "library.yaml: {blocks: {conv2d: unit}}": (
        "@/net.yaml:3:1: block 'conv2d' is named like an op of the language; name it otherwise\n"
        "@/net.yaml:9:3: no op or block is named 'stage'; did you mean 'scale'?"
    ),
    "net.yaml: [unit]": "@/net.yaml:3:7: a spec cannot use itself: net.yaml -> net.yaml",
    "/library.yaml: [stage]": (
        "@/net.yaml:3:7: '/library.yaml': a spec to use is a name, or a path relative to this file that ends in .yaml"
        " or .json"
    ),
    "../library: [stage]": (
        "@/net.yaml:3:7: '../library': a spec to use is a name, or a path relative to this file that ends in .yaml or"
        " .json"
    ),
}


@pytest.mark.parametrize("use", MESSAGES)
def test_what_is_said(tmp_path: Path, use: str) -> None:
    assert said(net(tmp_path, use)) == MESSAGES[use]


def test_a_circle_is_shown(tmp_path: Path) -> None:
    path = net(tmp_path, "library.yaml: [stage]")
    (tmp_path / "library.yaml").write_text(NET % "net.yaml: [unit]")
    assert said(path) == "@/library.yaml:3:7: a spec cannot use itself: net.yaml -> library.yaml -> net.yaml"


def test_faults_of_a_used_file_are_shown_there(tmp_path: Path) -> None:
    path = net(tmp_path, "library.yaml: [stage]")
    (tmp_path / "library.yaml").write_text(LIBRARY.replace("kernel: k,", "kernal: k,"))
    assert said(path).splitlines()[-1] == "@/library.yaml:13:54: unknown key 'kernal'; did you mean 'kernel'?"
    (tmp_path / "library.yaml").write_text(LIBRARY.replace("{c: 2*c, s: 2}", "{c: 2*c, s: C_in - 3}"))
    assert said(path) == (
        "@/library.yaml:13:37: node 'stage.half.conv2d': stride must be a whole number of at least 1, got 0"
    )


@pytest.mark.parametrize("text", [True, False])
def test_a_text_that_is_no_file_uses_shipped_specs_only(tmp_path: Path, text: bool) -> None:
    written = NET % "library.yaml: [stage]" + "  - stage\n"
    with pytest.raises(SpecError) as caught:
        symcost.read_spec(written if text else written.encode())
    assert str(caught.value) == (
        "<text>:3:7: 'library.yaml' is relative to a file, and this spec is none; it can use shipped specs by name"
    )
    assert "stage" in symcost.read_spec(NET % "resnet: [stage]" + "  - stage: {c: 8, n: 2}\n").blocks


def test_names_are_found_however_they_are_spelled() -> None:
    assert {symcost.load(name).name for name in ("gpt2-xl", "GPT2_XL", "gpt2.xl", "gpt2xl")} == {"gpt2_xl"}
    assert symcost.load("ResNet-50").name == "resnet50"
    assert symcost.load("MobileNet-V2-0.5").name == "mobilenet_v2_0.5"
    with pytest.raises(SpecError, match=r"there is no spec 'ResNet-5'; did you mean 'resnet50'\?"):
        symcost.load("ResNet-5")


def test_no_two_shipped_names_are_spelled_alike() -> None:
    assert len({underscored(name) for name in names()}) == len(names())
