"""Run notebooks and keep what they show: ``python -m tests.notebooks`` for all, or with names of some.

What a machine says of itself (versions, times, what goes to standard error) is not kept, so that running again
changes a file only where an answer changed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
TIMEOUT_S = 120
WIDGET = "application/vnd.jupyter.widget-view+json"


def run(path: Path) -> Any:
    """Return a notebook with the outputs that its cells give now."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=TIMEOUT_S, kernel_name="python3").execute(cwd=str(path.parent))
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"], cell["metadata"] = f"cell-{number:02}", {}
        if cell.cell_type == "code":
            cell["outputs"] = list(_kept(cell.outputs))
    notebook["metadata"] = METADATA
    return notebook


def _kept(outputs: Iterable[Any]) -> Iterator[Any]:
    """Yield outputs without what a machine says of itself; what is printed in pieces is one text."""
    printed = None
    for output in outputs:
        if output.get("name") == "stderr":
            continue
        if printed is not None and output.output_type == "stream":
            printed["text"] += output.text
            continue
        printed = output if output.output_type == "stream" else None
        if "metadata" in output:
            output["metadata"] = {}
        output.get("data", {}).pop(WIDGET, None)  # of this run alone; beside it stands what it shows without a kernel
        yield output


def keep(path: Path) -> None:
    """Run a notebook and write it with its outputs."""
    nbformat.write(run(path), path)


def main(names: list[str]) -> None:
    """Run and keep the notebooks whose names begin so; all where there are none."""
    for path in sorted(FOLDER.glob("*.ipynb")):
        if not names or any(path.name.startswith(name) for name in names):
            keep(path)
            sys.stdout.write(f"{path.name}: {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
