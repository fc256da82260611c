"""The notebooks run from start to end, and what they keep is what they print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def texts(notebook: Any) -> list[list[str]]:
    """The plain text of every output, cell by cell, without what a machine says of itself on standard error.

    What a cell prints is one text, in however many pieces it came.
    """
    cells = [
        [out for out in cell.outputs if out.get("name") != "stderr"] for cell in notebook.cells if "outputs" in cell
    ]
    return [
        ["".join(out.text for out in outputs if "text" in out)]
        + [out.data.get("text/plain", "") for out in outputs if "data" in out]
        for outputs in cells
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_and_gives_what_it_keeps(path: Path) -> None:
    kept = nbformat.read(path, as_version=4)
    fresh = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(fresh, timeout=300, kernel_name="python3").execute()
    assert texts(fresh) == texts(kept)


def test_there_is_one() -> None:
    assert NOTEBOOKS
