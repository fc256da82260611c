"""The notebooks run from start to end, and what they keep is what they show."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat")
pytest.importorskip("nbclient")

from tests.notebooks import FOLDER, run  # noqa: E402

NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
QUESTIONS = [
    "first-formula",
    "width-under-a-budget",
    "compare-families",
    "scaling-laws-and-asymptotics",
    "memory-and-training",
    "own-op-and-architecture",
    "sweep-and-pareto",
    "audit-a-paper",
]
LARGEST = 300_000
"""Bytes of a notebook with its outputs."""

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def shown(notebook: Any) -> list[list[Any]]:
    """What each cell shows: text as it stands, of pictures and the like only of which kinds they are.

    What a cell prints is one text, in however many pieces it came.
    """
    return [
        ["".join(out.text for out in cell.outputs if "text" in out)]
        + [(text(out.data), sorted(out.data)) for out in cell.outputs if "data" in out]
        for cell in notebook.cells
        if "outputs" in cell
    ]


def text(data: Any) -> str:
    """Plain text, without the address of an object."""
    return re.sub(r"0x[0-9a-f]+|\b[0-9a-f]{32}\b", "...", data.get("text/plain", ""))


@each
def test_runs_and_shows_what_it_keeps(path: Path) -> None:
    assert shown(run(path)) == shown(nbformat.read(path, as_version=4))


def test_they_are_numbered_one_for_each_question() -> None:
    assert [path.stem for path in NOTEBOOKS] == [f"{n:02}-{question}" for n, question in enumerate(QUESTIONS, 1)]


@each
def test_begins_with_a_question_and_ends_in_assertions(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert re.match(r"# .*\?\n", cells[0].source)
    last = next(cell for cell in reversed(cells) if cell.cell_type == "code")
    assert "assert " in last.source
    assert re.match(r"## What to try next\n", cells[-1].source)


@each
def test_stands_alone(path: Path) -> None:
    source = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code")
    assert not re.search(r"tests/|open\(|Path\(", source)


@each
def test_is_small_and_whole(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert path.stat().st_size <= LARGEST
    assert [cell.execution_count for cell in cells if cell.cell_type == "code"] == [
        *range(1, 1 + sum(cell.cell_type == "code" for cell in cells))
    ]
