"""The verb ``pareto``: what people and programs read, files, and every way to be wrong in one clear line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import symcost
from symcost.cli import main

pytest.importorskip("numpy")
ASKED = ("pareto", "resnet50", "W=H", "--over", "C=16:256:80", "--over", "H=224,256", "--minimize", "macs")
FULL = (*ASKED, "--maximize", "params")


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = main(args)
    out, err = capsys.readouterr()
    return code, out, err


def test_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    found = symcost.pareto(
        symcost.load("resnet50"), ["macs", "maximize params"], ["C=16:256:80", "H=224,256"], {"W": "H"}
    )
    assert run(capsys, *FULL) == (0, f"{found}\n", "")


def test_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *FULL, "--json")
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert data["goals"] == [
        {"goal": "macs", "maximize": False, "unit": "MACs"},
        {"goal": "params", "maximize": True, "unit": "params"},
    ]
    assert data["points"][-1] == {
        "values": {"macs": "63986204672", "params": "383571176"},
        "designs": [{"C": 256, "H": 224}],
        "count": 1,
    }


def test_a_variant_is_freed_and_structure_is_drawn_anew(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(
        capsys, "pareto", "resnet50", "--over", "L3=2:8:3, v1=true,false", "--minimize", "macs", "--maximize", "L3",
    )  # fmt: skip
    assert (code, err) == (0, "")
    net = symcost.load("resnet50").free("L3")
    for layers in (2, 5, 8):
        least = min(net.cost(v1=v1).at(L3=layers).macs for v1 in (True, False))
        assert f"{least:,}" in out


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_a_picture(capsys: pytest.CaptureFixture[str], tmp_path: Path, suffix: str) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / f"f.{suffix}"
    path.write_text("old")
    assert run(capsys, *FULL, "--plot", str(path))[0] == 0
    start = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[suffix]
    first = path.read_bytes()
    assert first.startswith(start)
    assert run(capsys, *FULL, "--plot", str(path))[0] == 0
    assert path.read_bytes() == first
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_tables(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, *FULL, "-o", str(tmp_path / "f.csv"))[0] == 0
    with (tmp_path / "f.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert rows[0] == {"point": "1", "C": "16", "H": "224", "macs": "278085632", "params": "1993976"}
    assert run(capsys, *FULL, "-o", str(tmp_path / "f.json"))[0] == 0
    assert len(json.loads((tmp_path / "f.json").read_text())["points"]) == len(rows)


def test_parquet(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    path = tmp_path / "f.parquet"
    args = ("pareto", "mobilenet_v2", "--over", "alpha=1/4:1:1/4", "--minimize", "macs*2**40", "--maximize", "params")
    assert run(capsys, *args, "-o", str(path))[0] == 0
    frame = pandas.read_parquet(path)
    assert frame["alpha"].tolist() == ["1/4", "1/2", "3/4", "1"]
    assert frame["params"].dtype == "int64"
    assert [int(text) >> 40 for text in frame["macs*2**40"]] == [
        symcost.load("mobilenet_v2").cost().at(alpha=alpha).macs for alpha in frame["alpha"]
    ]


@pytest.mark.parametrize(
    ("args", "code", "line"),
    [
        (
            ("pareto", "resnet50"),
            2,
            ("pareto takes a grid and goals, as in --over C=16:256:8 --minimize macs --maximize params"),
        ),
        (ASKED, 2, "a frontier takes 2 to 6 goals, such as minimize macs and maximize params, got 1"),
        (
            (*ASKED, "--maximize", "parms"),
            2,
            (
                "objective 'parms': there is no metric or free symbol 'parms'; "
                "did you mean 'params'?; symbols are C, H, B, W, K"
            ),
        ),
        ((*FULL, "C=8"), 2, "C is an axis of the grid, and is given as 8 too; leave one out"),
        (
            (*FULL, "--over", "Q=1:2"),
            2,
            (
                "resnet50: there is no symbol 'Q'; there are B, H, W, C, K, L1, L2, L3, L4, r, g, bottleneck, v1, "
                "bias, frozen_norms, top, s3, s4"
            ),
        ),
        ((*FULL, "--plot", "f.gif"), 2, "--plot 'f.gif': the name ends in .png, .svg or .pdf"),
        ((*FULL, "-o", "nowhere/f.csv"), 2, "--output 'nowhere/f.csv': there is no directory 'nowhere'"),
        (
            (*FULL, "--maximize", "C", "--maximize", "H", "--plot", "f.png"),
            2,
            "--plot shows two or three goals, and there are 4",
        ),
        ((*FULL, "--over", "C=1:2"), 2, "C is given twice as an axis of the grid"),
        (
            ("pareto", "densenet121", "--over", "C=1:63:2", "--minimize", "macs", "--maximize", "params"),
            1,
            "none of the 32 designs is a network: 32 need 2 divides C",
        ),
    ],
)
def test_refusals(capsys: pytest.CaptureFixture[str], args: tuple[str, ...], code: int, line: str) -> None:
    assert run(capsys, *args) == (code, "", f"{line}\n")
