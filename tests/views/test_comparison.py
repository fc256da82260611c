"""The verb ``compare``: what it prints, what programs get, and how it refuses."""

from __future__ import annotations

import json

import pytest

from symcost.cli import main

REGNET = ("compare", "regnet_y_400mf", "regnet_y_400mf", "a.se=false")
SHOWN = """\
regnet_y_400mf, RegNet, with se = false
regnet_y_400mf (se=true), RegNet, with se = true
at B = 1, H = 224, W = 224, S = 32, C1 = 48, C2 = 104, C3 = 208, C4 = 440, K = 1000
the same in both: B, H, W, S, C1, C2, C3, C4, K

macs in MACs, multiply-accumulates of contractions

         regnet_y_400mf  regnet_y_400mf (se=true)  difference
block            [MACs]                    [MACs]      [MACs]
-------  --------------  ------------------------  ----------
conv         10,838,016                10,838,016           0
stage        42,147,840                42,148,608         768
stage_2      79,579,136                79,592,448      13,312
stage_3     132,088,320               132,207,296     118,976
stage_4     136,086,720               136,616,480     529,760
linear          440,000                   440,000           0
-------  --------------  ------------------------  ----------
total       401,180,032               401,842,848     662,816

regnet_y_400mf (se=true) - regnet_y_400mf: +662,816 MACs (+0.17 % of regnet_y_400mf)
  = B*C1*C2/2 + B*C1*S/2 + B*C2**2 + B*C2*C3/2 + 5*B*C3**2/2 + B*C3*C4/2 + 5*B*C4**2/2

+662,816 MACs (100 %) from stage.bottleneck.squeeze_excite, only in regnet_y_400mf (se=true)
"""


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = main(args)
    return (code, *capsys.readouterr())


def test_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *REGNET)
    assert (code, err) == (0, "")
    assert out.startswith(SHOWN)
    assert out.endswith("the formulas hold for 4 divides S, 8 divides C1, 8 divides C2, 8 divides C3, 8 divides C4\n")


WIDE = [
    ["vgg16", "resnet50"],
    ["resnet50", "resnext50_32x4d", "--along", "C", "--along", "H=W", "--metric", "flops", "--metric", "params"],
    ["mobilenet_v1", "mobilenet_v2", "--by", "op"],
    ["efficientnet_b0", "efficientnet_b1", "--by", "node"],
    ["vgg16", "resnet50", "--metric", "peak_activations"],
]


@pytest.mark.parametrize("command", WIDE, ids=" ".join)
def test_lines_fit(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    code, out, _ = run(capsys, "compare", *command)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 100


def test_sizes_of_both_and_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = ("C1=48", "C2=104", "C3=208", "C4=440", "L1=1", "L2=3", "L3=6", "L4=6", "g=8")
    data = json.loads(run(capsys, "compare", "regnet_x_400mf", "regnet_y_400mf", *sizes, "--json")[1])
    (found,) = data["comparisons"]
    assert found["difference"]["value"] == "662816"
    assert [cause["name"] for cause in found["causes"]] == ["stage.bottleneck.squeeze_excite"]
    data = json.loads(run(capsys, "compare", "resnet50", "resnet50", "a.C=32", "b.C=64", "H=64", "--json")[1])
    assert data["fixed"][0]["C"] == 32
    assert data["comparisons"][0]["at"] == {"B": "1", "H": "64", "W": "224", "K": "1000"}


def test_along_a_size_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(run(capsys, "compare", "resnet50", "resnext50_32x4d", "--along", "H=W", "--json")[1])
    assert data["schema"] == 1
    (found,) = data["comparisons"]
    assert [span["relation"] for span in found["along"]["H=W"]["spans"]] == [">", "<"]
    assert found["overtakes"]["H=W"]["spans"] == found["along"]["H=W"]["spans"]


WRONG = {
    "compare vgg16 resnet50 Q=3": (2, "neither network has a symbol 'Q'"),
    "compare vgg16 resnet50 a.Q=3": (2, "vgg16: there is no symbol 'Q'"),
    "compare vgg16 resnet5": (3, "there is no spec 'resnet5'; did you mean 'resnet50'?"),
    "compare vgg16 resnet50 H": (2, "values are given as NAME=VALUE, such as H=256; got 'H'"),
    "compare vgg16 resnet50 --by layer": (2, "there is no comparison by 'layer'; there are block, op and node"),
    "compare vgg16 resnet50 --metric mac": (2, "there is no metric 'mac'; did you mean 'macs'?"),
    "compare vgg16 resnet50 --along Q": (2, "there is no size 'Q' to go along; there are B, H, W, C, F, K"),
    "compare vgg16": (2, "two networks are compared, or one under --conventions torch,fvcore"),
    "compare vgg16 resnet50 H=5": (3, "vgg16 and resnet50: H = 5 is refused at node"),
}


@pytest.mark.parametrize("line", WRONG)
def test_errors(capsys: pytest.CaptureFixture[str], line: str) -> None:
    code, out, err = run(capsys, *line.split())
    assert (code, out) == (WRONG[line][0], "")
    assert WRONG[line][1] in err
    assert err.count("\n") == 1
