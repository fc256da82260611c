"""What people are shown fits: no line is longer than a hundred columns, or than their terminal is wide."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from symcost.cli import main
from symcost.cli.app import VERBS
from symcost.table import Column, Table
from symcost.table.prose import narrowed
from symcost.views.answer import wrapped

SIZES = {
    "B": "images_that_are_seen_at_once_in_a_batch",
    "H": "height_of_every_image_before_any_padding",
    "C": "number_of_channels_in_the_first_convolution",
}
LONG = f"""\
symcost: 1
name: A network whose name is very long, so long that no line of one hundred columns could ever hold it whole
source: Somebody and Somebodyelse 2031 (arXiv:9999.99999), a{"very" * 30}longword
symbols:
  {SIZES["B"]}: {{default: 2, about: "in any order, as long as it is the same one for all, and no image is left out"}}
  {SIZES["H"]}: {{default: 64, multiple_of: 16}}
  {SIZES["C"]}: {{default: 12, multiple_of: 4}}
inputs: {{an_image_with_a_long_name: [{SIZES["B"]}, 3, {SIZES["H"]}, {SIZES["H"]}]}}
model:
  - conv2d: {{out: {SIZES["C"]}, kernel: 7, stride: 2, padding: 3}}
    name: the_convolution_that_comes_first_and_has_the_longest_name_of_all_of_them_in_this_network
  - repeat: 3
    name: repetition_of_the_same_block_again_and_again
    do: [residual: {{main: [conv2d: {{out: {SIZES["C"]}, kernel: 3, padding: 1}}, relu]}}]
  - max_pool2d: {{kernel: 3, stride: 2, ceil_mode: true}}
  - global_avg_pool
  - linear: 123456789012345678901234567890123456789
variants:
  a_variant_of_this_network_that_has_more_channels_than_the_others: {{set: {{{SIZES["C"]}: {4 * 10**29}}}}}
"""
ASKED = {
    "report": ("SPEC", "SPEC --by node", "SPEC --by op", "WIDE"),
    "formula": ("SPEC", "SPEC --metric peak_activations", "SPEC --metric flops --factor --name-sizes", "WIDE"),
    "eval": ("SPEC", "WIDE"),
    "solve": ("SPEC --for C --budget params<=5e40",),
    "sensitivity": ("SPEC", "SPEC --formulas"),
    "knobs": ("SPEC",),
    "asymptotics": ("SPEC --in C --per params",),
    "crossover": ("SPEC --first macs --second 100*params --in C",),
    "growth": ("SPEC --in C", "SPEC --in H"),
    "iso": ("SPEC --along C=4:64:4 --largest H --budget macs<=2e40",),
    "optimize": ("SPEC --over C=4:64:4 --maximize C --budget params<=5e40",),
    "compare": ("SPEC SPEC b.C=24 --in H", "SPEC WIDE", "WIDE --conventions torch,fvcore"),
    "reconcile": ("SPEC params=2.99e39",),
    "pareto": ("SPEC --over C=4:64:4 --minimize macs --maximize params",),
    "peak": ("SPEC --in H", "SPEC --training"),
    "train": ("SPEC device=h100 examples=1000", "WIDE"),
    "memory": ("SPEC", "WIDE --interval"),
    "time": ("SPEC device=h100 --in B", "WIDE device=h100"),
    "explain": ("SPEC repetition_of_the_same_block_again_and_again.conv2d", "WIDE linear"),
    "check": ("SPEC",),
    "list": ("mobile", "--ops", "--devices h100", "--settings"),
}
ELSEWHERE = {"schema", "serve", "export"}
"""JSON; a decoder, whose tables are those of ``time``; text for other programs."""


def lines(capsys: pytest.CaptureFixture[str], command: str, spec: str) -> list[str]:
    names = {"SPEC": spec, "WIDE": f"{spec}:a_variant_of_this_network_that_has_more_channels_than_the_others"}
    words = [names.get(word, word) for word in command.split()]
    for short, name in SIZES.items():
        words = [word.replace(f"b.{short}=", f"b.{name}=").replace(f"{short}=4:", f"{name}=4:") for word in words]
        words = [name if word == short else word for word in words]
    code = main(words)
    out, err = capsys.readouterr()
    assert (code, err) == (0, "") or (code == 1 and bool(out) is not bool(err))
    return out.splitlines()


@pytest.fixture
def spec(tmp_path: Path) -> str:
    path = tmp_path / "long.yaml"
    path.write_text(LONG)
    return str(path)


def test_every_verb_is_asked() -> None:
    assert ASKED.keys() == VERBS.keys() - ELSEWHERE


@pytest.mark.parametrize("verb", ASKED)
def test_no_line_is_longer_than_a_hundred(capsys: pytest.CaptureFixture[str], verb: str, spec: str) -> None:
    for words in ASKED[verb]:
        found = lines(capsys, f"{verb} {words}", spec)
        assert [line for line in found if len(line) > 100] == []
        assert not any("\x1b" in line for line in found)


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("verb", ["report", "formula", "solve", "compare", "time"])
def test_terminals_may_be_narrower(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, verb: str, width: int, spec: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for words in ASKED[verb]:
        found = lines(capsys, f"{verb} {words}", spec)
        assert [line for line in found if len(line) > width] == []


def test_paragraphs_are_laid_out_anew() -> None:
    text = "at " + ", ".join(f"size_{i} = {i}" for i in range(40))
    assert narrowed(wrapped(text), 60).replace("\n  ", " ") == text
    assert all(len(line) <= 60 for line in narrowed(wrapped(text), 60).splitlines())
    assert narrowed("first\n  = second\n\nthird", 60) == "first\n  = second\n\nthird"


def test_lines_that_were_meant_to_end_do() -> None:
    text = f"C = 44: {'9' * 50}\nby form: {'x + ' * 15}1\n"
    assert [line.strip() for line in narrowed(text, 60).splitlines()] == [
        f"C = 44: {'9' * 50}",
        f"by form: {'x + ' * 12}x +",
        "x + x + 1",
    ]


def test_long_words_are_broken_where_formulas_are() -> None:
    assert narrowed("  = 4624*channels**2*ceil(height/16)*ceil(width/16)", 30).splitlines() == [
        "  = 4624*channels**2*",
        "    ceil(height/16)*",
        "    ceil(width/16)",
    ]


def test_headings_and_numbers_that_no_line_holds() -> None:
    name = "a_network_of_a_name_that_takes_more_than_its_numbers"
    table = Table((Column("block", kind="text"), Column(name, "MACs")), (("conv", 12), ("linear", 10**30)))
    assert table.to_text(50).splitlines() == [
        "         a_network_of_a_name_that_takes_more_than_",
        "                                       its_numbers",
        "block                                       [MACs]",
        "------  ------------------------------------------",
        "conv                                            12",
        "linear   1,000,000,000,000,000,000,000,000,000,000",
    ]
    assert [line.strip() for line in table.to_text(40).splitlines()[-2:]] == [
        "linear    1,000,000,000,000,000,000,000,",
        "000,000,000",
    ]
