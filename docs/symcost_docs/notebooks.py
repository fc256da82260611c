"""The notebooks, as they are kept: with their outputs, which the tests hold."""

from __future__ import annotations

import json

from symcost_docs import ROOT

LEAD = """\
# Notebooks

Each answers a question from start to end, and ends in assertions against a number from elsewhere. They are shown as
they are kept, and the tests run them.

```{toctree}
:maxdepth: 1

"""


def pages() -> dict[str, str]:
    """Return the notebooks and their index."""
    found = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
    made = {f"notebooks/{name}": _still(text) for name, text in found.items()}
    return {**made, "notebooks/index.md": f"{LEAD}{chr(10).join(found)}\n```\n"}


def _still(text: str) -> str:
    """Return a notebook without the state of widgets, which would ask another site for the script that draws them."""
    notebook = json.loads(text)
    notebook["metadata"].pop("widgets", None)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
